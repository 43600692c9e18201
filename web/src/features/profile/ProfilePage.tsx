import { Button, PasswordInput, SegmentedControl, Select, Slider } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { get, patch, post, remove } from '../../api/client';
import { keys } from '../../api/keys';
import type { Density, Language, Session, SignIn, Theme } from '../../api/types';
import { languageNames } from '../../base/i18n';
import { languages } from '../../base/languages';
import { itemsOf } from '../../base/items';
import { useSaveSession } from '../../base/session';
import { useSession, useShop } from '../../base/shop';
import { countries } from '../../base/places';
import { toast } from '../../base/toasts';
import { Card, When } from '../../ui/bits';
import { useForm } from '../../ui/useForm';
import { FactorBox } from '../../ui/factor/FactorBox';
import { KeysBox } from './KeysBox';
import { WaysBox } from './WaysBox';
import '@mantine/core/styles/Slider.css';
import './profile.css';
import { Submit } from '../../ui/Submit';

const densities: Density[] = ['compact', 'normal', 'roomy'];
const themes: Theme[] = ['auto', 'light', 'dark'];

export default function ProfilePage() {
  const { t } = useTranslation();
  const { user } = useSession();
  const save = useSaveSession();
  const shop = useShop();
  const zones = [
    { value: '', label: t('profile.shop_zone', { zone: shop.time_zone }) },
    ...Object.values(countries).flatMap((c) =>
      c.zones.map((z) => ({ value: z as string, label: z as string })),
    ),
  ];
  const [hold, setHold] = useState(user.hold_s);
  const choice = <T extends string>(
    label: string,
    value: T,
    all: readonly T[],
    word: (v: T) => string,
    put: (v: T) => void,
  ) => (
    <div className="choice">
      <div className="field-label">{label}</div>
      <SegmentedControl
        value={value}
        onChange={(v) => put(v as T)}
        data={all.map((v) => ({ value: v, label: word(v) }))}
        aria-label={label}
      />
    </div>
  );
  return (
    <>
      <Card title={t('profile.look')}>
        <div className="stack">
          {choice<Language>(
            t('profile.language'),
            user.language,
            languages,
            (l) => languageNames[l],
            (language) => save.mutate({ language }),
          )}
          {choice<Theme>(
            t('profile.theme'),
            user.theme,
            themes,
            (v) => t(`theme.${v}`),
            (theme) => save.mutate({ theme }),
          )}
          {choice<Density>(
            t('profile.density'),
            user.density,
            densities,
            (v) => t(`density.${v}`),
            (density) => save.mutate({ density }),
          )}
          <Select
            maw={320}
            label={t('setup.time_zone')}
            value={user.time_zone}
            onChange={(v) => v !== null && save.mutate({ time_zone: v })}
            data={zones}
            searchable
            allowDeselect={false}
          />
        </div>
      </Card>
      <Card title={t('profile.work')}>
        <div className="stack">
          <div className="choice">
            <div className="field-label" id="hold-label">
              {t('profile.hold')}
            </div>
            <div className="hold">
              <Slider
                min={0}
                max={15}
                step={1}
                value={hold}
                onChange={setHold}
                onChangeEnd={(hold_s) => save.mutate({ hold_s })}
                label={(v) => t('span.s', { n: v })}
                marks={[{ value: 0 }, { value: 5 }, { value: 10 }, { value: 15 }]}
                thumbProps={{ 'aria-labelledby': 'hold-label' }}
              />
              <span className="num strong">{t('span.s', { n: hold })}</span>
            </div>
          </div>
          <p className="caption">{t('profile.hold_hint')}</p>
        </div>
      </Card>
      <WaysBox />
      <KeysBox />
      <PasswordBox />
      <FactorBox />
      <SignIns />
    </>
  );
}

function PasswordBox() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const form = useForm({ old_password: '', new_password: '' });
  return (
    <Card title={t('profile.password')}>
      <form
        className="form"
        onSubmit={(e) => {
          e.preventDefault();
          void form.submit(async (body) => {
            client.setQueryData(keys.session, await patch<Session>('/api/session', body));
            form.setValues({ old_password: '', new_password: '' });
            toast(t('profile.password_changed'));
          });
        }}
      >
        <PasswordInput
          label={t('profile.old_password')}
          autoComplete="current-password"
          required
          withAsterisk={false}
          {...form.field('old_password')}
          visibilityToggleButtonProps={{ 'aria-label': t('auth.show_password') }}
        />
        <PasswordInput
          label={t('users.new_password')}
          description={t('setup.password_hint')}
          autoComplete="new-password"
          required
          withAsterisk={false}
          {...form.field('new_password')}
          visibilityToggleButtonProps={{ 'aria-label': t('auth.show_password') }}
        />
        {form.general && <div className="notice notice-red">{form.general}</div>}
        <div>
          <Submit size="md" loading={form.busy}>
            {t('profile.change_password')}
          </Submit>
        </div>
      </form>
    </Card>
  );
}

function SignIns() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const list = useQuery({
    queryKey: keys.signIns,
    queryFn: async () => itemsOf(await get<SignIn[]>('/api/sessions')),
  });
  const drop = useMutation({
    mutationFn: (id: string) => remove(`/api/sessions/${id}`),
    onSettled: () => void client.invalidateQueries({ queryKey: keys.signIns }),
  });
  const dropAll = useMutation({
    mutationFn: () => post('/api/sessions/end-others'),
    onSuccess: () => toast(t('profile.ended_all')),
    onSettled: () => void client.invalidateQueries({ queryKey: keys.signIns }),
  });
  if (!list.data) return null;
  const others = list.data.filter((s) => !s.current);
  return (
    <Card
      title={t('profile.sign_ins')}
      aside={
        others.length > 0 && (
          <Button size="xs" onClick={() => dropAll.mutate()} loading={dropAll.isPending}>
            {t('profile.end_all')}
          </Button>
        )
      }
    >
      <table className="table sign-ins">
        <tbody>
          {list.data.map((s) => (
            <tr key={s.id}>
              <td>
                {s.agent} <span className="caption">{s.address}</span>
              </td>
              <td className="quiet right">
                <When at={s.last_seen_at} time />
              </td>
              <td className="right">
                {s.current ? (
                  <span className="chip chip-green">{t('profile.current')}</span>
                ) : (
                  <Button size="xs" onClick={() => drop.mutate(s.id)}>
                    {t('profile.end')}
                  </Button>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Card>
  );
}
