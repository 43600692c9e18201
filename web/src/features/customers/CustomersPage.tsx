import { TextInput } from '@mantine/core';
import { useDebouncedCallback, useMediaQuery } from '@mantine/hooks';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { IconSearch } from '@tabler/icons-react';
import { useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { get } from '../../api/client';
import { keys } from '../../api/keys';
import type { CustomerRow, IdentitySummary, Page } from '../../api/types';
import { formatCount, formatPhone } from '../../base/format';
import { useHotkeys } from '../../base/hotkeys';
import { useMay, useSession } from '../../base/shop';
import { ChannelBadge } from '../../ui/ChannelBadge';
import { Bones, ErrorState, Kbd, Money, Person, useLang, When } from '../../ui/bits';
import { EmptyFiltered, EmptyFirst } from '../../ui/states';
import { DataGrid, type GridColumn } from '../../ui/DataGrid';
import { Duplicates } from './Duplicates';
import './customer.css';

/** All of them, or the pairs that may be one. */
export default function CustomersPage() {
  const { t } = useTranslation();
  const may = useMay();
  const search = useSearch({ strict: false }) as Record<string, string | undefined>;
  const can = may('customers.merge');
  const duplicates = can && search.view === 'duplicates';
  return (
    <div className="column-page">
      <div className="page-head">
        <h1>{t('nav.customers')}</h1>
      </div>
      {can && <Views duplicates={duplicates} />}
      {duplicates ? <Duplicates /> : <CustomerList />}
    </div>
  );
}

const whole = { exact: true, includeSearch: true };

function Views({ duplicates }: { duplicates: boolean }) {
  const { t } = useTranslation();
  const lang = useLang();
  const summary = useQuery({
    queryKey: [...keys.suggestions, 'summary'],
    queryFn: () => get<IdentitySummary>('/api/identity/summary'),
  });
  const count = summary.data?.suggestions;
  return (
    <nav className="customer-views" aria-label={t('nav.customers')}>
      <Link to="/customers" search={{}} activeOptions={whole} data-on={!duplicates || undefined}>
        {t('identity.everybody')}
      </Link>
      <Link
        to="/customers"
        search={{ view: 'duplicates' }}
        activeOptions={whole}
        data-on={duplicates || undefined}
        data-testid="view-duplicates"
      >
        {t('identity.duplicates')}
        {count !== undefined && <span className="num"> {formatCount(count, lang)}</span>}
      </Link>
    </nav>
  );
}

function CustomerList() {
  const { t } = useTranslation();
  const lang = useLang();
  const session = useSession();
  const navigate = useNavigate();
  const search = useSearch({ strict: false }) as Record<string, string | undefined>;
  const phone = useMediaQuery('(max-width: 767px)') ?? false;
  const q = search.q ?? '';
  const [text, setText] = useState(q);
  const field = useRef<HTMLInputElement>(null);
  const send = useDebouncedCallback(
    (value: string) => void navigate({ to: '/customers', search: value ? { q: value } : {}, replace: true }),
    250,
  );
  const forget = () => {
    setText('');
    send('');
  };
  const query = new URLSearchParams({ sort: '-last_order_at', limit: '100', ...(q ? { q } : {}) }).toString();
  const list = useInfiniteQuery({
    queryKey: keys.customers(query),
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) =>
      get<Page<CustomerRow> | CustomerRow[]>(
        '/api/customers',
        pageParam ? `${query}&after=${encodeURIComponent(pageParam)}` : query,
        signal,
      ),
    getNextPageParam: (page) => (Array.isArray(page) ? undefined : (page.next ?? undefined)),
    placeholderData: (old) => old,
  });
  const rows = useMemo(
    () => list.data?.pages.flatMap((p) => (Array.isArray(p) ? p : p.items)) ?? [],
    [list.data],
  );
  const [focused, setFocused] = useState<string | null>(null);
  const at = Math.max(
    0,
    rows.findIndex((r) => r.id === focused),
  );
  const focusId = rows[at]?.id ?? null;
  const open = (row: CustomerRow) => void navigate({ to: '/customers/$id', params: { id: row.id } });
  const move = (by: number) => setFocused(rows[Math.max(0, Math.min(rows.length - 1, at + by))]?.id ?? null);
  useHotkeys({
    KeyJ: () => move(1),
    ArrowDown: () => move(1),
    KeyK: () => move(-1),
    ArrowUp: () => move(-1),
    Enter: () => (rows[at] ? open(rows[at]) : false),
    Slash: () => field.current?.focus(),
  });
  const columns = useMemo(() => {
    const column = (
      id: string,
      width: string,
      cell: (row: CustomerRow) => React.ReactNode,
      right = false,
    ): GridColumn<CustomerRow> => ({
      id,
      header: t(`customer.${id}`),
      width,
      right,
      cell,
    });
    return [
      column('name', 'minmax(200px, 1.6fr)', (c) => (
        <>
          <Person name={c.name} />
          <span className="cut">{c.name}</span>
        </>
      )),
      column('phone', '150px', (c) => (
        <span className="num soft">{c.phone ? formatPhone(c.phone) : '—'}</span>
      )),
      column('channels', '110px', (c) =>
        c.channels.map((name) => <ChannelBadge key={name} channel={name} size={17} />),
      ),
      column('orders', '90px', (c) => <span className="num">{formatCount(c.orders_count, lang)}</span>, true),
      column('sum', '120px', (c) => <Money value={c.net_spent ?? null} currency={c.currency} strong />, true),
      column('last', '120px', (c) => <When at={c.last_order_at} />, true),
      column('city', 'minmax(130px, 0.8fr)', (c) => <span className="cut soft">{c.city || '—'}</span>),
    ];
  }, [t, lang]);
  return (
    <>
      <div className="toolbar">
        <TextInput
          ref={field}
          size="sm"
          w={320}
          maw="100%"
          value={text}
          placeholder={t('customers.find')}
          aria-label={t('customers.find')}
          leftSection={<IconSearch size={15} stroke={1.75} />}
          rightSection={<Kbd>/</Kbd>}
          onChange={(e) => {
            setText(e.target.value);
            send(e.target.value.trim());
          }}
        />
      </div>
      <div className="grow-box">
        {list.error ? (
          <ErrorState error={list.error} retry={() => void list.refetch()} />
        ) : list.isLoading ? (
          <Bones lines={10} />
        ) : rows.length === 0 ? (
          q ? (
            <EmptyFiltered filters={[{ name: 'q', text: q, remove: forget }]} onReset={forget} />
          ) : (
            <EmptyFirst text={t('customers.empty')} />
          )
        ) : (
          <DataGrid
            label={t('nav.customers')}
            rows={rows}
            columns={columns}
            rowHeight={{ compact: 36, normal: 40, roomy: 52 }[session.user.density]}
            total={list.hasNextPage ? -1 : rows.length}
            focusId={focusId}
            onFocusRow={setFocused}
            onOpen={open}
            onEnd={list.hasNextPage && !list.isFetchingNextPage ? () => void list.fetchNextPage() : undefined}
            compact={
              phone
                ? (c) => (
                    <div className="row">
                      <Person name={c.name} size={32} />
                      <span className="grow">
                        <div className="strong cut">{c.name}</div>
                        <div className="caption num">{formatPhone(c.phone)}</div>
                      </span>
                      <Money value={c.net_spent ?? null} currency={c.currency} strong />
                    </div>
                  )
                : null
            }
          />
        )}
      </div>
    </>
  );
}
