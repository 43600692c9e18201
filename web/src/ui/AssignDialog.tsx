import { Modal } from '@mantine/core';
import { IconUserOff } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useSession } from '../base/shop';
import { Person } from './bits';
import './bulk.css';

export function AssignDialog({
  onClose,
  onChoose,
}: {
  onClose: () => void;
  onChoose: (id: string | null) => void;
}) {
  const { t } = useTranslation();
  const session = useSession();
  const mine = session.users.filter((u) => u.id === session.user.id);
  const others = session.users.filter((u) => u.id !== session.user.id);
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('assign.title')}
      size={360}
      closeButtonProps={{ 'aria-label': t('do.close') }}
    >
      <div className="pick-list">
        {[...mine, ...others].map((u) => (
          <button key={u.id} type="button" onClick={() => onChoose(u.id)}>
            <Person name={u.name} size={26} />
            <span className="grow cut">{u.name}</span>
            {u.id === session.user.id && <span className="caption">{t('assign.me')}</span>}
          </button>
        ))}
        <button type="button" onClick={() => onChoose(null)}>
          <IconUserOff size={18} stroke={1.75} className="quiet" aria-hidden />
          <span>{t('assign.nobody')}</span>
        </button>
      </div>
    </Modal>
  );
}
