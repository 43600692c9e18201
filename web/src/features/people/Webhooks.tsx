import {
  ActionIcon,
  Button,
  Checkbox,
  CopyButton,
  Menu,
  Modal,
  MultiSelect,
  Switch,
  TextInput,
} from '@mantine/core';
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { IconCopy, IconDots, IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { get, patch, post, remove } from '../../api/client';
import { keys } from '../../api/keys';
import type { Page, Webhook, WebhookDelivery, WebhookEvent } from '../../api/types';
import { itemsOf } from '../../base/items';
import { useProblemText } from '../../base/problem';
import { useSession } from '../../base/shop';
import { toast } from '../../base/toasts';
import { Bones, Empty, When } from '../../ui/bits';
import { ConflictDialog } from '../../ui/ConflictDialog';
import { useForm } from '../../ui/useForm';
import { Submit } from '../../ui/Submit';
import { ListBox } from './ListBox';

const events: WebhookEvent[] = [
  'order.created',
  'order.updated',
  'order.status_changed',
  'order.cancelled',
  'return.created',
  'return.updated',
  'return.state_changed',
  'return.decided',
  'return.refunded',
  'claim.created',
  'claim.updated',
  'claim.state_changed',
  'claim.decided',
];
const wordOf = (event: string) => `webhook.on_${event.replaceAll('.', '_')}`;

/** Addresses of other programs that are told what happens to orders, returns and claims. */
export function Webhooks() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const problem = useProblemText();
  const list = useQuery({
    queryKey: keys.webhooks,
    queryFn: async () => itemsOf(await get<Webhook[]>('/api/webhooks')),
  });
  const [edit, setEdit] = useState<Webhook | 'new' | null>(null);
  const [log, setLog] = useState<Webhook | null>(null);
  const [secret, setSecret] = useState<string | null>(null);
  const again = () => void client.invalidateQueries({ queryKey: keys.webhooks });
  const run = useMutation({
    mutationFn: (call: () => Promise<unknown>) => call(),
    onSettled: again,
    onError: (error) => toast(problem(error), { tone: 'error' }),
  });
  const test = (hook: Webhook) =>
    run.mutate(async () => {
      await post(`/api/webhooks/${hook.id}/test`);
      setLog(hook);
    });
  return (
    <>
      <div className="settings-head">
        <div className="grow">
          <h2>{t('webhook.title')}</h2>
          <p className="soft">{t('webhook.intro')}</p>
        </div>
        <Button size="md" leftSection={<IconPlus size={16} stroke={1.9} />} onClick={() => setEdit('new')}>
          {t('webhook.add')}
        </Button>
      </div>
      <ListBox
        list={list}
        none={t('webhook.none')}
        head={
          <>
            <th>{t('apikeys.name')}</th>
            <th>{t('webhook.events')}</th>
            <th>{t('webhook.state')}</th>
            <th aria-label={t('do.more')} />
          </>
        }
      >
        {(h) => (
          <tr key={h.id}>
            <td>
              <button type="button" className="link-plain" onClick={() => setEdit(h)}>
                {h.name}
              </button>
              <div className="caption webhook-url">{h.url}</div>
            </td>
            <td className="soft">{h.events.map((e) => t(wordOf(e))).join(', ')}</td>
            <td>
              <HookState hook={h} />
            </td>
            <td className="right">
              <Menu>
                <Menu.Target>
                  <ActionIcon aria-label={t('webhook.more', { name: h.name })}>
                    <IconDots size={16} stroke={1.75} />
                  </ActionIcon>
                </Menu.Target>
                <Menu.Dropdown>
                  <Menu.Item onClick={() => setLog(h)}>{t('webhook.log')}</Menu.Item>
                  <Menu.Item onClick={() => test(h)} disabled={!h.enabled}>
                    {t('webhook.test')}
                  </Menu.Item>
                  <Menu.Item
                    onClick={() =>
                      run.mutate(async () =>
                        setSecret((await post<Webhook>(`/api/webhooks/${h.id}/rotate`)).secret ?? null),
                      )
                    }
                  >
                    {t('webhook.rotate')}
                  </Menu.Item>
                  <Menu.Item color="red" onClick={() => run.mutate(() => remove(`/api/webhooks/${h.id}`))}>
                    {t('do.delete')}
                  </Menu.Item>
                </Menu.Dropdown>
              </Menu>
            </td>
          </tr>
        )}
      </ListBox>
      {edit && (
        <HookDialog
          hook={edit === 'new' ? null : edit}
          onClose={() => setEdit(null)}
          onSecret={setSecret}
          onSaved={again}
        />
      )}
      {secret && <SecretDialog secret={secret} onClose={() => setSecret(null)} />}
      {log && <LogDialog hook={log} onTest={() => test(log)} onClose={() => setLog(null)} />}
    </>
  );
}

