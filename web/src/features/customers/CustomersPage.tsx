import { ActionIcon, Menu } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useSearch } from '@tanstack/react-router';
import { IconDots, IconUsers } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { get } from '../../api/client';
import { keys } from '../../api/keys';
import type { IdentitySummary } from '../../api/types';
import { formatCount } from '../../base/format';
import { useMay } from '../../base/shop';
import { useLang } from '../../ui/bits';
import { CustomerList } from './CustomerList';
import { Duplicates } from './Duplicates';
import { EraseRequests } from './EraseRequests';
import { ImportDialog } from './ImportDialog';
import { NoContactDialog } from './NoContactDialog';
import { Shares } from './Shares';
import { useKeptViews, viewQuery } from './useKeptViews';
import './customer.css';

/** All of them, those of a view, or the pairs that may be one. */
export default function CustomersPage() {
  const { t } = useTranslation();
  const may = useMay();
  const search = useSearch({ strict: false }) as Record<string, string | undefined>;
  const can = may('customers.merge');
  const duplicates = can && search.view === 'duplicates';
  const [listing, setListing] = useState(false);
  const [importing, setImporting] = useState(false);
  const brings = can && may('import') && may('contacts.see');
  const { q, view: shownView, ...rest } = search;
  const wanted = new URLSearchParams(
    Object.entries({ ...rest, view: shownView === 'duplicates' ? '' : shownView }).filter(
      (e): e is [string, string] => Boolean(e[1]) && e[0] !== 'sort',
    ),
  ).toString();
  const summary = useQuery({
    queryKey: [...keys.suggestions, 'summary'],
    queryFn: () => get<IdentitySummary>('/api/identity/summary'),
  });
  return (
    <div className="column-page">
      <div className="page-head">
        <h1>{t('nav.customers')}</h1>
        {(can || may('export')) && (
          <span className="end">
            <Menu>
              <Menu.Target>
                <ActionIcon aria-label={t('customers.menu')} data-testid="customers-menu">
                  <IconDots size={18} stroke={1.75} />
                </ActionIcon>
              </Menu.Target>
              <Menu.Dropdown>
                {brings && <Menu.Item onClick={() => setImporting(true)}>{t('customers.import')}</Menu.Item>}
                {may('export') && !q && (
                  <Menu.Item component="a" href={`/api/export/customers?${wanted}`} download>
                    {t('customers.export')}
                  </Menu.Item>
                )}
                {can && <Menu.Item onClick={() => setListing(true)}>{t('customers.never')}</Menu.Item>}
              </Menu.Dropdown>
            </Menu>
          </span>
        )}
      </div>
      <Views
        now={search.view ?? 'all'}
        address={viewQuery(search)}
        pairs={can ? summary.data?.suggestions : undefined}
      />
      {may('customers.data') && <EraseRequests />}
      {duplicates ? <Duplicates /> : <CustomerList key={search.view ?? 'all'} />}
      {!duplicates && <Shares summary={summary.data} />}
      {importing && <ImportDialog onClose={() => setImporting(false)} />}
      {listing && <NoContactDialog onClose={() => setListing(false)} />}
    </div>
  );
}

const whole = { exact: true, includeSearch: true };
const views = ['all', 'vip', 'new', 'asleep', 'leaving'] as const;

function Views({ now, address, pairs }: { now: string; address: string; pairs: number | undefined }) {
  const { t } = useTranslation();
  const lang = useLang();
  const { views: kept } = useKeptViews();
  const named = kept.some((v) => v.query === address);
  return (
    <nav className="customer-views" aria-label={t('nav.customers')}>
      {views.map((view) => (
        <Link
          key={view}
          to="/customers"
          search={view === 'all' ? {} : { view }}
          activeOptions={whole}
          title={view === 'all' ? undefined : t(`customers.view_${view}_hint`)}
          data-on={(now === view && !named) || undefined}
          data-testid={`view-${view}`}
        >
          {view === 'all' ? t('identity.everybody') : t(`customers.view_${view}`)}
        </Link>
      ))}
      {kept.map((v) => (
        <Link
          key={v.id}
          to="/customers"
          search={Object.fromEntries(new URLSearchParams(v.query))}
          activeOptions={whole}
          data-on={v.query === address || undefined}
          data-testid="view-kept"
        >
          {v.name}
          {v.shared && <IconUsers size={13} stroke={1.75} aria-label={t('orders.view_shared')} />}
        </Link>
      ))}
      {pairs !== undefined && (
        <Link
          to="/customers"
          search={{ view: 'duplicates' }}
          activeOptions={whole}
          data-on={now === 'duplicates' || undefined}
          data-testid="view-duplicates"
        >
          {t('identity.duplicates')}
          <span className="num"> {formatCount(pairs, lang)}</span>
        </Link>
      )}
    </nav>
  );
}
