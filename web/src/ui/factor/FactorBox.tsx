import { Button, Modal, PasswordInput, TextInput } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { get, post } from '../../api/client';
import { keys } from '../../api/keys';
import type { SecondFactor, SecondFactorCodes } from '../../api/types';
import { toast } from '../../base/toasts';
import { Bones, Card, ErrorState, When } from '../bits';
import { Submit } from '../Submit';
import { useForm } from '../useForm';
import { Codes } from './Codes';
import { FactorSetup } from './FactorSetup';

type Doing = 'on' | 'off' | 'codes';

/** The second step of one's own sign-in. */
export function FactorBox() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [doing, setDoing] = useState<Doing | null>(null);
  const state = useQuery({
    queryKey: keys.secondFactor,
    queryFn: () => get<SecondFactor>('/api/session/second-factor'),
  });
  const close = () => {
    setDoing(null);
    void client.invalidateQueries({ queryKey: keys.secondFactor });
    void client.invalidateQueries({ queryKey: keys.session });
    void client.invalidateQueries({ queryKey: keys.signIns });
  };
  const titles = { on: t('factor.title'), off: t('factor.turn_off'), codes: t('factor.new_codes') };
  return (
    <Card title={t('factor.title')}>
      {state.error ? (
        <ErrorState error={state.error} retry={() => void state.refetch()} />
      ) : !state.data ? (
        <Bones lines={1} height={34} />
      ) : state.data.since ? (
        <div className="stack">
          <div className="row" data-testid="factor-is-on">
            <span className="chip chip-green">{t('factor.on')}</span>
            <When at={state.data.since} />
            <span className="soft">{t('factor.left', { count: state.data.recovery_left })}</span>
          </div>
          <div className="factor-acts">
            <Button onClick={() => setDoing('codes')}>{t('factor.new_codes')}</Button>
            <Button onClick={() => setDoing('off')}>{t('factor.turn_off')}</Button>
          </div>
        </div>
      ) : (
        <div className="stack">
          <p className="caption">{t('factor.off_hint')}</p>
          <div>
            <Button size="md" onClick={() => setDoing('on')} data-testid="factor-turn-on">
              {t('factor.turn_on')}
            </Button>
          </div>
        </div>
      )}
      {doing && (
        <Modal
          opened
          onClose={close}
          closeOnClickOutside={false}
          title={titles[doing]}
          size={420}
          closeButtonProps={{ 'aria-label': t('do.close') }}
        >
          {doing === 'on' ? <FactorSetup onDone={close} /> : <Proof doing={doing} onDone={close} />}
        </Modal>
      )}
    </Card>
  );
}

/** Turning it off and new codes ask for both, as the sign-in does. */
function Proof({ doing, onDone }: { doing: Doing; onDone: () => void }) {
  const { t } = useTranslation();
  const form = useForm({ password: '', code: '' });
  const [codes, setCodes] = useState<string[] | null>(null);
  if (codes) return <Codes codes={codes} onDone={onDone} />;
  return (
    <form
      className="stack"
      onSubmit={(e) => {
        e.preventDefault();
        void form.submit(async (body) => {
          if (doing === 'codes')
            return setCodes(
              (await post<SecondFactorCodes>('/api/session/second-factor/codes', body)).recovery,
            );
          await post('/api/session/second-factor/off', body);
          toast(t('factor.turned_off'));
          onDone();
        });
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
      <TextInput
        label={t('auth.code')}
        description={t('auth.code_hint')}
        autoComplete="one-time-code"
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
        {doing === 'codes' ? t('factor.new_codes') : t('factor.turn_off')}
      </Submit>
    </form>
  );
}
