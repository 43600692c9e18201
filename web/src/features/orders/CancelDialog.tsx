import { Button, Modal } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { get } from '../../api/client';
import { keys } from '../../api/keys';
import type { OrderCard, QueueRow } from '../../api/types';
import { formatNumber } from '../../base/format';
import { useOrderActions } from '../../base/orderActions';
import { Bones } from '../../ui/bits';
import { CancelReasons, isReason, noReason, useChannelKinds } from './CancelReasons';
import { Submit } from '../../ui/Submit';

/** Cancelling always asks for the channel's own reason and names what it costs. */
export function CancelDialog({
  row,
  onClose,
}: {
  row: Pick<QueueRow, 'id' | 'channel' | 'number'>;
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const { act } = useOrderActions();
  const card = useQuery({
    queryKey: keys.order(row.id),
    queryFn: () => get<OrderCard>(`/api/orders/${row.id}`),
  });
  const kinds = useChannelKinds();
  const [why, setWhy] = useState(noReason);
  const [busy, setBusy] = useState(false);
  const cancel = card.data?.actions.find((a) => a.action === 'cancel');
  const reasons = kinds.data?.find((k) => k.name === row.channel)?.cancel_reasons ?? [];
  const ready = isReason(reasons, why);
  const send = async () => {
    setBusy(true);
    const reply = await act(row, 'cancel', {
      reason: why.code || undefined,
      comment: why.comment.trim() || undefined,
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
            <CancelReasons channel={row.channel} reasons={reasons} why={why} onWhy={setWhy} />
            <div className="row">
              <Button onClick={onClose}>{t('cancel.keep')}</Button>
              <Submit color="red" loading={busy} disabled={!ready} className="end">
                {t('action.cancel')}
              </Submit>
            </div>
          </>
        )}
      </form>
    </Modal>
  );
}
