import { Button, Modal } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { BulkAction } from '../../api/types';
import { useOrderActions, type Picked } from '../../base/orderActions';
import { Bones } from '../../ui/bits';
import { Refusals } from './refusals';

interface Props {
  action: BulkAction;
  picked: Picked;
  onClose: () => void;
  onRun: () => void;
}

/** Names what will not happen before the rest does. */
export function RefusedDialog({ action, picked, onClose, onRun }: Props) {
  const { t } = useTranslation();
  const { tryBulk } = useOrderActions();
  const dry = useQuery({
    queryKey: ['queue', 'dry', action, picked],
    queryFn: () => tryBulk(action, picked),
  });
  const refused = dry.data?.refused ?? [];
  const rest = (dry.data?.total ?? 0) - refused.length;
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('bulk.some_refused', { total: dry.data?.total ?? 0, count: refused.length })}
      size={480}
      closeButtonProps={{ 'aria-label': t('do.close') }}
    >
      <div className="stack">
        {dry.isLoading ? <Bones lines={3} /> : <Refusals list={refused} />}
        <div className="row">
          <Button onClick={onClose}>{t('do.back')}</Button>
          {rest > 0 && (
            <Button variant="filled" className="end" onClick={onRun} data-autofocus>
              {t('bulk.run_rest', { action: t(`action.${action}`), count: rest })}
            </Button>
          )}
        </div>
      </div>
    </Modal>
  );
}