function HookState({ hook }: { hook: Webhook }) {
  const { t } = useTranslation();
  if (hook.stopped) return <span className="chip chip-red">{t(`webhook.stopped_${hook.stopped}`)}</span>;
  if (!hook.enabled) return <span className="chip">{t('webhook.off')}</span>;
  if (hook.failing_since)
    return (
      <span className="chip chip-amber">
        {t('webhook.failing')} <When at={hook.failing_since} />
      </span>
    );
  return <span className="chip chip-green">{t('webhook.fine')}</span>;
}

function SecretDialog({ secret, onClose }: { secret: string; onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('webhook.secret')}
      size={480}
      closeButtonProps={{ 'aria-label': t('do.close') }}
    >
      <div className="stack">
        <div className="notice">{t('apikeys.once')}</div>
        <div className="row">
          <code className="secret grow" data-testid="webhook-secret">
            {secret}
          </code>
          <CopyButton value={secret}>
            {({ copied, copy }) => (
              <Button leftSection={<IconCopy size={16} stroke={1.75} />} onClick={copy}>
                {t(copied ? 'do.copied' : 'do.copy')}
              </Button>
            )}
          </CopyButton>
        </div>
        <p className="caption">{t('webhook.secret_hint')}</p>
        <Button variant="filled" onClick={onClose}>
          {t('do.close')}
        </Button>
      </div>
    </Modal>
  );
}

function HookDialog({
  hook,
  onClose,
  onSecret,
  onSaved,
}: {
  hook: Webhook | null;
  onClose: () => void;
  onSecret: (secret: string) => void;
  onSaved: () => void;
}) {
  const { t } = useTranslation();
  const session = useSession();
  const form = useForm(
    {
      name: hook?.name ?? '',
      url: hook?.url ?? 'https://',
      events: hook?.events ?? (['order.created', 'order.status_changed'] as WebhookEvent[]),
      accounts: hook?.accounts ?? [],
      contents: hook?.contents ?? ('thin' as Webhook['contents']),
      enabled: hook?.enabled ?? true,
    },
    { version: hook?.version },
  );
  const { values, set } = form;
  const flip = (e: WebhookEvent) =>
    set('events', values.events.includes(e) ? values.events.filter((x) => x !== e) : [...values.events, e]);
  return (
    <Modal
      opened
      onClose={onClose}
      title={hook?.name ?? t('webhook.add')}
      size={520}
      closeButtonProps={{ 'aria-label': t('do.close') }}
    >
      <form
        className="stack"
        onSubmit={(e) => {
          e.preventDefault();
          void form.submit(async ({ enabled, ...rest }, version) => {
            const made = hook
              ? await patch<Webhook>(`/api/webhooks/${hook.id}`, { ...rest, enabled }, version)
              : await post<Webhook>('/api/webhooks', rest);
            onSaved();
            onClose();
            if (made.secret) onSecret(made.secret);
            else toast(t('do.saved'));
          });
        }}
      >
        <TextInput label={t('apikeys.name')} maxLength={100} {...form.field('name')} data-autofocus />
        <TextInput
          label={t('webhook.url')}
          description={t('webhook.url_hint')}
          maxLength={2000}
          {...form.field('url')}
        />
        <div>
          <div className="field-label">{t('webhook.events')}</div>
          <div className="form-two">
            {events.map((e) => (
              <Checkbox
                key={e}
                name="events"
                label={t(wordOf(e))}
                checked={values.events.includes(e)}
                onChange={() => flip(e)}
              />
            ))}
          </div>
          {form.errors.events && <div className="field-error">{form.errors.events}</div>}
        </div>
        <MultiSelect
          label={t('users.accounts')}
          description={t('users.accounts_hint')}
          value={values.accounts}
          onChange={(v) => set('accounts', v)}
          data={session.accounts.map((a) => ({ value: a.id, label: a.name }))}
          error={form.errors.accounts || undefined}
        />
        <Checkbox
          label={t('webhook.full')}
          description={t('webhook.full_hint')}
          checked={values.contents === 'full'}
          onChange={(e) => set('contents', e.target.checked ? 'full' : 'thin')}
        />
        {hook && (
          <Switch
            label={t('webhook.enabled')}
            checked={values.enabled}
            onChange={(e) => set('enabled', e.target.checked)}
          />
        )}
        {form.general && <div className="notice notice-red">{form.general}</div>}
        <Submit size="md" loading={form.busy}>
          {t('do.save')}
        </Submit>
        <ConflictDialog
          clash={form.clash}
          label={(name) => t(`webhook.field_${name}`)}
          onSettle={form.settle}
        />
      </form>
    </Modal>
  );
}

