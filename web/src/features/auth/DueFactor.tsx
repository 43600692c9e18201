import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { remove } from '../../api/client';
import { FactorSetup } from '../../ui/factor/FactorSetup';
import { LanguageSwitch, Logo } from './SignIn';
import '../../ui/base.css';
import '../../ui/forms.css';
import './auth.css';

/** The role demands a second step and there is none yet: everything else is shut until it is set up. */
export default function DueFactor() {
  const { t } = useTranslation();
  const home = () => window.location.assign('/');
  return (
    <div className="auth">
      <main className="auth-card" data-testid="factor-due">
        <div className="row">
          <Logo />
          <h1 className="auth-title grow">{t('factor.due_title')}</h1>
        </div>
        <p className="soft">{t('factor.due_hint')}</p>
        <div className="auth-form">
          <FactorSetup onDone={home} />
        </div>
        <Button
          variant="subtle"
          fullWidth
          mt={8}
          onClick={() => void remove('/api/session').then(home, home)}
        >
          {t('auth.sign_out')}
        </Button>
      </main>
      <LanguageSwitch />
    </div>
  );
}
