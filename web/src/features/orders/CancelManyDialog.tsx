import { Button, Modal } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { BulkReply, QueueRow } from '../../api/types';
import { useOrderActions, type Picked } from '../../base/orderActions';
import { Bones } from '../../ui/bits';
import { CancelReasons, isReason, noReason, useChannelKinds } from './CancelReasons';
import { Refusals } from './refusals';
import { Submit } from '../../ui/Submit';

interface Props {
  picked: Picked;
  count: number;
  /** Those of them that are loaded. */
  seen: QueueRow[];
  onClose: () => void;
  onDone: (reply: BulkReply | null) => void;
}

/** Several at once: the reasons are the channel's own, so all have to be of one channel and in sight. */
export function CancelManyDialog({ picked, count, seen, onClose, onDone }: Props) {
  const { t } = useTranslation();
  const { bulk, tryBulk } = useOrderActions();
  const kinds = useChannelKinds();
  const [why, setWhy] = useState(noReason);
  const [busy, setBusy] = useState(false);
  const channel = seen[0]?.channel ?? '';
  const mixed = seen.length < count || seen.some((r) => r.channel !== channel);
  const dry = useQuery({
    queryKey: ['queue', 'dry', 'cancel', picked],
    queryFn: () => tryBulk('cancel', picked),
    enabled: !mixed,
    retry: false,
  });
  const refused = dry.data?.refused ?? [];
  const rest = dry.data?.done.length ?? 0;
  const reasons = kinds.data?.find((k) => k.name === channel)?.cancel_reasons ?? [];
  const send = async () => {
    setBusy(true);
    const reply = await bulk('cancel', picked, {
      reason: why.code || undefined,
      comment: why.comment.trim() || undefined,
    });
    setBusy(false);
    onClose();
    onDone(reply);
  };
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('cancel.many', { count })}
      size={460}
      closeButtonProps={{ 'aria-label': t('do.close') }}
    >
      {mixed ? (
        <div className="notice notice-red">{t('cancel.mixed')}</div>
      ) : dry.isLoading || kinds.isLoading ? (
        <Bones lines={3} />
      ) : (
        <form
          className="stack"
          onSubmit={(e) => {
            e.preventDefault();
            if (isReason(reasons, why)) void send();
          }}
        >
          {refused.length > 0 && (
            <>
              <div className="notice notice-red">
                {t('bulk.some_refused', { total: dry.data?.total ?? 0, count: refused.length })}
              </div>
              <Refusals list={refused} />
            </>
          )}
          {rest > 0 && <CancelReasons channel={channel} reasons={reasons} why={why} onWhy={setWhy} />}
          <div className="row">
            <Button onClick={onClose}>{t('cancel.keep')}</Button>
            <Submit
              color="red"
              loading={busy}
              disabled={rest === 0 || !isReason(reasons, why)}
              className="end"
            >
              {t('bulk.run_rest', { action: t('action.cancel'), count: rest })}
            </Submit>
          </div>
        </form>
      )}
    </Modal>
  );
}
