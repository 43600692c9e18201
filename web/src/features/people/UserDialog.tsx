import { Button, Modal, MultiSelect, PasswordInput, Switch, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { patch, post } from '../../api/client';
import { keys } from '../../api/keys';
import type { Role, UserRow } from '../../api/types';
import { useSession } from '../../base/shop';
import { toast } from '../../base/toasts';
import { ConflictDialog } from '../../ui/ConflictDialog';
import { useForm } from '../../ui/useForm';
import { Submit } from '../../ui/Submit';
import { RolePick, useRoleNames } from './RolePick';

export function UserDialog({ user, onClose }: { user: UserRow | null; onClose: () => void }) {
  const { t } = useTranslation();
  const session = useSession();
  const client = useQueryClient();
  const form = useForm(
    {
      name: user?.name ?? '',
      login: user?.login ?? '',
      roles: user?.roles ?? (['manager'] as Role[]),
      own_roles: user?.own_roles ?? ([] as string[]),
      accounts: user?.accounts ?? [],
      password: '',
      state: user?.state ?? ('active' as UserRow['state']),
    },
    { version: user?.version },
  );
  const { values, set, setValues } = form;
  const names = useRoleNames();
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
        <RolePick
          value={values}
          onChange={(roles) => setValues((v) => ({ ...v, ...roles }))}
          error={form.errors.roles || form.errors.own_roles}
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
        {user?.second_factor_at && user.id !== session.user.id && (
          <div>
            <Button
              onClick={() =>
                void form.submit(async (_values, version) => {
                  await post(`/api/users/${user.id}/second-factor/reset`);
                  void client.invalidateQueries({ queryKey: keys.users });
                  toast(t('factor.reset_done'));
                  onClose();
                  return version;
                })
              }
              data-testid="factor-reset"
            >
              {t('factor.reset')}
            </Button>
            <p className="caption">{t('factor.reset_hint')}</p>
          </div>
        )}
        {user && user.id !== session.user.id && (
          <Switch
            label={t('users.block')}
            checked={values.state === 'blocked'}
            onChange={(e) => set('state', e.target.checked ? 'blocked' : 'active')}
          />
        )}
        {form.general && <div className="notice notice-red">{form.general}</div>}
        <div className="row">
          <Submit
            size="md"
            className="end"
            loading={form.busy}
            disabled={!values.roles.length && !values.own_roles.length}
          >
            {t('do.save')}
          </Submit>
        </div>
        <ConflictDialog
          clash={form.clash}
          label={(name) => t(`users.field_${name}`)}
          show={(name, value) =>
            name === 'roles'
              ? names({ roles: value as Role[], own_roles: [] })
              : name === 'own_roles'
                ? names({ roles: [], own_roles: value as string[] })
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
