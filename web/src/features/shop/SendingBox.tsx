import { PasswordInput, Select, TextInput } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { get, patch } from '../../api/client';
import { keys } from '../../api/keys';
import type { NoticeHouse } from '../../api/types';
import { toast } from '../../base/toasts';
import { Bones, Card, ErrorState } from '../../ui/bits';
import { ConflictDialog } from '../../ui/ConflictDialog';
import { useForm } from '../../ui/useForm';
import { Submit } from '../../ui/Submit';

/** The shop's bot, mail relay and address: without them nobody can be told outside of the screens. */
export function SendingBox() {
  const house = useQuery({
    queryKey: keys.noticeHouse,
    queryFn: () => get<NoticeHouse>('/api/settings/notices'),
  });
  if (house.error) return <ErrorState error={house.error} retry={() => void house.refetch()} />;
  if (!house.data) return <Bones lines={4} height={34} />;
  return <SendingForm key={house.data.version} house={house.data} />;
}

function SendingForm({ house }: { house: NoticeHouse }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const form = useForm(
    {
      telegram_token: '',
      mail_host: house.mail_host,
      mail_port: house.mail_port ? String(house.mail_port) : '',
      mail_safety: house.mail_safety as string,
      mail_login: house.mail_login,
      mail_password: '',
      mail_from: house.mail_from,
      mail_from_name: house.mail_from_name,
      address: house.address || window.location.origin,
    },
    { version: house.version },
  );
  const save = async (now: typeof form.values, version?: number) => {
    const { telegram_token, mail_password, mail_port, ...rest } = now;
    const saved = await patch<NoticeHouse>(
      '/api/settings/notices',
      {
        ...rest,
        mail_port: Number(mail_port) || 0,
        ...(telegram_token && { telegram_token }),
        ...(mail_password && { mail_password }),
      },
      version,
    );
    client.setQueryData(keys.noticeHouse, saved);
    void client.invalidateQueries({ queryKey: keys.ways });
    toast(t('do.saved'));
    return saved.version;
  };
  return (
    <Card title={t('told.house')}>
      <form
        className="form"
        onSubmit={(e) => {
          e.preventDefault();
          void form.submit(save);
        }}
      >
        <p className="caption">{t('told.house_intro')}</p>
        <PasswordInput
          label={t('told.telegram_token')}
          description={
            house.has_token ? t('told.token_has', { name: house.telegram_name }) : t('told.token_hint')
          }
          autoComplete="off"
          {...form.field('telegram_token')}
          visibilityToggleButtonProps={{ 'aria-label': t('auth.show_password') }}
        />
        <div className="form-two">
          <TextInput
            label={t('told.mail_host')}

            {...form.field('mail_host')}
          />
          <TextInput label={t('told.mail_port')} inputMode="numeric" {...form.field('mail_port')} />
        </div>
        <Select
          label={t('told.mail_safety')}
          allowDeselect={false}
          value={form.values.mail_safety}
          onChange={(v) => v && form.set('mail_safety', v)}
          data={['tls', 'starttls', 'plain'].map((v) => ({ value: v, label: t(`told.safety_${v}`) }))}
        />
        <div className="form-two">
          <TextInput label={t('told.mail_login')} autoComplete="off" {...form.field('mail_login')} />
          <PasswordInput
            label={t('told.mail_password')}
            description={house.has_password ? t('told.password_has') : undefined}
            autoComplete="off"
            {...form.field('mail_password')}
            visibilityToggleButtonProps={{ 'aria-label': t('auth.show_password') }}
          />
        </div>
        <div className="form-two">
          <TextInput label={t('told.mail_from')} type="email" {...form.field('mail_from')} />
          <TextInput label={t('told.mail_from_name')} {...form.field('mail_from_name')} />
        </div>
        <TextInput
          label={t('told.screens')}
          description={t('told.screens_hint')}
          {...form.field('address')}
        />
        {form.general && <div className="notice notice-red">{form.general}</div>}
        <div>
          <Submit variant="default" size="md" loading={form.busy}>
            {t('do.save')}
          </Submit>
        </div>
      </form>
      <ConflictDialog
        clash={form.clash}
        label={(name) => t(`told.${name === 'address' ? 'screens' : name}`)}
        onSettle={form.settle}
      />
    </Card>
  );
}
