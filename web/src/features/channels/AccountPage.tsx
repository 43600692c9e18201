import { Button, Modal, Switch, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import {
  IconAlertTriangle,
  IconArrowLeft,
  IconPlayerPause,
  IconPlayerPlay,
  IconPlugConnected,
  IconRefresh,
} from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { get, patch, post, remove } from '../../api/client';
import { keys } from '../../api/keys';
import type { Account, ChannelKind, CheckReply } from '../../api/types';
import { itemsOf } from '../../base/items';
import { useProblemText } from '../../base/problem';
import { toast } from '../../base/toasts';
import { Card, When } from '../../ui/bits';
import { ChannelBadge } from '../../ui/ChannelBadge';
import { ConflictDialog } from '../../ui/ConflictDialog';
import { useForm } from '../../ui/useForm';
import { AccountState } from './AccountState';
import { NightBox } from './NightBox';
import { ParkedBox } from './ParkedBox';
import { QuotaBox } from './QuotaBox';
import { CheckList, ModeField, SettingsFields } from './SettingsFields';
import { StatusMap } from './StatusMap';
import { Submit } from '../../ui/Submit';

export function AccountPage({ account }: { account: Account }) {
  const { t, i18n } = useTranslation();
  const client = useQueryClient();
  const navigate = useNavigate();
  const problem = useProblemText();
  const [check, setCheck] = useState<CheckReply | null>(null);
  const [asking, setAsking] = useState(false);
  const failed = (error: unknown) => void toast(problem(error), { tone: 'error' });
  const home = () => void navigate({ to: '/settings/$section', params: { section: 'channels' } });
  const refresh = () => {
    void client.invalidateQueries({ queryKey: keys.accounts });
    void client.invalidateQueries({ queryKey: keys.overview });
  };
  const act = useMutation({
    mutationFn: (what: 'fetch' | 'pause' | 'resume') => post(`/api/accounts/${account.id}/${what}`),
    onSuccess: (_r, what) => {
      toast(t(`channels.did_${what}`, { name: account.name }));
      refresh();
    },
    onError: failed,
  });
  const test = useMutation({
    mutationFn: () => post<CheckReply>(`/api/accounts/${account.id}/check`),
    onSuccess: setCheck,
    onError: failed,
  });
  const drop = useMutation({
    mutationFn: () => remove(`/api/accounts/${account.id}`, account.version),
    onSuccess: () => {
      refresh();
      home();
    },
    onError: failed,
  });
  const paused = account.state === 'paused';
  const code = account.error ? `problem.${account.error.code.replaceAll('.', '_')}` : '';
  return (
    <>
      <div className="settings-head">
        <Button variant="subtle" leftSection={<IconArrowLeft size={16} stroke={1.75} />} onClick={home}>
          {t('settings.channels')}
        </Button>
        <ChannelBadge channel={account.channel} />
        <h2 className="big">{account.name}</h2>
        <AccountState account={account} />
        {account.mode === 'read_only' && <span className="chip">{t('mode.read_only')}</span>}
        <span className="end row row-wrap">
          <Button
            leftSection={<IconPlugConnected size={16} stroke={1.75} />}
            loading={test.isPending}
            onClick={() => test.mutate()}
            data-testid="check"
          >
            {t('channels.check')}
          </Button>
          <Button
            leftSection={
              paused ? (
                <IconPlayerPlay size={16} stroke={1.75} />
              ) : (
                <IconPlayerPause size={16} stroke={1.75} />
              )
            }
            onClick={() => act.mutate(paused ? 'resume' : 'pause')}
            data-testid="pause"
          >
            {t(paused ? 'channels.resume' : 'channels.pause')}
          </Button>
          <Button
            variant="filled"
            leftSection={<IconRefresh size={16} stroke={1.75} />}
            loading={act.isPending}
            disabled={paused}
            onClick={() => act.mutate('fetch')}
            data-testid="fetch"
          >
            {t('channels.fetch')}
          </Button>
        </span>
      </div>
      {account.error && (
        <div className={`notice ${account.state === 'auth_failed' ? 'notice-red' : ''}`} role="alert">
          <IconAlertTriangle size={16} stroke={1.75} aria-hidden />
          <span className="grow">
            {i18n.exists(code) ? t(code) : account.error.text} <span>· {t('channels.since')} </span>
            <When at={account.error.since} />
          </span>
          <span className="caption">{account.error.text}</span>
        </div>
      )}
      {check && (
        <Card title={t('channels.check')}>
          <CheckList reply={check} />
        </Card>
      )}
      <div className="account-two">
        <QuotaBox account={account} />
        <EditBox key={account.id} account={account} onSaved={refresh} />
      </div>
      <ParkedBox account={account} />
      <NightBox account={account} />
      <StatusMap account={account} />
      <div className="row">
        <Button color="red" variant="subtle" onClick={() => setAsking(true)}>
          {t('channels.delete')}
        </Button>
      </div>
      {asking && (
        <Modal
          opened
          onClose={() => setAsking(false)}
          title={t('channels.delete_title', { name: account.name })}
          size={420}
          closeButtonProps={{ 'aria-label': t('do.close') }}
        >
          <div className="stack">
            <p style={{ margin: 0 }}>{t('channels.delete_text')}</p>
            <div className="row">
              <Button onClick={() => setAsking(false)}>{t('do.back')}</Button>
              <Button
                variant="filled"
                color="red"
                className="end"
                loading={drop.isPending}
                onClick={() => drop.mutate()}
              >
                {t('channels.delete')}
              </Button>
            </div>
          </div>
        </Modal>
      )}
    </>
  );
}

const edited = (account: Account) => ({
  name: account.name,
  mode: account.mode,
  base_url: account.base_url ?? '',
  accepted_means_assembling: account.accepted_means_assembling,
  settings: account.settings,
});

/** The account as it is stored now; of one that is gone the server speaks at the next try. */
async function stored(account: Account) {
  const all = itemsOf(await get<Account[]>('/api/accounts'));
  const now = all.find((a) => a.id === account.id) ?? account;
  return { ...edited(now), version: now.version };
}

function EditBox({ account, onSaved }: { account: Account; onSaved: () => void }) {
  const { t } = useTranslation();
  const kinds = useQuery({
    queryKey: keys.kinds,
    queryFn: async () => itemsOf(await get<ChannelKind[]>('/api/channel-kinds')),
    staleTime: Infinity,
  });
  const kind = kinds.data?.find((k) => k.name === account.channel);
  const form = useForm(edited(account), { version: account.version, current: () => stored(account) });
  const labels: Record<keyof ReturnType<typeof edited>, string> = {
    name: t('channels.name'),
    mode: t('channels.mode'),
    base_url: t('channels.base_url'),
    accepted_means_assembling: t('channels.accepted'),
    settings: t('channels.connection'),
  };
  const secret = (name: string) => kind?.settings.some((s) => s.name === name && s.secret);
  const show = (name: string, value: unknown) => {
    if (name === 'mode') return t(`mode.${value as Account['mode']}`);
    if (name !== 'settings') return String(value ?? '');
    const shown = Object.entries(value as Account['settings']).filter(([, v]) => v !== '');
    return shown.map(([key, v]) => `${t(`setting.${key}`, key)}: ${secret(key) ? '•••' : v}`).join('\n');
  };
  const save = () =>
    form.submit(async (values, version) => {
      // A secret that is left empty stays as it is.
      const settings = Object.fromEntries(Object.entries(values.settings).filter(([, v]) => v !== ''));
      const saved = await patch<Account>(
        `/api/accounts/${account.id}`,
        { ...values, base_url: values.base_url || null, settings },
        version,
      );
      toast(t('do.saved'));
      onSaved();
      return saved.version;
    });
  return (
    <Card title={t('channels.connection')}>
      <form
        className="form"
        onSubmit={(e) => {
          e.preventDefault();
          void save();
        }}
      >
        <TextInput label={t('channels.name')} maxLength={100} {...form.field('name')} />
        {kind && (
          <SettingsFields
            kind={kind}
            hasSecret={account.has_secret}
            values={form.values.settings}
            errors={form.errors}
            onChange={(s) => form.set('settings', s)}
          />
        )}
        <TextInput label={t('channels.base_url')} placeholder={kind?.base_url} {...form.field('base_url')} />
        <ModeField value={form.values.mode} onChange={(mode) => form.set('mode', mode)} />
        {account.channel === 'kaspi' && (
          <Switch
            label={t('channels.accepted')}
            checked={form.values.accepted_means_assembling}
            onChange={(e) => form.set('accepted_means_assembling', e.target.checked)}
          />
        )}
        {form.general && <div className="notice notice-red">{form.general}</div>}
        <div>
          <Submit size="md" loading={form.busy}>
            {t('do.save')}
          </Submit>
        </div>
        <ConflictDialog
          clash={form.clash}
          label={(name) => labels[name]}
          show={show}
          onSettle={form.settle}
        />
      </form>
    </Card>
  );
}
