import { Modal, NumberInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { BoardColumn } from '../../../api/types';
import { useBoardWords } from './words';
import { Submit } from '../../../ui/Submit';

/** How many cards the column should hold; more of them turn it amber. */
export function LimitDialog({
  column,
  onSave,
  onClose,
}: {
  column: BoardColumn;
  onSave: (limit: number | null) => void;
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const { name } = useBoardWords();
  const [value, setValue] = useState<number | ''>(column.limit ?? '');
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('board.limit_label', { name: name(column.status) })}
      size={380}
      closeButtonProps={{ 'aria-label': t('do.close') }}
    >
      <form
        className="stack"
        onSubmit={(e) => {
          e.preventDefault();
          onSave(value === '' ? null : value);
        }}
      >
        <NumberInput
          label={t('board.limit')}
          description={t('board.limit_hint')}
          min={1}
          max={100000}
          allowDecimal={false}
          value={value}
          onChange={(v) => setValue(typeof v === 'number' ? v : '')}
          data-autofocus
        />
        <Submit>{t('do.save')}</Submit>
      </form>
    </Modal>
  );
}
