import { Button, SegmentedControl } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { IconRefresh } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { get } from '../../api/client';
import { keys } from '../../api/keys';
import type { OutboxRow, Page } from '../../api/types';
import { formatNumber } from '../../base/format';
import { useOrderActions } from '../../base/orderActions';
import { useMay, useSession } from '../../base/shop';
import { Bones, ErrorState, useOffline, When } from '../../ui/bits';
import { EmptyDone } from '../../ui/states';
import { ChannelBadge } from '../../ui/ChannelBadge';
import { CommandChip } from '../../ui/status';
import './outbox.css';

const kinds = { trouble: 'dead,refused', moving: 'held,queued,sending' };
type Kind = keyof typeof kinds;

/** What the marketplaces did not take, in their words: send again, or give up. */
export default function OutboxPage() {
  const { t } = useTranslation();
  const may = useMay();
  const { accounts } = useSession();
  const offline = useOffline() !== null;
  const { settle } = useOrderActions();
  const [kind, setKind] = useState<Kind>('trouble');
  const [busy, setBusy] = useState<ReadonlySet<string>>(new Set());
  const list = useInfiniteQuery({
    queryKey: [...keys.outbox, kind],
    queryFn: ({ pageParam }) => {
      const params = new URLSearchParams({ state: kinds[kind], limit: '50' });
      if (pageParam) params.set('after', pageParam);
      return get<Page<OutboxRow>>('/api/outbox', params);
    },
    initialPageParam: '',
    getNextPageParam: (page) => page.next ?? undefined,
    refetchInterval: 10_000,
  });
  const rows = list.data?.pages.flatMap((page) => page.items) ?? [];
  const work = may('orders.work') && kind === 'trouble';
  const run = async (some: OutboxRow[], how: 'retry' | 'drop') => {
    setBusy(new Set(some.map((r) => r.id)));
    for (const row of some) await settle(row.id, how);
    setBusy(new Set());
  };
  return (
    <>
      <div className="settings-head outbox-head">
        <p className="soft grow">{t('outbox.intro')}</p>
        <SegmentedControl
          value={kind}
          onChange={(v) => setKind(v as Kind)}
          data={(['trouble', 'moving'] as const).map((k) => ({ value: k, label: t(`outbox.kind_${k}`) }))}
          aria-label={t('history.filter')}
        />
        {work && rows.length > 1 && (
          <Button
            leftSection={<IconRefresh size={16} stroke={1.75} />}
            disabled={offline || busy.size > 0}
            onClick={() => void run(rows, 'retry')}
          >
            {t('outbox.retry_all', { n: rows.length })}
          </Button>
        )}
      </div>
      {list.error ? (
        <ErrorState error={list.error} retry={() => void list.refetch()} />
      ) : !list.data ? (
        <Bones lines={4} height={44} />
      ) : rows.length === 0 ? (
        <EmptyDone text={t(`outbox.empty_${kind}`)} />
      ) : (
        <ul className="card outbox" aria-label={t('settings.outbox')}>
          {rows.map((row) => {
            const account = accounts.find((a) => a.id === row.account_id);
            return (
              <li key={row.id} data-testid={`command-${row.id}`}>
                <div className="outbox-what">
                  {account && <ChannelBadge channel={account.channel} />}
                  <Link to="/orders/$id" params={{ id: row.order_id }} className="strong num">
                    {formatNumber(row.number)}
                  </Link>
                  <span>{t(`action.${row.op}`)}</span>
                  <CommandChip command={row} />
                </div>
                <div className="outbox-words">
                  {row.text && <div>{row.text}</div>}
                  <div className="caption">
                    <When at={row.at} time /> · {t('history.tries', { count: row.tries })}
                    {row.actor_name && ` · ${row.actor_name}`}
                  </div>
                </div>
                {work && (
                  <div className="row outbox-do">
                    <Button
                      size="xs"
                      disabled={offline || busy.has(row.id)}
                      onClick={() => void run([row], 'retry')}
                    >
                      {t('do.retry')}
                    </Button>
                    <Button
                      size="xs"
                      variant="subtle"
                      disabled={offline || busy.has(row.id)}
                      onClick={() => void run([row], 'drop')}
                    >
                      {t('history.drop')}
                    </Button>
                  </div>
                )}
              </li>
            );
          })}
        </ul>
      )}
      {list.hasNextPage && (
        <Button loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
          {t('audit.more')}
        </Button>
      )}
    </>
  );
}
