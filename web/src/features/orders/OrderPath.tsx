import { Fragment } from 'react';
import { useTranslation } from 'react-i18next';
import type { HubStatus, OrderCard } from '../../api/types';
import { useChannelTitle } from '../../ui/ChannelBadge';
import { useWhen } from '../../ui/bits';

const steps: { key: string; has: HubStatus[] }[] = [
  { key: 'new', has: ['new'] },
  { key: 'confirmed', has: ['confirmed'] },
  { key: 'assembling', has: ['assembling', 'ready_to_ship'] },
  { key: 'in_delivery', has: ['in_delivery', 'at_pickup'] },
  { key: 'completed', has: ['delivered', 'completed', 'partly_returned', 'returning', 'returned'] },
];

/** Five steps: our name, the channel's own word, and when it was or must be. */
/** A market's word such as ACCEPTED_BY_MERCHANT goes on in the next line at its own joints. */
function Breaking({ words }: { words: string }) {
  const parts = words.split(/(?<=_)/);
  return parts.map((part, i) => (
    <Fragment key={i}>
      {i > 0 && <wbr />}
      {part}
    </Fragment>
  ));
}

export function OrderPath({ order }: { order: OrderCard }) {
  const { t } = useTranslation();
  const when = useWhen();
  const title = useChannelTitle();
  const now = steps.findIndex((s) => s.has.includes(order.status));
  const reached = (i: number) => order.history.find((h) => h.to && steps[i]?.has.includes(h.to));
  /** The market's own word when it told this step itself. */
  const toldAt = (i: number) => {
    const h = i < now ? reached(i) : undefined;
    return h?.actor_kind === 'channel' && !h.implied ? h.external_status : null;
  };
  const due: Record<number, string | null> = { 1: null, 2: null, 3: null, 4: order.delivery.promised_to };
  for (const d of order.deadlines) due[d.step === 'confirm' ? 1 : d.step === 'assemble' ? 2 : 3] = d.due_at;
  return (
    <ol className="path card" aria-label={t('order.path')}>
      {steps.map((step, i) => {
        const done = now >= 0 && i <= now;
        const at = reached(i)?.at;
        const by = due[i];
        const word = i === now ? order.external_status : toldAt(i);
        const native = word ? `${title(order.channel)}: ${word}` : null;
        const time =
          i <= now && at ? when(at, true) : by && i > now ? t('order.until', { time: when(by, true) }) : null;
        const name = i === now ? t(`status.${order.status}`) : t(`status.${step.key}`);
        return (
          <li key={step.key} data-done={done || undefined} aria-current={i === now ? 'step' : undefined}>
            <span className="path-bar">
              {i === now && <span style={{ width: i === 4 ? '100%' : '50%' }} />}
            </span>
            <span className={i === now ? 'strong' : 'soft'}>{name}</span>
            <span className="caption cut" title={native ?? undefined} data-testid={`path-native-${step.key}`}>
              {native ? <Breaking words={native} /> : (time ?? '\u00a0')}
            </span>
            {native && time && <span className="caption cut">{time}</span>}
          </li>
        );
      })}
    </ol>
  );
}
