import { Modal } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Session } from '../api/types';
import SignIn from '../features/auth/SignIn';

/** The session is over: signing in above what is being written, which stays as it is. */
export default function SignInAgain({ login, onEnter }: { login: string; onEnter: (made: Session) => void }) {
  const { t } = useTranslation();
  return (
    <Modal
      opened
      onClose={() => undefined}
      withCloseButton={false}
      closeOnEscape={false}
      closeOnClickOutside={false}
      zIndex={600}
      size={420}
      aria-label={t('auth.again')}
      data-testid="sign-in-again"
    >
      <SignIn again={login} onEnter={onEnter} demo={null} />
    </Modal>
  );
}
