import { Modal } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { formatCount } from '../../../base/format';
import type { Picked } from '../../../base/orderActions';
import { useLang } from '../../../ui/bits';
import { LabelGroups } from './LabelGroups';

/** P over a selection: labels by marketplace and paper, each group in the order of the list. */
export function LabelsDialog({
  picked,
  count,
  onClose,
}: {
  picked: Picked;
  count: number;
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const lang = useLang();
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('labels.title', { count, n: formatCount(count, lang) })}
      size={620}
      closeButtonProps={{ 'aria-label': t('do.close') }}
    >
      <div data-testid="labels">
        <LabelGroups picked={picked} main />
        <p className="caption">{t('labels.hint')}</p>
      </div>
    </Modal>
  );
}
