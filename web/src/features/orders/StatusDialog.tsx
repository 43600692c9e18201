import { Modal } from '@mantine/core';
import { useQueries } from '@tanstack/react-query';
import { IconArrowRight } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { OrderAction } from '../../api/types';
import { useOrderActions, type Picked } from '../../base/orderActions';
import { Bones, ErrorState } from '../../ui/bits';

const moves: OrderAction[] = ['confirm', 'assemble', 'ready', 'hand_over', 'release'];

interface Props {
  picked: Picked;
  count: number;
  onClose: () => void;
  onChoose: (action: OrderAction) => void;
}

/** The moves that at least one of the orders allows, each with how many allow it: the server was asked before. */
export function StatusDialog({ picked, count, onClose, onChoose }: Props) {
  const { t } = useTranslation();
  const { tryBulk } = useOrderActions();
  const tries = useQueries({
    queries: moves.map((action) => ({
      queryKey: ['queue', 'dry', action, picked],
      queryFn: () => tryBulk(action, picked),
      retry: false,
    })),
  });
  const open = moves.flatMap((action, i) => {
    const n = tries[i]?.data?.done.length ?? 0;
    return n > 0 ? [{ action, n }] : [];
  });
  const waits = tries.some((q) => q.isLoading);
  const error = open.length ? null : tries.find((q) => q.error)?.error;
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('status_menu.title', { count })}
      size={380}
      closeButtonProps={{ 'aria-label': t('do.close') }}
    >
      {waits ? (
        <Bones lines={4} />
      ) : error ? (
        <ErrorState error={error} />
      ) : (
        <div className="pick-list">
          {open.map(({ action, n }, i) => (
            <button
              key={action}
              type="button"
              data-autofocus={i === 0 || undefined}
              onClick={() => onChoose(action)}
            >
              <IconArrowRight size={16} stroke={1.75} className="quiet" aria-hidden />
              <span className="grow cut">{t(`action.${action}`)}</span>
              {count > 1 && <span className="caption num">{t('status_menu.of', { n, total: count })}</span>}
            </button>
          ))}
          {open.length === 0 && <p className="soft">{t('status_menu.none')}</p>}
        </div>
      )}
    </Modal>
  );
}
