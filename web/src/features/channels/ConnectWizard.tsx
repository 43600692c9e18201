import { Button, TextInput } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { IconArrowLeft, IconPlugConnected } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { get, post } from '../../api/client';
import { keys } from '../../api/keys';
import type { Account, ChannelKind, CheckReply } from '../../api/types';
import { itemsOf } from '../../base/items';
import { Bones, ErrorState } from '../../ui/bits';
import { ChannelBadge } from '../../ui/ChannelBadge';
import { useForm } from '../../ui/useForm';
import { Submit } from '../../ui/Submit';
import { CheckList, ModeField, SettingsFields } from './SettingsFields';

/** Choose, paste the key, check, save. */
export function ConnectWizard() {
  const { t, i18n } = useTranslation();
  const navigate = useNavigate();
  const client = useQueryClient();
  const kinds = useQuery({
    queryKey: keys.kinds,
    queryFn: async () => itemsOf(await get<ChannelKind[]>('/api/channel-kinds')),
    staleTime: Infinity,
  });
  const form = useForm({
    channel: '',
    name: '',
    base_url: '',
    mode: 'live' as 'live' | 'read_only',
    settings: {} as Record<string, string>,
  });
  const [check, setCheck] = useState<CheckReply | null>(null);
  const kind = kinds.data?.find((k) => k.name === form.values.channel);
  const body = () => ({ ...form.values, base_url: form.values.base_url || undefined });
  const passed = check?.items.every((i) => i.ok) ?? false;
  const back = () =>
    kind
      ? form.set('channel', '')
      : void navigate({ to: '/settings/$section', params: { section: 'channels' } });
  const test = () => form.submit(async () => setCheck(await post<CheckReply>('/api/accounts/check', body())));
  const save = () =>
    form.submit(async () => {
      const made = await post<Account>('/api/accounts', body());
      await client.invalidateQueries({ queryKey: keys.accounts });
      void client.invalidateQueries({ queryKey: keys.session });
      void navigate({ to: '/settings/$section/$id', params: { section: 'channels', id: made.id } });
    });
  return (
    <>
      <div className="settings-head">
        <Button variant="subtle" leftSection={<IconArrowLeft size={16} stroke={1.75} />} onClick={back}>
          {t('do.back')}
        </Button>
        <h2 className="big">
          {kind ? t('channels.connect_named', { name: kind.title }) : t('channels.choose')}
        </h2>
      </div>
      {kinds.error ? (
        <ErrorState error={kinds.error} retry={() => void kinds.refetch()} />
      ) : !kinds.data ? (
        <Bones />
      ) : !kind ? (
        <div className="kinds">
          {kinds.data.map((k) => (
            <button
              key={k.name}
              type="button"
              className="kind card"
              data-testid={`kind-${k.name}`}
              onClick={() => {
                form.setValues((v) => ({ ...v, channel: k.name, name: k.title, settings: {} }));
                setCheck(null);
              }}
            >
              <ChannelBadge channel={k.name} size={28} />
              <span className="strong">{k.title}</span>
              <span className="caption">{k.ops.map((op) => t(`action.${op}`)).join(', ')}</span>
            </button>
          ))}
        </div>
      ) : (
        <div className="wizard">
          <form
            className="form card wizard-form"
            onSubmit={(e) => {
              e.preventDefault();
              void (passed ? save() : test());
            }}
          >
            <TextInput
              label={t('channels.name')}
              description={t('channels.name_hint')}
              required
              withAsterisk={false}
              maxLength={100}
              {...form.field('name')}
            />
            <SettingsFields
              only="required"
              kind={kind}
              values={form.values.settings}
              errors={form.errors}
              onChange={(settings) => {
                form.set('settings', settings);
                setCheck(null);
              }}
            />
            <ModeField value={form.values.mode} onChange={(mode) => form.set('mode', mode)} />
            <details>
              <summary className="caption">{t('channels.more')}</summary>
              <div className="stack wizard-more">
                <SettingsFields
                  only="optional"
                  kind={kind}
                  values={form.values.settings}
                  errors={form.errors}
                  onChange={(settings) => {
                    form.set('settings', settings);
                    setCheck(null);
                  }}
                />
                <TextInput
                  label={t('channels.base_url')}
                  placeholder={kind.base_url}
                  {...form.field('base_url')}
                />
              </div>
            </details>
            {form.general && (
              <div className="notice notice-red" role="alert">
                {form.general}
              </div>
            )}
            {check && <CheckList reply={check} />}
            <div className="row">
              <Submit
                variant={passed ? 'default' : 'filled'}
                size="md"
                loading={form.busy && !passed}
                leftSection={<IconPlugConnected size={16} stroke={1.75} />}
                onClick={passed ? () => void test() : undefined}
                data-testid="check"
              >
                {t('channels.check')}
              </Submit>
              {check && (
                <Submit
                  variant={passed ? 'filled' : 'default'}
                  size="md"
                  loading={form.busy && passed}
                  onClick={passed ? undefined : () => void save()}
                  data-testid="save"
                >
                  {passed ? t('channels.turn_on') : t('channels.save_anyway')}
                </Submit>
              )}
            </div>
          </form>
          <aside className="wizard-help">
            <h3>{t('channels.where')}</h3>
            <p>{i18n.exists(`where.${kind.name}`) ? t(`where.${kind.name}`) : t('where.other')}</p>
            <p className="caption">{t('channels.sealed')}</p>
          </aside>
        </div>
      )}
    </>
  );
}
