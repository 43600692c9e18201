import { Button, Modal, Radio, Textarea } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { get } from '../../api/client';
import { keys } from '../../api/keys';
import type { ChannelKind, OrderCard, QueueRow } from '../../api/types';
import { formatNumber } from '../../base/format';
import { itemsOf } from '../../base/items';
import { useOrderActions } from '../../base/orderActions';
import { useChannelTitle } from '../../ui/ChannelBadge';
import { Bones } from '../../ui/bits';

/** Cancelling always asks for the channel's own reason and names what it costs. */
export function CancelDialog({
  row,
  onClose,
}: {
  row: Pick<QueueRow, 'id' | 'channel' | 'number'>;
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const channel = useChannelTitle()(row.channel);
  const { act } = useOrderActions();
  const card = useQuery({
    queryKey: keys.order(row.id),
    queryFn: () => get<OrderCard>(`/api/orders/${row.id}`),
  });
  const kinds = useQuery({
    queryKey: keys.kinds,
    queryFn: async () => itemsOf(await get<ChannelKind[]>('/api/channel-kinds')),
    staleTime: Infinity,
  });
  const [code, setCode] = useState('');
  const [comment, setComment] = useState('');
  const [busy, setBusy] = useState(false);
  const cancel = card.data?.actions.find((a) => a.action === 'cancel');
  const reasons = kinds.data?.find((k) => k.name === row.channel)?.cancel_reasons ?? [];
  const reason = reasons.find((r) => r.code === code);
  const ready =
    (reason !== undefined || reasons.length === 0) && (!reason?.needs_comment || comment.trim() !== '');
  const send = async () => {
    setBusy(true);
    const reply = await act(row, 'cancel', {
      reason: code || undefined,
      comment: comment.trim() || undefined,
    });
    setBusy(false);
    if (reply) onClose();
  };
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('cancel.title', { number: formatNumber(row.number) })}
      size={460}
      closeButtonProps={{ 'aria-label': t('do.close') }}
    >
      <form
        className="stack"
        onSubmit={(e) => {
          e.preventDefault();
          if (ready) void send();
        }}
      >
        {(card.isLoading || kinds.isLoading) && <Bones lines={3} />}
        {cancel && !cancel.allowed && <div className="notice notice-red">{t('cancel.not_allowed')}</div>}
        {cancel?.allowed && kinds.data && (
          <>
            <Radio.Group label={t('cancel.reason')} value={code} onChange={setCode}>
              <div className="stack" style={{ paddingTop: 8 }}>
                {reasons.map((r) => (
                  <Radio key={r.code} size="xs" value={r.code} label={r.native} />
                ))}
              </div>
            </Radio.Group>
            <Textarea
              label={t('cancel.comment')}
              value={comment}
              onChange={(e) => setComment(e.target.value)}
              required={reason?.needs_comment}
              maxLength={1000}
            />
            {reason?.hurts_rating && (
              <div className="notice notice-red">
                <IconAlertTriangle size={16} stroke={1.75} aria-hidden />
                {t('cancel.rating', { channel })}
              </div>
            )}
            <div className="row">
              <Button onClick={onClose}>{t('cancel.keep')}</Button>
              <Button
                type="submit"
                variant="filled"
                color="red"
                loading={busy}
                disabled={!ready}
                className="end"
              >
                {t('action.cancel')}
              </Button>
            </div>
          </>
        )}
      </form>
    </Modal>
  );
}
