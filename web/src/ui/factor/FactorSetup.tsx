import { PasswordInput, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { post, setCsrf } from '../../api/client';
import type { SecondFactorBegun, SecondFactorCodes } from '../../api/types';
import { toast } from '../../base/toasts';
import { Submit } from '../Submit';
import { useForm } from '../useForm';
import { Codes } from './Codes';
import './factor.css';

/** Password, then the picture for the app and its first code, then the recovery codes: each step is one answer of the server. */
export function FactorSetup({ onDone }: { onDone: () => void }) {
  const [begun, setBegun] = useState<SecondFactorBegun | null>(null);
  const [codes, setCodes] = useState<string[] | null>(null);
  if (codes) return <Codes codes={codes} onDone={onDone} />;
  if (begun) return <Scan begun={begun} onCodes={setCodes} />;
  return <Password onBegun={setBegun} />;
}

function Password({ onBegun }: { onBegun: (begun: SecondFactorBegun) => void }) {
  const { t } = useTranslation();
  const form = useForm({ password: '' });
  return (
    <form
      className="stack"
      onSubmit={(e) => {
        e.preventDefault();
        void form.submit(async (body) =>
          onBegun(await post<SecondFactorBegun>('/api/session/second-factor', body)),
        );
      }}
    >
      <PasswordInput
        label={t('profile.old_password')}
        autoComplete="current-password"
        required
        withAsterisk={false}
        data-autofocus
        {...form.field('password')}
        visibilityToggleButtonProps={{ 'aria-label': t('auth.show_password') }}
      />
      {form.general && (
        <div className="notice notice-red" role="alert">
          {form.general}
        </div>
      )}
      <Submit size="md" loading={form.busy}>
        {t('factor.go_on')}
      </Submit>
    </form>
  );
}

interface ScanProps {
  begun: SecondFactorBegun;
  onCodes: (codes: string[]) => void;
}

function Scan({ begun, onCodes }: ScanProps) {
  const { t } = useTranslation();
  const form = useForm({ code: '' });
  const edge = 4;
  const side = begun.picture_size + 2 * edge;
  return (
    <form
      className="stack"
      onSubmit={(e) => {
        e.preventDefault();
        void form.submit(async (body) => {
          const made = await post<SecondFactorCodes>('/api/session/second-factor/confirm', body);
          setCsrf(made.csrf);
          toast(t('factor.turned_on'));
          onCodes(made.recovery);
        });
      }}
    >
      <p className="soft">{t('factor.scan')}</p>
      <svg
        className="factor-picture"
        viewBox={`${-edge} ${-edge} ${side} ${side}`}
        shapeRendering="crispEdges"
        role="img"
        aria-label={t('factor.picture')}
      >
        <path d={begun.picture} />
      </svg>
      <div>
        <p className="caption">{t('factor.by_hand')}</p>
        <div className="factor-secret" data-testid="factor-secret">
          {begun.secret.match(/.{1,4}/g)?.join(' ')}
        </div>
      </div>
      <TextInput
        label={t('auth.code')}
        inputMode="numeric"
        autoComplete="one-time-code"
        autoFocus
        required
        withAsterisk={false}
        {...form.field('code')}
      />
      {form.general && (
        <div className="notice notice-red" role="alert">
          {form.general}
        </div>
      )}
      <Submit size="md" loading={form.busy}>
        {t('factor.confirm')}
      </Submit>
    </form>
  );
}
