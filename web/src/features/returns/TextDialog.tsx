import { Button, Modal, Textarea } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ReturnAction, ReturnRow } from '../../api/types';
import { Kbd } from '../../ui/bits';
import { Submit } from '../../ui/Submit';
import { numberOf } from './columns';
import { withText } from './steps';

interface Props {
  row: Pick<ReturnRow, 'order_number' | 'external_id' | 'channel'>;
  action: ReturnAction;
  onClose: () => void;
  onSend: (text: string) => Promise<boolean>;
}

/** Said to the buyer: a refusal is impossible without it. */
export function TextDialog({ row, action, onClose, onSend }: Props) {
  const { t } = useTranslation();
  const [text, setText] = useState('');
  const [busy, setBusy] = useState(false);
  const must = withText[action] === 'must';
  const ready = !must || text.trim().length > 0;
  const send = async () => {
    if (!ready || busy) return;
    setBusy(true);
    const done = await onSend(text.trim());
    setBusy(false);
    if (done) onClose();
  };
  return (
    <Modal
      opened
      onClose={onClose}
      size={460}
      title={t(`return_ask.${action}`, { number: numberOf(row) })}
      closeButtonProps={{ 'aria-label': t('do.close') }}
    >
      <form
        className="stack"
        data-testid="return-text"
        onSubmit={(e) => {
          e.preventDefault();
          void send();
        }}
      >
        {must && <p className="caption">{t('returns.refusal_hint')}</p>}
        <Textarea
          label={t('returns.to_buyer')}
          required={must}
          withAsterisk={false}
          autosize
          minRows={3}
          maxRows={8}
          maxLength={1000}
          value={text}
          onChange={(e) => setText(e.target.value)}
          onKeyDown={(e) => {
            if (e.code !== 'Enter' || !(e.ctrlKey || e.metaKey)) return;
            e.preventDefault();
            void send();
          }}
          data-autofocus
        />
        <div className="row">
          <Button onClick={onClose}>{t('returns.leave')}</Button>
          <Submit
            className="end"
            color={must ? 'red' : undefined}
            loading={busy}
            disabled={!ready}
            rightSection={<Kbd onInk>Ctrl Enter</Kbd>}
          >
            {t(`return_action.${action}`)}
          </Submit>
        </div>
      </form>
    </Modal>
  );
}
