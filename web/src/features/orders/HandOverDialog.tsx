import { Modal, NumberInput, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { QueueRow } from '../../api/types';
import { formatNumber } from '../../base/format';
import { useOrderActions } from '../../base/orderActions';
import '../../ui/forms.css';
import { Submit } from '../../ui/Submit';

export function HandOverDialog({
  row,
  onClose,
}: {
  row: Pick<QueueRow, 'id' | 'channel' | 'number'>;
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const { act } = useOrderActions();
  const [code, setCode] = useState('');
  const [boxes, setBoxes] = useState(1);
  const [busy, setBusy] = useState(false);
  const send = async () => {
    setBusy(true);
    const reply = await act(row, 'hand_over', { code: code.trim() || undefined, boxes });
    setBusy(false);
    if (reply) onClose();
  };
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('hand_over.title', { number: formatNumber(row.number) })}
      size={400}
      closeButtonProps={{ 'aria-label': t('do.close') }}
    >
      <form
        className="stack"
        onSubmit={(e) => {
          e.preventDefault();
          void send();
        }}
      >
        <NumberInput
          label={t('hand_over.boxes')}
          min={1}
          max={99}
          value={boxes}
          onChange={(v) => setBoxes(Number(v) || 1)}
        />
        <TextInput
          label={t('hand_over.code')}
          description={t('hand_over.code_hint')}
          value={code}
          onChange={(e) => setCode(e.target.value)}
          maxLength={20}
          data-autofocus
        />
        <Submit loading={busy}>{t('action.hand_over')}</Submit>
      </form>
    </Modal>
  );
}
