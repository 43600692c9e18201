import { Button, PasswordInput, Select, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { post } from '../../api/client';
import type { Session, Setup } from '../../api/types';
import { countries, currencies } from '../../base/places';
import { useForm } from '../../ui/useForm';
import { LanguageSwitch, Logo } from './SignIn';
import '../../ui/forms.css';
import './auth.css';

/** The owner's first page: the country gives the currency and the clock. */
export default function FirstRun({ setup, onEnter }: { setup: Setup; onEnter: (session: Session) => void }) {
  const { t, i18n } = useTranslation();
  const form = useForm({
    shop_name: '',
    country: 'KZ',
    currency: 'KZT',
    time_zone: 'Asia/Almaty',
    name: '',
    login: '',
    password: '',
  });
  const zones = countries[form.values.country]?.zones ?? [];
  const choose = (country: string | null) => {
    const known = country ? countries[country] : undefined;
    if (country && known)
      form.setValues((v) => ({
        ...v,
        country,
        currency: known.currency,
        time_zone: known.zones[0] ?? v.time_zone,
      }));
  };
  return (
    <div className="auth">
      <main className="auth-card auth-wide">
        <div className="row">
          <Logo />
          <h1 className="auth-title grow">{t('setup.title')}</h1>
        </div>
        <p className="soft">{t('setup.hint')}</p>
        <form
          className="auth-form"
          onSubmit={(e) => {
            e.preventDefault();
            void form.submit(async (values) =>
              onEnter(await post<Session>('/api/setup', { ...values, language: i18n.language })),
            );
          }}
        >
          <TextInput
            label={t('setup.shop_name')}
            required
            withAsterisk={false}
            maxLength={100}
            autoFocus
            {...form.field('shop_name')}
          />
          <div className="form-two">
            <Select
              label={t('setup.country')}
              value={form.values.country}
              onChange={choose}
              data={Object.keys(countries).map((c) => ({ value: c, label: t(`country.${c}`) }))}
            />
            <Select
              label={t('setup.currency')}
              value={form.values.currency}
              onChange={(v) => v && form.set('currency', v)}
              data={currencies}
            />
          </div>
          <Select
            label={t('setup.time_zone')}
            value={form.values.time_zone}
            onChange={(v) => v && form.set('time_zone', v)}
            data={zones}
            searchable
          />
          <TextInput
            label={t('setup.name')}
            required
            withAsterisk={false}
            autoComplete="name"
            maxLength={100}
            {...form.field('name')}
          />
          <div className="form-two">
            <TextInput
              label={t('auth.login')}
              required
              withAsterisk={false}
              autoComplete="username"
              maxLength={200}
              {...form.field('login')}
            />
            <PasswordInput
              label={t('auth.password')}
              required
              withAsterisk={false}
              autoComplete="new-password"
              maxLength={200}
              {...form.field('password')}
              placeholder={t('setup.password_hint')}
              visibilityToggleButtonProps={{ 'aria-label': t('auth.show_password') }}
            />
          </div>
          {form.general && (
            <div className="notice notice-red" role="alert">
              {form.general}
            </div>
          )}
          <Button type="submit" variant="filled" size="md" loading={form.busy}>
            {t('setup.create')}
          </Button>
        </form>
        <span className="state-code">Sauda {setup.version}</span>
      </main>
      <LanguageSwitch />
    </div>
  );
}
