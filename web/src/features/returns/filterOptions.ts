import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useSession } from '../../base/shop';
import { useChannelTitle } from '../../ui/ChannelBadge';

/** Filters with a list of values, and those that are on or off. */
export const listNames = ['kind', 'channel', 'group', 'zone', 'assignee_id', 'account_id'] as const;
export type ListName = (typeof listNames)[number];
export const flagNames = ['rule', 'forgotten', 'unexplained'] as const;
export type FlagName = (typeof flagNames)[number];

export const kinds = [
  'return',
  'refusal_at_door',
  'exchange',
  'defect',
  'not_ordered',
  'cancellation',
] as const;
export const groups = [
  'changed_mind',
  'size',
  'defect',
  'not_as_described',
  'wrong_item',
  'late',
  'damaged_in_transit',
  'other',
] as const;
const zones = ['breached', 'red', 'yellow', 'green', 'none'] as const;

export function useReturnOptions(): Record<ListName, { value: string; label: string }[]> {
  const { t } = useTranslation();
  const session = useSession();
  const title = useChannelTitle();
  return useMemo(
    () => ({
      kind: kinds.map((k) => ({ value: k, label: t(`return_kind.${k}`) })),
      channel: [...new Set(session.accounts.map((a) => a.channel))].map((c) => ({
        value: c,
        label: title(c),
      })),
      group: groups.map((g) => ({ value: g, label: t(`reason.${g}`) })),
      zone: zones.map((z) => ({ value: z, label: t(`zone.${z}`) })),
      assignee_id: [
        { value: 'me', label: `${session.user.name} (${t('assign.me')})` },
        { value: 'none', label: t('assign.nobody') },
      ],
      account_id: session.accounts.map((a) => ({ value: a.id, label: a.name })),
    }),
    // eslint-disable-next-line react-hooks/exhaustive-deps -- title depends on the language only
    [session, t],
  );
}
