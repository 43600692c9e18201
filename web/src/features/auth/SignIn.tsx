import { Button, PasswordInput, SegmentedControl, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { ApiError, post } from '../../api/client';
import type { Language, Session, Setup } from '../../api/types';
import { setLanguage } from '../../base/i18n';
import { languages } from '../../base/languages';
import { useForm } from '../../ui/useForm';
import { useState } from 'react';
import '../../ui/forms.css';
import './auth.css';

export function LanguageSwitch() {
  const { i18n, t } = useTranslation();
  return (
    <SegmentedControl
      size="xs"
      value={i18n.language}
      onChange={(v) => void setLanguage(v as Language)}
      data={languages.map((l) => ({ value: l, label: l.toUpperCase() }))}
      aria-label={t('profile.language')}
    />
  );
}

export function Logo() {
  return (
    <svg viewBox="0 0 32 32" width="36" height="36" aria-hidden>
      <rect width="32" height="32" rx="8" fill="var(--ink)" />
      <path
        d="M10 12h11l-3.5-3.5M22 20H11l3.5 3.5"
        fill="none"
        stroke="var(--on-ink)"
        strokeWidth="2.6"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  );
}

interface Props {
  demo: Setup['demo_login'];
  /** Of a session that is over: who was signed in. The form stands in a dialog then. */
  again?: string;
  onEnter: (session: Session) => void;
}

export default function SignIn({ demo, again, onEnter }: Props) {
  const { t } = useTranslation();
  const form = useForm({ login: again ?? '', password: '', code: '' });
  const [needsCode, setNeedsCode] = useState(false);
  const [wait, setWait] = useState<number | null>(null);
  const enter = (login: string, password: string, code = '') =>
    form.submit(async () => {
      setWait(null);
      try {
        onEnter(await post<Session>('/api/session', { login, password, ...(code && { code }) }));
      } catch (error) {
        if (error instanceof ApiError && error.code === 'too_many') setWait(error.retryAfter ?? 60);
        // The password was right: the same form goes on with the code.
        if (error instanceof ApiError && error.code === 'second_factor') return setNeedsCode(true);
        document.querySelector<HTMLElement>(needsCode ? '[name=code]' : '[name=password]')?.focus();
        throw error;
      }
    });
  const message = wait ? t('auth.slow', { count: wait }) : form.general;
  return (
    <Around again={again !== undefined}>
      <div className="row">
        <Logo />
        <h1 className="auth-title grow">{again ? t('auth.again') : t('auth.title')}</h1>
      </div>
      {again && <p className="soft">{t('auth.again_hint')}</p>}
      <form
        className="auth-form"
        onSubmit={(e) => {
          e.preventDefault();
          void enter(form.values.login.trim(), form.values.password, form.values.code.trim());
        }}
      >
        {needsCode ? (
          <TextInput
            label={t('auth.code')}
            description={t('auth.code_hint')}
            autoComplete="one-time-code"
            autoFocus
            required
            withAsterisk={false}
            {...form.field('code')}
          />
        ) : (
          <>
            <TextInput
              label={t('auth.login')}
              autoComplete="username"
              autoFocus={!again}
              required
              withAsterisk={false}
              {...form.field('login')}
            />
            <PasswordInput
              label={t('auth.password')}
              autoComplete="current-password"
              autoFocus={again !== undefined}
              data-autofocus={again !== undefined || undefined}
              required
              withAsterisk={false}
              {...form.field('password')}
              visibilityToggleButtonProps={{ 'aria-label': t('auth.show_password') }}
            />
          </>
        )}
        {message && (
          <div className="notice notice-red" role="alert">
            {message}
          </div>
        )}
        <Button type="submit" variant="filled" size="md" loading={form.busy}>
          {t('auth.enter')}
        </Button>
        {needsCode && (
          <Button
            size="md"
            onClick={() => {
              form.setValues({ login: again ?? '', password: '', code: '' });
              setNeedsCode(false);
            }}
          >
            {t('auth.code_back')}
          </Button>
        )}
        {demo && !needsCode && (
          <Button size="md" onClick={() => void enter(demo.login, demo.password)} data-testid="demo-login">
            {t('auth.demo', { login: demo.login })}
          </Button>
        )}
      </form>
    </Around>
  );
}

/** The whole window before anything else, the inside of a dialog above what is being written. */
function Around({ again, children }: { again: boolean; children: React.ReactNode }) {
  if (again) return <div className="auth-again">{children}</div>;
  return (
    <div className="auth">
      <main className="auth-card">{children}</main>
      <LanguageSwitch />
    </div>
  );
}
