import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useSyncExternalStore } from 'react';
import { useWords } from '../base/words';
import { accountsAsked } from '../api/asked';
import { serverClock } from '../base/clock';
import { lagOf } from '../ui/channel';
import { useMay } from '../base/shop';
import { useSpan } from '../ui/bits';

/** The worst channel, or that all are fine. A channel silent for five minutes is a warning. */
export function ChannelState() {
  const { t } = useWords();
  const span = useSpan();
  const may = useMay();
  const accounts = useQuery({
    ...accountsAsked,
    enabled: may('settings') || may('orders.see'),
    refetchInterval: 30_000,
  });
  const minute = useSyncExternalStore(serverClock.onTick, () => Math.floor(serverClock.now() / 10_000));
  void minute;
  const list = (accounts.data ?? []).filter((a) => a.state !== 'paused');
  const stopped = list.find((a) => a.state === 'auth_failed');
  const failing = list.find((a) => a.state === 'degraded');
  const lags = list.map((a) => ({ name: a.name, lag: lagOf(a, serverClock.now()) }));
  const worst = lags.toSorted((a, b) => (b.lag ?? 0) - (a.lag ?? 0))[0];
  if (!worst) return null;
  const late = (worst.lag ?? 0) > 300;
  const text = stopped
    ? t('channels.stopped', { name: stopped.name })
    : late
      ? t('channels.late', { name: worst.name, span: span(worst.lag ?? 0) })
      : failing
        ? t('channels.failing', { name: failing.name })
        : `${t('channels.alive', { count: list.length })} · ${span(worst.lag ?? 0)}`;
  return (
    <Link
      to="/settings/$section"
      params={{ section: 'channels' }}
      className="channel-state"
      data-bad={stopped ? 'stopped' : late || failing !== undefined}
      data-testid="channel-state"
      title={text}
    >
      {stopped || late || failing ? (
        <IconAlertTriangle size={16} stroke={1.75} aria-hidden />
      ) : (
        <span className="dot" />
      )}
      <span className="cut channel-text">{text}</span>
    </Link>
  );
}
