import { useSyncExternalStore } from 'react';
import { useWords } from '../../base/words';
import type { Account } from '../../api/types';
import { serverClock } from '../../base/clock';
import { formatTime } from '../../base/format';
import { useShop } from '../../base/shop';
import { useSpan } from '../../ui/bits';
import { lagOf } from '../../ui/channel';
import { ChannelBadge } from '../../ui/ChannelBadge';
import { Tip } from '../../ui/Tip';
import { type Filters } from './address';
import { useAccounts } from './query';

const lateS = 300;

/** Accounts whose data this list shows. */
function useAsked(filters: Filters): Account[] {
  const accounts = useAccounts();
  const channels = filters.channel?.split(',').filter(Boolean);
  const ids = filters.account_id?.split(',').filter(Boolean);
  return (accounts.data ?? []).filter(
    (a) =>
      a.state !== 'paused' && (!channels || channels.includes(a.channel)) && (!ids || ids.includes(a.id)),
  );
}

const everyTenSeconds = () => Math.floor(serverClock.now() / 10_000);

/** When each channel was last read: also what «nothing new» rests on. */
export function LastImports({ filters }: { filters: Filters }) {
  const { t } = useWords();
  const span = useSpan();
  const shop = useShop();
  useSyncExternalStore(serverClock.onTick, everyTenSeconds);
  return (
    <ul className="imports" data-testid="last-imports">
      {useAsked(filters).map((a) => {
        const lag = lagOf(a, serverClock.now());
        const late = lag === null || lag > lateS;
        return (
          <li key={a.id} className={late ? 'warn' : undefined}>
            <ChannelBadge channel={a.channel} size={17} />
            <span>{a.name}</span>
            <span className="num">
              {a.last_ok_at && lag !== null
                ? t('orders.imported', { time: formatTime(a.last_ok_at, shop.time_zone), span: span(lag) })
                : t('account.waits')}
            </span>
          </li>
        );
      })}
    </ul>
  );
}

/** How old what is shown may be: the age of the channel heard of longest ago. */
export function Fresh({ filters }: { filters: Filters }) {
  const { t } = useWords();
  const span = useSpan();
  useSyncExternalStore(serverClock.onTick, everyTenSeconds);
  const list = useAsked(filters);
  const lags = list.map((a) => lagOf(a, serverClock.now()));
  const worst = lags.length ? Math.max(...lags.map((l) => l ?? Infinity)) : Infinity;
  if (!Number.isFinite(worst)) return null;
  return (
    <Tip label={() => <LastImports filters={filters} />}>
      <span className={worst > lateS ? 'freshness num warn' : 'freshness num'} data-testid="fresh">
        {t('orders.ago', { span: span(worst) })}
      </span>
    </Tip>
  );
}

/** Accounts that are late, with the time of their last data. */
export function useLate(): ReadonlyMap<string, string> {
  const accounts = useAccounts();
  const key = useSyncExternalStore(serverClock.onTick, () =>
    (accounts.data ?? [])
      .filter((a) => a.state !== 'paused' && (lagOf(a, serverClock.now()) ?? 0) > lateS)
      .map((a) => `${a.id}=${a.last_ok_at ?? ''}`)
      .join(),
  );
  return new Map(key ? key.split(',').map((pair) => pair.split('=') as [string, string]) : []);
}
