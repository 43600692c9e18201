import { useRouter } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { FoundOrder, SearchReply } from '../../api/types';
import { formatNumber, formatPhone } from '../../base/format';
import { lastOpened } from '../../base/lastOpened';
import { pickedActions } from '../../base/picked';
import { useMay } from '../../base/shop';
import { Kbd, Money, Person } from '../../ui/bits';
import { ChannelBadge } from '../../ui/ChannelBadge';
import { BuyerName } from '../../ui/people';
import { SlaChip } from '../../ui/SlaChip';
import { StatusChip } from '../../ui/status';
import { settingsParts, settingsSection, workSections } from '../sections';
import type { Entry } from './entry';
import { Marked } from './Marked';
import { fits, type Typed } from './typed';

const perGroup = 5;

/** The lines of the palette, groups in their fixed order. */
export function useEntries(
  typed: Typed,
  found: SearchReply | undefined,
  on: { help: () => void; theme: () => void },
): Entry[] {
  const { t } = useTranslation();
  const router = useRouter();
  const may = useMay();
  const picked = pickedActions.use();
  const out: Entry[] = [];
  const { only, text, digits } = typed;
  const open = (to: string, search?: Record<string, string>) => () => void router.navigate({ to, search });
  const line = (label: string) => <span className="grow cut">{label}</span>;

  const people = new Set(found?.customers.map((c) => c.id));
  const theirs = people.size > 0 && found?.orders.every((o) => o.customer_id && people.has(o.customer_id));
  if (picked && !digits)
    for (const a of picked.actions)
      if (only === null || only === 'commands')
        if (fits(a.label, text))
          out.push({
            key: `p-${a.name}`,
            group: t('palette.picked', { count: picked.count }),
            run: a.run,
            body: line(a.label),
          });

  if (only !== 'orders' && only !== 'commands')
    for (const c of found?.customers.slice(0, perGroup) ?? [])
      out.push({
        key: `c${c.id}`,
        group: digits ? t('palette.customers_by_phone') : t('nav.customers'),
        run: open(`/customers/${c.id}`),
        about: { kind: 'customer', row: c },
        body: <CustomerLine row={c} typed={typed} />,
      });
  if (only !== 'customers' && only !== 'commands')
    for (const o of found?.orders.slice(0, perGroup) ?? [])
      out.push({
        key: `o${o.id}`,
        group: theirs ? t('palette.orders_of_these') : t('nav.orders'),
        run: open(`/orders/${o.id}`),
        about: { kind: 'order', row: o },
        body: <OrderLine row={o} typed={typed} />,
      });
  if (only === 'orders' || only === 'customers' || (digits && text)) return out;

  const empty = !text && only === null;
  if (empty)
    for (const kept of lastOpened.get())
      out.push({ key: `l${kept.to}`, group: t('palette.last'), run: open(kept.to), body: line(kept.title) });

  const go = (name: string, title: string, to: string, key?: string) =>
    fits(title, text) &&
    out.push({
      key: `g${name}`,
      group: t('palette.go'),
      run: open(to),
      body: (
        <>
          {line(title)}
          {key && (
            <>
              <kbd className="kbd">G</kbd>
              <kbd className="kbd">{key.replace('Key', '').replace('Comma', ',')}</kbd>
            </>
          )}
        </>
      ),
    });
  if (!empty) {
    for (const s of [...workSections, settingsSection])
      if (!s.needs || may(s.needs)) go(s.name, t(`nav.${s.name}`), s.to, s.go);
    for (const p of settingsParts)
      if (!p.needs || may(p.needs)) go(`s-${p.name}`, t(`settings.${p.name}`), `/settings/${p.name}`);
  }

  const act = (name: string, run: () => void, keys?: React.ReactNode) =>
    fits(t(`palette.${name}`), text) &&
    out.push({
      key: name,
      group: empty ? t('palette.suggested') : t('palette.actions'),
      run,
      body: (
        <>
          {line(t(`palette.${name}`))}
          {keys}
        </>
      ),
    });
  if (may('orders.see')) {
    act('triage', open('/', { triage: '1' }));
    act('new_orders', open('/orders', { view: 'new' }));
    act('my_tasks', open('/tasks'));
  }
  // Five are suggested in an empty field; this one is found by its words.
  if (!empty && may('returns.see')) act('urgent_returns', open('/returns', { zone: 'breached,red' }));
  act('theme', on.theme, <Kbd>Ctrl Shift L</Kbd>);
  act('help', on.help, <Kbd>?</Kbd>);
  return out;
}

function CustomerLine({ row, typed }: { row: SearchReply['customers'][number]; typed: Typed }) {
  const { t } = useTranslation();
  const orders = t('count.orders', { count: row.orders_count });
  return (
    <>
      <Person name={row.name} size={28} />
      <span className="grow palette-two">
        <div className="strong cut">
          <Marked text={row.name} typed={typed} />
        </div>
        <div className="caption cut">
          {row.phone && (
            <>
              <Marked text={formatPhone(row.phone)} typed={typed} /> ·{' '}
            </>
          )}
          {orders}
          {row.net_spent !== null && (
            <>
              {' · '}
              <Money value={row.net_spent} currency={row.currency} />
            </>
          )}
        </div>
      </span>
      {row.channels.map((c) => (
        <ChannelBadge key={c} channel={c} />
      ))}
    </>
  );
}

function OrderLine({ row, typed }: { row: FoundOrder; typed: Typed }) {
  return (
    <>
      <ChannelBadge channel={row.channel} />
      <span className="strong num">
        <Marked text={formatNumber(row.number)} typed={typed} />
      </span>
      <span className="grow cut soft">
        <BuyerName name={row.customer_name} /> {row.title && <span className="quiet">· {row.title}</span>}
      </span>
      {row.deadline_at ? <SlaChip due={row} /> : <StatusChip status={row.status} />}
      <Money value={row.total} currency={row.currency} strong />
    </>
  );
}
