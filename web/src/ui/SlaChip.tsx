import {
  IconAlertOctagon,
  IconCircleCheck,
  IconClockHour6,
  IconFlame,
  IconPlayerPause,
} from '@tabler/icons-react';
import { useCallback, useSyncExternalStore } from 'react';
import { useWords } from '../base/words';
import type { Mark, ReturnRow, Step, Zone } from '../api/types';
import { serverClock } from '../base/clock';
import { cityOf, formatLeft, formatTime } from '../base/format';
import { useShop } from '../base/shop';
import { useChannelTitle } from './ChannelBadge';
import { Tip } from './Tip';

export const zoneIcons = {
  breached: IconAlertOctagon,
  red: IconFlame,
  yellow: IconClockHour6,
  green: IconCircleCheck,
  paused: IconPlayerPause,
} as const;

export interface Due {
  zone: Zone;
  deadline_at: string | null;
  deadline_step: Step | ReturnRow['deadline_step'];
  yellow_at: string | null;
  red_at: string | null;
  deadline_from?: string | null;
  deadline_policy?: string | null;
  channel?: string;
  placed_at?: string | null;
  marks?: Mark[];
}

/** The zone by the server's clock; the times of its changes were computed by the server on the rule's own calendar. */
export function zoneAt(due: Due, now: number): Zone | 'paused' {
  if (due.marks?.includes('hold')) return 'paused';
  if (!due.deadline_at) return 'none';
  const past = (iso: string | null) => iso !== null && now >= new Date(iso).getTime();
  if (past(due.deadline_at)) return 'breached';
  if (past(due.red_at)) return 'red';
  if (past(due.yellow_at)) return 'yellow';
  return due.yellow_at || due.red_at ? 'green' : due.zone;
}

/** How much of the term is gone, in percent of calendar time, as the chip counts it. */
export function usedShare(from: string, until: string, now: number): number {
  const start = new Date(from).getTime();
  const term = Math.max(1, new Date(until).getTime() - start);
  return Math.max(0, Math.min(100, Math.round(((now - start) / term) * 100)));
}

/** Time left, in three weights. Refreshes itself only when its text changes. */
export function SlaChip({ due }: { due: Due }) {
  const { t } = useWords();
  const shop = useShop();
  const title = useChannelTitle();
  const read = useCallback(() => {
    const now = serverClock.now();
    const zone = zoneAt(due, now);
    if (zone === 'none' || !due.deadline_at) return zone === 'paused' ? 'paused|' : 'none|';
    if (zone === 'paused') return 'paused|';
    const left = new Date(due.deadline_at).getTime() - now;
    return `${zone}|${formatLeft(left, (n) => t('span.d', { n }))}`;
  }, [due, t]);
  const [zone = 'none', text = ''] = useSyncExternalStore(serverClock.onTick, read).split('|');
  if (zone === 'none') return <span className="quiet">—</span>;
  const label = zone === 'paused' ? t('zone.paused_short') : text;
  const tip = () => {
    if (!due.deadline_at) return t('zone.paused');
    const place = cityOf(shop.time_zone);
    const said = [
      t('sla.tip', {
        step: due.deadline_step ? t(`step.${due.deadline_step}`) : '',
        time: formatTime(due.deadline_at, shop.time_zone),
        place: t(`city.${place}`, { defaultValue: place }),
        moscow: formatTime(due.deadline_at, 'Europe/Moscow'),
      }),
    ];
    if (due.deadline_from)
      said.push(
        t('deadline.used', { share: usedShare(due.deadline_from, due.deadline_at, serverClock.now()) }),
      );
    if (due.deadline_policy) said.push(t('deadline.by_policy', { name: due.deadline_policy }));
    else if (due.deadline_policy === null && due.channel)
      said.push(t('deadline.by_channel', { channel: title(due.channel) }));
    return said.join(' · ');
  };
  return (
    <Tip label={tip}>
      <span
        className="sla"
        data-testid="sla-chip"
        data-zone={zone}
        data-deadline={due.deadline_at ?? ''}
        aria-label={`${t(`zone.${zone}`)}, ${label}`}
      >
        {label}
      </span>
    </Tip>
  );
}
