import { Button, Checkbox, Modal, Select, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { ApiError, patch, post, remove } from '../../api/client';
import { keys } from '../../api/keys';
import type { Permission, RoleRow } from '../../api/types';
import { useProblemText } from '../../base/problem';
import { useMay } from '../../base/shop';
import { toast } from '../../base/toasts';
import { ConflictDialog } from '../../ui/ConflictDialog';
import { useForm } from '../../ui/useForm';
import { Submit } from '../../ui/Submit';

interface Props {
  /** A role of the shop's own, or a new one. */
  role: RoleRow | null;
  all: RoleRow[];
  /** Every right there is, in the order of the table. */
  rights: Permission[];
  onClose: () => void;
}

/** A role begins as a copy of another; a right that one does not have oneself cannot be given. */
export function RoleDialog({ role, all, rights, onClose }: Props) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const may = useMay();
  const problem = useProblemText();
  const form = useForm(
    { name: role?.name ?? '', permissions: role?.permissions ?? ([] as Permission[]) },
    { version: role?.version ?? undefined },
  );
  const { values, set } = form;
  const sorted = (list: Permission[]) => rights.filter((r) => list.includes(r));
  const flip = (right: Permission, on: boolean) =>
    set(
      'permissions',
      sorted(on ? [...values.permissions, right] : values.permissions.filter((p) => p !== right)),
    );
  const titleOf = (r: RoleRow) => (r.role ? t(`role.${r.role}`) : r.name);
  const keyOf = (r: RoleRow) => r.role ?? r.id ?? '';
  const finish = () => {
    void client.invalidateQueries({ queryKey: keys.roles });
    void client.invalidateQueries({ queryKey: keys.audit('') });
    toast(t('do.saved'));
    onClose();
  };
  const drop = async (own: RoleRow) => {
    try {
      await remove(`/api/roles/${own.id}`);
      finish();
    } catch (error) {
      const held = error instanceof ApiError && error.code === 'conflict';
      toast(held ? t('users.role_held') : problem(error), { tone: 'error' });
    }
  };
  const words = (list: Permission[]) => list.map((p) => t(`permission.${p.replace('.', '_')}`)).join(', ');
  return (
    <Modal
      opened
      onClose={onClose}
      title={role ? role.name : t('users.role_add')}
      size={520}
      closeButtonProps={{ 'aria-label': t('do.close') }}
    >
      <form
        className="stack"
        onSubmit={(e) => {
          e.preventDefault();
          void form.submit(async (body, version) => {
            if (role) await patch(`/api/roles/${role.id}`, body, version);
            else await post('/api/roles', body);
            finish();
          });
        }}
      >
        <TextInput
          label={t('users.role_name')}
          required
          withAsterisk={false}
          maxLength={50}
          {...form.field('name')}
          data-autofocus
        />
        {!role && (
          <Select
            label={t('users.role_from')}
            placeholder={t('users.role_from_none')}
            data={all.map((r) => ({ value: keyOf(r), label: titleOf(r) }))}
            onChange={(key) => {
              const from = all.find((r) => keyOf(r) === key);
              if (from) set('permissions', sorted(from.permissions.filter(may)));
            }}
          />
        )}
        <fieldset className="rights">
          <legend className="field-label">{t('users.rights')}</legend>
          {rights.map((right) => (
            <Checkbox
              key={right}
              label={t(`permission.${right.replace('.', '_')}`)}
              checked={values.permissions.includes(right)}
              disabled={!may(right)}
              onChange={(e) => flip(right, e.target.checked)}
            />
          ))}
          {form.errors.permissions && <p className="field-error">{form.errors.permissions}</p>}
        </fieldset>
        {form.general && (
          <div className="notice notice-red" role="alert">
            {form.general}
          </div>
        )}
        <div className="row">
          {role && (
            <Button color="red" variant="subtle" onClick={() => void drop(role)}>
              {t('do.delete')}
            </Button>
          )}
          <Submit size="md" className="end" loading={form.busy} disabled={!values.permissions.length}>
            {t('do.save')}
          </Submit>
        </div>
        <ConflictDialog
          clash={form.clash}
          label={(name) => (name === 'name' ? t('users.role_name') : t('users.rights'))}
          show={(name, value) => (name === 'permissions' ? words(value as Permission[]) : String(value))}
          onSettle={form.settle}
        />
      </form>
    </Modal>
  );
}
