import { Link } from '@tanstack/react-router';
import {
  IconAlertTriangle,
  IconCircleCheck,
  IconChecklist,
  IconCircleX,
  IconInbox,
  IconPlayerPause,
  IconReceiptOff,
  IconUserQuestion,
} from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { Account, Overview } from '../../api/types';
import { serverClock } from '../../base/clock';
import { useMay } from '../../base/shop';
import { ChannelBadge } from '../../ui/ChannelBadge';
import { lagOf } from '../../ui/channel';
import { useSpan } from '../../ui/bits';

const icons = {
  parked: IconInbox,
  dead: IconReceiptOff,
  tasks: IconChecklist,
  unassigned: IconUserQuestion,
  problem: IconAlertTriangle,
  cancel_requested: IconCircleX,
};

const places: Partial<Record<string, string>> = {
  tasks: '/tasks',
  dead: '/settings/outbox',
  parked: '/settings/channels',
};

/** Work that waits for a person; each line leads to a list that is already filtered. */
export function Waiting({ items }: { items: Overview['waiting'] }) {
  const { t } = useTranslation();
  const shown = items.filter((i) => i.count > 0);
  // Beside what waits stands what does not: a short list is calm, not empty.
  const calm = items.filter((i) => i.count === 0).slice(0, Math.max(0, 4 - shown.length));
  return (
    <section className="card">
      <div className="card-head">
        <h2 className="grow">{t('overview.waiting')}</h2>
        <span className="quiet num">{shown.length}</span>
      </div>
      {shown.length === 0 && <div className="card-body quiet">{t('overview.nothing_waits')}</div>}
      <div className="lines-list">
        {shown.map((item, i) => {
          const Icon = icons[item.kind] ?? IconInbox;
          // A query is the address of the list; what has none opens whole.
          const orders = places[item.kind] === undefined;
          const to = orders ? '/orders' : (places[item.kind] ?? '/orders');
          const search = Object.fromEntries(new URLSearchParams(item.query));
          return (
            <Link key={item.kind} to={to} search={search} className="line">
              <span className="tile tile-big" data-tint={i % 5} aria-hidden>
                <Icon size={16} stroke={1.75} />
              </span>
              <span className="grow">
                <span className="strong cut line-block">
                  {t(`waiting.${item.kind}`, { count: item.count })}
                </span>
                <span className="caption cut line-block">{t(`waiting.${item.kind}_hint`)}</span>
              </span>
              <span className="chip chip-amber num">{item.count}</span>
            </Link>
          );
        })}
        {shown.length > 0 &&
          calm.map((item) => (
            <div key={item.kind} className="line line-calm">
              <IconCircleCheck size={16} stroke={1.75} className="good" aria-hidden />
              <span className="quiet cut">{t(`waiting.${item.kind}`, { count: 0 })}</span>
            </div>
          ))}
      </div>
    </section>
  );
}

function State({ account }: { account: Account }) {
  const { t } = useTranslation();
  const span = useSpan();
  if (account.state === 'paused')
    return (
      <span className="row quiet">
        <IconPlayerPause size={15} stroke={1.75} aria-hidden /> {t('account.paused')}
      </span>
    );
  const lag = lagOf(account, serverClock.now());
  const failing = account.state === 'auth_failed' || account.state === 'degraded';
  const bad = failing || (lag ?? 0) > 300;
  if (bad)
    return (
      <span className={`row ${account.state === 'auth_failed' ? 'bad' : 'warn'}`}>
        <IconAlertTriangle size={15} stroke={1.75} aria-hidden />{' '}
        {failing ? t(`account.${account.state}`) : span(lag ?? 0)}
      </span>
    );
  return (
    <span className="row good">
      <span className="dot" /> {lag === null ? t('account.waits') : span(lag)}
    </span>
  );
}

export function ChannelsBox({
  channels,
  fresh,
}: {
  channels: Account[];
  fresh: Overview['new']['channels'];
}) {
  const { t, i18n } = useTranslation();
  const may = useMay();
  return (
    <section className="card">
      <div className="card-head">
        <h2 className="grow">{t('settings.channels')}</h2>
        {may('settings') && (
          <Link to="/settings/$section/$id" params={{ section: 'channels', id: 'new' }}>
            {t('channels.add_more')}
          </Link>
        )}
      </div>
      <div className="lines-list">
        {channels.map((a) => {
          const code = a.error ? `problem.${a.error.code.replaceAll('.', '_')}` : '';
          const count = fresh.find((c) => c.account_id === a.id)?.count ?? 0;
          const word = a.error
            ? i18n.exists(code)
              ? t(code)
              : a.error.text
            : t('channels.fresh', { count });
          return (
            <Link
              key={a.id}
              to="/settings/$section/$id"
              params={{ section: 'channels', id: a.id }}
              className="line line-low"
            >
              <ChannelBadge channel={a.channel} />
              <span className="strong cut line-name">{a.name}</span>
              <span className="quiet cut line-word" title={word}>
                {word}
              </span>
              <State account={a} />
            </Link>
          );
        })}
      </div>
    </section>
  );
}
