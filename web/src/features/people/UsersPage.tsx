import { Button, Modal, MultiSelect, PasswordInput, Switch, TextInput } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { get, patch, post } from '../../api/client';
import { keys } from '../../api/keys';
import type { Role, UserRow } from '../../api/types';
import { itemsOf } from '../../base/items';
import { useSession } from '../../base/shop';
import { toast } from '../../base/toasts';
import { Bones, ErrorState, Person, When } from '../../ui/bits';
import { ConflictDialog } from '../../ui/ConflictDialog';
import { useForm } from '../../ui/useForm';
import { RolesMatrix } from './RolesMatrix';
import './people.css';

const roles: Role[] = ['owner', 'manager', 'picker', 'accountant', 'marketer', 'support'];

export default function UsersPage() {
  const { t } = useTranslation();
  const session = useSession();
  const users = useQuery({
    queryKey: keys.users,
    queryFn: async () => itemsOf(await get<UserRow[]>('/api/users')),
  });
  const [edit, setEdit] = useState<UserRow | 'new' | null>(null);
  return (
    <>
      <div className="settings-head">
        <p className="soft grow">{t('users.intro')}</p>
        <Button
          variant="filled"
          size="md"
          leftSection={<IconPlus size={16} stroke={1.9} />}
          onClick={() => setEdit('new')}
        >
          {t('users.add')}
        </Button>
      </div>
      {users.error ? (
        <ErrorState error={users.error} retry={() => void users.refetch()} />
      ) : !users.data ? (
        <Bones lines={4} height={36} />
      ) : (
        <section className="card table-scroll">
          <table className="table">
            <thead>
              <tr>
                <th>{t('users.name')}</th>
                <th>{t('users.roles')}</th>
                <th>{t('users.accounts')}</th>
                <th className="right">{t('users.seen')}</th>
              </tr>
            </thead>
            <tbody>
              {users.data.map((u) => (
                <tr key={u.id}>
                  <td>
                    <span className="row">
                      <Person name={u.name} size={28} />
                      <span>
                        <button type="button" className="link-plain" onClick={() => setEdit(u)}>
                          {u.name}
                        </button>
                        <div className="caption">{u.login}</div>
                      </span>
                      {u.state === 'blocked' && <span className="chip chip-red">{t('users.blocked')}</span>}
                    </span>
                  </td>
                  <td>{u.roles.map((r) => t(`role.${r}`)).join(', ')}</td>
                  <td className="soft">
                    {u.accounts.length
                      ? u.accounts
                          .map((id) => session.accounts.find((a) => a.id === id)?.name ?? id)
                          .join(', ')
                      : t('users.all_accounts')}
                  </td>
                  <td className="right quiet">
                    {u.last_seen_at ? <When at={u.last_seen_at} /> : t('users.never')}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
      <RolesMatrix />
      {edit && <UserDialog user={edit === 'new' ? null : edit} onClose={() => setEdit(null)} />}
    </>
  );
}

function UserDialog({ user, onClose }: { user: UserRow | null; onClose: () => void }) {
  const { t } = useTranslation();
  const session = useSession();
  const client = useQueryClient();
  const form = useForm(
    {
      name: user?.name ?? '',
      login: user?.login ?? '',
      roles: user?.roles ?? (['manager'] as Role[]),
      accounts: user?.accounts ?? [],
      password: '',
      state: user?.state ?? ('active' as UserRow['state']),
    },
    { version: user?.version },
  );
  const { values, set } = form;
  return (
    <Modal
      opened
      onClose={onClose}
      title={user ? user.name : t('users.add')}
      size={480}
      closeButtonProps={{ 'aria-label': t('do.close') }}
    >
      <form
        className="stack"
        onSubmit={(e) => {
          e.preventDefault();
          void form.submit(async ({ password, state, ...rest }, version) => {
            const body = { ...rest, ...(password ? { password } : {}) };
            if (user) await patch(`/api/users/${user.id}`, { ...body, state }, version);
            else await post('/api/users', body);
            void client.invalidateQueries({ queryKey: keys.users });
            void client.invalidateQueries({ queryKey: keys.session });
            toast(t('do.saved'));
            onClose();
          });
        }}
      >
        <TextInput
          label={t('setup.name')}
          required
          withAsterisk={false}
          maxLength={100}
          {...form.field('name')}
          data-autofocus
        />
        <TextInput
          label={t('auth.login')}
          required
          withAsterisk={false}
          maxLength={200}
          autoComplete="off"
          {...form.field('login')}
        />
        <MultiSelect
          label={t('users.roles')}
          value={values.roles}
          onChange={(v) => set('roles', v as Role[])}
          data={roles.map((r) => ({ value: r, label: t(`role.${r}`) }))}
          error={form.errors.roles}
        />
        <MultiSelect
          label={t('users.accounts')}
          description={t('users.accounts_hint')}
          placeholder={values.accounts.length ? '' : t('users.all_accounts')}
          value={values.accounts}
          onChange={(v) => set('accounts', v)}
          data={session.accounts.map((a) => ({ value: a.id, label: a.name }))}
        />
        <PasswordInput
          label={user ? t('users.new_password') : t('auth.password')}
          description={t('setup.password_hint')}
          required={!user}
          withAsterisk={false}
          autoComplete="new-password"
          {...form.field('password')}
          visibilityToggleButtonProps={{ 'aria-label': t('auth.show_password') }}
        />
        {user && user.id !== session.user.id && (
          <Switch
            label={t('users.block')}
            checked={values.state === 'blocked'}
            onChange={(e) => set('state', e.target.checked ? 'blocked' : 'active')}
          />
        )}
        {form.general && <div className="notice notice-red">{form.general}</div>}
        <div className="row">
          <Button
            type="submit"
            variant="filled"
            size="md"
            className="end"
            loading={form.busy}
            disabled={!values.roles.length}
          >
            {t('do.save')}
          </Button>
        </div>
        <ConflictDialog
          clash={form.clash}
          label={(name) => t(`users.field_${name}`)}
          show={(name, value) =>
            name === 'roles'
              ? (value as Role[]).map((r) => t(`role.${r}`)).join(', ')
              : name === 'accounts'
                ? (value as string[])
                    .map((id) => session.accounts.find((a) => a.id === id)?.name ?? id)
                    .join(', ')
                : String(value)
          }
          onSettle={form.settle}
        />
      </form>
    </Modal>
  );
}
