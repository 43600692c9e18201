import { Radio, Textarea } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { get } from '../../api/client';
import { keys } from '../../api/keys';
import type { CancelReason, ChannelKind } from '../../api/types';
import { itemsOf } from '../../base/items';
import { useChannelTitle } from '../../ui/ChannelBadge';
import '../../ui/forms.css';

export interface Why {
  code: string;
  comment: string;
}
export const noReason: Why = { code: '', comment: '' };

export const useChannelKinds = () =>
  useQuery({
    queryKey: keys.kinds,
    queryFn: async () => itemsOf(await get<ChannelKind[]>('/api/channel-kinds')),
    staleTime: Infinity,
  });

/** Whether enough is said for the channel to take the cancellation. */
export function isReason(reasons: CancelReason[], why: Why): boolean {
  const reason = reasons.find((r) => r.code === why.code);
  return (
    (reason !== undefined || reasons.length === 0) && (!reason?.needs_comment || why.comment.trim() !== '')
  );
}

interface Props {
  channel: string;
  reasons: CancelReason[];
  why: Why;
  onWhy: (why: Why) => void;
}

/** The channel's own reasons, and what the chosen one costs. */
export function CancelReasons({ channel, reasons, why, onWhy }: Props) {
  const { t } = useTranslation();
  const title = useChannelTitle()(channel);
  const reason = reasons.find((r) => r.code === why.code);
  return (
    <>
      <Radio.Group label={t('cancel.reason')} value={why.code} onChange={(code) => onWhy({ ...why, code })}>
        <div className="stack" style={{ paddingTop: 8 }}>
          {reasons.map((r) => (
            <Radio key={r.code} size="xs" value={r.code} label={r.native} />
          ))}
        </div>
      </Radio.Group>
      <Textarea
        label={t('cancel.comment')}
        value={why.comment}
        onChange={(e) => onWhy({ ...why, comment: e.target.value })}
        required={reason?.needs_comment}
        maxLength={1000}
      />
      {reason?.hurts_rating && (
        <div className="notice notice-red">
          <IconAlertTriangle size={16} stroke={1.75} aria-hidden />
          {t('cancel.rating', { channel: title })}
        </div>
      )}
    </>
  );
}
