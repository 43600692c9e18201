import { Button, PasswordInput, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { post } from '../../api/client';
import type { InvitationSeen } from '../../api/types';
import { useProblemText } from '../../base/problem';
import { Bones } from '../../ui/bits';
import { useForm } from '../../ui/useForm';
import { LanguageSwitch, Logo } from './SignIn';
import '../../ui/forms.css';
import './auth.css';

/** Where a link of invitation leads. Its secret stands behind the # of the address, which no server is ever sent. */
export default function Join({ token }: { token: string }) {
  const { t } = useTranslation();
  const problem = useProblemText();
  const seen = useQuery({
    queryKey: ['invitation'],
    queryFn: () => post<InvitationSeen>('/api/invitation/look', { token }),
    enabled: token !== '',
    retry: false,
    staleTime: Infinity,
  });
  return (
    <div className="auth">
      <main className="auth-card">
        <div className="row">
          <Logo />
          <h1 className="auth-title grow">
            {seen.data ? t('join.title', { shop: seen.data.shop_name }) : t('join.heading')}
          </h1>
        </div>
        {seen.data ? (
          <JoinForm token={token} seen={seen.data} />
        ) : token && !seen.error ? (
          <Bones lines={3} height={34} />
        ) : (
          <>
            <p className="soft" role="alert">
              {seen.error && 'code' in seen.error && seen.error.code !== 'not_found'
                ? problem(seen.error)
                : t('join.over')}
            </p>
            <Button component="a" href="/" size="md">
              {t('auth.title')}
            </Button>
          </>
        )}
      </main>
      <LanguageSwitch />
    </div>
  );
}

function JoinForm({ token, seen }: { token: string; seen: InvitationSeen }) {
  const { t, i18n } = useTranslation();
  const form = useForm({ name: seen.name, password: '' });
  return (
    <>
      <p className="soft">{t('join.hint', { login: seen.login })}</p>
      <form
        className="auth-form"
        onSubmit={(e) => {
          e.preventDefault();
          void form.submit(async (values) => {
            await post('/api/invitation', { ...values, token, language: i18n.language });
            window.location.assign('/');
          });
        }}
      >
        {/* So that a password manager keeps the login together with the password. */}
        <input type="hidden" name="login" autoComplete="username" value={seen.login} readOnly />
        <TextInput
          label={t('setup.name')}
          required
          withAsterisk={false}
          maxLength={100}
          autoComplete="name"
          autoFocus={!seen.name}
          {...form.field('name')}
        />
        <PasswordInput
          label={t('auth.password')}
          description={t('setup.password_hint')}
          required
          withAsterisk={false}
          autoComplete="new-password"
          autoFocus={Boolean(seen.name)}
          {...form.field('password')}
          visibilityToggleButtonProps={{ 'aria-label': t('auth.show_password') }}
        />
        {form.general && (
          <div className="notice notice-red" role="alert">
            {form.general}
          </div>
        )}
        <Button type="submit" variant="filled" size="md" loading={form.busy}>
          {t('join.enter')}
        </Button>
      </form>
    </>
  );
}
