import { ActionIcon, Button, Checkbox, CopyButton, Modal, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { IconCopy, IconPlus, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { get, post, remove } from '../../api/client';
import { keys } from '../../api/keys';
import type { ApiKey, Permission } from '../../api/types';
import { itemsOf } from '../../base/items';
import { useProblemText } from '../../base/problem';
import { useSession } from '../../base/shop';
import { toast } from '../../base/toasts';
import { When } from '../../ui/bits';
import { useForm } from '../../ui/useForm';
import { Webhooks } from './Webhooks';
import './people.css';
import { Submit } from '../../ui/Submit';
import { ListBox } from './ListBox';

export default function KeysPage() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const problem = useProblemText();
  const list = useQuery({
    queryKey: keys.apiKeys,
    queryFn: async () => itemsOf(await get<ApiKey[]>('/api/keys')),
  });
  const [adding, setAdding] = useState(false);
  const drop = useMutation({
    mutationFn: (id: string) => remove(`/api/keys/${id}`),
    onSuccess: () => void client.invalidateQueries({ queryKey: keys.apiKeys }),
    onError: (error) => toast(problem(error), { tone: 'error' }),
  });
  return (
    <>
      <div className="settings-head">
        <p className="soft grow">{t('apikeys.intro')}</p>
        <Button
          variant="filled"
          size="md"
          leftSection={<IconPlus size={16} stroke={1.9} />}
          onClick={() => setAdding(true)}
        >
          {t('apikeys.add')}
        </Button>
      </div>
      <ListBox
        list={list}
        none={t('apikeys.none')}
        head={
          <>
            <th>{t('apikeys.name')}</th>
            <th>{t('apikeys.scopes')}</th>
            <th className="right">{t('apikeys.made')}</th>
            <th className="right">{t('apikeys.used')}</th>
            <th aria-label={t('do.delete')} />
          </>
        }
      >
        {(k) => (
          <tr key={k.id}>
            <td className="strong">{k.name}</td>
            <td className="soft">{k.scopes.map((s) => t(`permission.${s.replace('.', '_')}`)).join(', ')}</td>
            <td className="right quiet">
              <When at={k.created_at} />
            </td>
            <td className="right quiet">
              {k.last_used_at ? <When at={k.last_used_at} /> : t('users.never')}
            </td>
            <td className="right">
              <ActionIcon
                aria-label={t('apikeys.delete', { name: k.name })}
                onClick={() => drop.mutate(k.id)}
              >
                <IconTrash size={16} stroke={1.75} />
              </ActionIcon>
            </td>
          </tr>
        )}
      </ListBox>
      <Webhooks />
      {adding && <KeyDialog onClose={() => setAdding(false)} />}
    </>
  );
}

function KeyDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const session = useSession();
  const client = useQueryClient();
  const form = useForm({ name: '', scopes: ['orders.see'] as Permission[] });
  const [secret, setSecret] = useState<string | null>(null);
  const flip = (p: Permission) =>
    form.set(
      'scopes',
      form.values.scopes.includes(p) ? form.values.scopes.filter((s) => s !== p) : [...form.values.scopes, p],
    );
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('apikeys.add')}
      size={480}
      closeButtonProps={{ 'aria-label': t('do.close') }}
    >
      {secret ? (
        <div className="stack">
          <div className="notice">{t('apikeys.once')}</div>
          <div className="row">
            <code className="secret grow">{secret}</code>
            <CopyButton value={secret}>
              {({ copied, copy }) => (
                <Button leftSection={<IconCopy size={16} stroke={1.75} />} onClick={copy}>
                  {t(copied ? 'do.copied' : 'do.copy')}
                </Button>
              )}
            </CopyButton>
          </div>
          <Button variant="filled" onClick={onClose}>
            {t('do.close')}
          </Button>
        </div>
      ) : (
        <form
          className="stack"
          onSubmit={(e) => {
            e.preventDefault();
            void form.submit(async (body) => {
              const made = await post<ApiKey>('/api/keys', body);
              void client.invalidateQueries({ queryKey: keys.apiKeys });
              setSecret(made.secret ?? '');
            });
          }}
        >
          <TextInput
            label={t('apikeys.name')}
            required
            withAsterisk={false}
            maxLength={100}
            {...form.field('name')}
            data-autofocus
          />
          <div className="field-label">{t('apikeys.scopes')}</div>
          <div className="form-two">
            {session.user.permissions.map((p) => (
              <Checkbox
                key={p}
                label={t(`permission.${p.replace('.', '_')}`)}
                checked={form.values.scopes.includes(p)}
                onChange={() => flip(p)}
              />
            ))}
          </div>
          {form.general && <div className="notice notice-red">{form.general}</div>}
          <Submit size="md" loading={form.busy} disabled={!form.values.scopes.length}>
            {t('apikeys.create')}
          </Submit>
        </form>
      )}
    </Modal>
  );
}
