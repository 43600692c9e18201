import { useMemo } from 'react';
import { useWords } from '../../base/words';
import type { HubStatus, Mark } from '../../api/types';
import { useSession } from '../../base/shop';
import { useChannelTitle } from '../../ui/ChannelBadge';

const marks: Mark[] = [
  'problem',
  'cancel_requested',
  'return_requested',
  'hold',
  'preorder',
  'express',
  'claim',
  'outside',
];
const statuses: HubStatus[] = [
  'new',
  'confirmed',
  'assembling',
  'ready_to_ship',
  'in_delivery',
  'at_pickup',
  'delivered',
  'completed',
  'partly_returned',
  'returning',
  'returned',
  'cancelled',
];

/** Filters with a list of values, and those with two ends. */
export type ListFilter = 'channel' | 'account_id' | 'zone' | 'assignee_id' | 'mark' | 'status' | 'tag';
export type RangeFilter = 'total' | 'placed';
export type ChipName = ListFilter | RangeFilter;
export const chipNames: ChipName[] = [
  'channel',
  'zone',
  'assignee_id',
  'total',
  'status',
  'mark',
  'tag',
  'placed',
  'account_id',
];
export const isRange = (name: ChipName): name is RangeFilter => name === 'total' || name === 'placed';

export interface Option {
  value: string;
  label: string;
}

export function useFilterOptions(tags: readonly string[]): Record<ListFilter, Option[]> {
  const { t } = useWords();
  const session = useSession();
  const title = useChannelTitle();
  return useMemo(() => {
    const people = session.users.filter((u) => u.id !== session.user.id);
    return {
      channel: [...new Set(session.accounts.map((a) => a.channel))].map((c) => ({
        value: c,
        label: title(c),
      })),
      account_id: session.accounts.map((a) => ({ value: a.id, label: a.name })),
      zone: ['breached', 'red', 'yellow', 'green', 'none'].map((z) => ({ value: z, label: t(`zone.${z}`) })),
      assignee_id: [
        { value: 'none', label: t('assign.nobody') },
        { value: 'me', label: `${session.user.name} (${t('assign.me')})` },
        ...people.map((u) => ({ value: u.id, label: u.name })),
      ],
      mark: marks.map((m) => ({ value: m, label: t(`mark.${m}`) })),
      status: statuses.map((s) => ({ value: s, label: t(`status.${s}`) })),
      tag: tags.map((tag) => ({ value: tag, label: tag })),
    };
    // eslint-disable-next-line react-hooks/exhaustive-deps -- title depends on the language only
  }, [session, t, tags]);
}