/** What was sent and what each try came to; a delivery on its way is asked for again by itself. */
function LogDialog({ hook, onTest, onClose }: { hook: Webhook; onTest: () => void; onClose: () => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const problem = useProblemText();
  const key = keys.deliveries(hook.id);
  const log = useInfiniteQuery({
    queryKey: key,
    initialPageParam: '',
    queryFn: ({ pageParam }) =>
      get<Page<WebhookDelivery>>(
        `/api/webhooks/${hook.id}/deliveries`,
        new URLSearchParams({ limit: '20', ...(pageParam && { after: pageParam }) }),
      ),
    getNextPageParam: (page) => page.next,
    refetchInterval: (query) =>
      query.state.data?.pages[0]?.items.some((d) => d.state !== 'done' && d.attempts.length < 1)
        ? 1000
        : false,
  });
  const retry = useMutation({
    mutationFn: (id: string) => post(`/api/webhook-deliveries/${id}/retry`),
    onSettled: () => void client.invalidateQueries({ queryKey: key }),
    onError: (error) => toast(problem(error), { tone: 'error' }),
  });
  const rows = log.data?.pages.flatMap((p) => p.items) ?? [];
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('webhook.log_title', { name: hook.name })}
      size={720}
      closeButtonProps={{ 'aria-label': t('do.close') }}
    >
      <div className="stack" data-testid="deliveries">
        <div>
          <Button size="xs" onClick={onTest} disabled={!hook.enabled}>
            {t('webhook.test')}
          </Button>
        </div>
        {log.isLoading && <Bones lines={4} />}
        {log.data && rows.length === 0 && <Empty text={t('webhook.log_none')} />}
        {rows.map((d) => (
          <details key={d.id} className="delivery" data-state={d.state}>
            <summary>
              <When at={d.created_at} time />
              <span className="strong grow">{d.type}</span>
              <span
                className={`chip ${d.state === 'done' ? 'chip-green' : d.state === 'dead' ? 'chip-red' : 'chip-amber'}`}
              >
                {t(`webhook.is_${d.state}`)}
              </span>
              <span className="caption num">{d.attempts.at(-1)?.status || ''}</span>
            </summary>
            <pre className="delivery-body">{d.body}</pre>
            {d.attempts.map((a) => (
              <div key={a.n} className="caption">
                {t('webhook.attempt', { n: a.n, status: a.status || '—', ms: a.took_ms })}{' '}
                <When at={a.at} time /> {a.text}
              </div>
            ))}
            {d.state === 'waiting' && d.attempts.length > 0 && (
              <div className="caption">
                {t('webhook.next')} <When at={d.not_before} time />
              </div>
            )}
            {(d.state === 'done' || d.state === 'dead') && (
              <Button size="xs" onClick={() => retry.mutate(d.id)}>
                {t('webhook.again')}
              </Button>
            )}
          </details>
        ))}
        {log.hasNextPage && (
          <Button onClick={() => void log.fetchNextPage()} loading={log.isFetchingNextPage}>
            {t('audit.more')}
          </Button>
        )}
      </div>
    </Modal>
  );
}
