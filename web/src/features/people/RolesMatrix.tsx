import { Button } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { IconCheck, IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { get, put } from '../../api/client';
import { keys } from '../../api/keys';
import type { RoleRow, SecondFactorRoles } from '../../api/types';
import { useProblemText } from '../../base/problem';
import { toast } from '../../base/toasts';
import { Card } from '../../ui/bits';
import { Check } from '../../ui/Check';
import { RoleDialog } from './RoleDialog';
import { useRoles } from './RolePick';

/** What each role may: read from the server, which checks it on every call. The shop's own roles open to be changed. */
export function RolesMatrix() {
  const { t } = useTranslation();
  const roles = useRoles();
  const [edit, setEdit] = useState<RoleRow | 'new' | null>(null);
  if (!roles.data) return null;
  const rights = roles.data[0]?.permissions ?? [];
  return (
    <Card
      title={t('users.matrix')}
      aside={
        <Button size="xs" leftSection={<IconPlus size={14} stroke={1.9} />} onClick={() => setEdit('new')}>
          {t('users.role_add')}
        </Button>
      }
    >
      <div className="table-scroll">
        <table className="table matrix">
          <thead>
            <tr>
              <th>{t('users.right')}</th>
              {roles.data.map((r) => (
                <th key={r.role ?? r.id}>
                  {r.role ? (
                    t(`role.${r.role}`)
                  ) : (
                    <button type="button" className="link-plain" onClick={() => setEdit(r)}>
                      {r.name}
                    </button>
                  )}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            <DemandRow roles={roles.data} />
            {rights.map((right) => (
              <tr key={right}>
                <td>{t(`permission.${right.replace('.', '_')}`)}</td>
                {roles.data.map((r) => (
                  <td key={r.role ?? r.id}>
                    {r.permissions.includes(right) ? (
                      <IconCheck size={16} stroke={1.9} aria-label={t('users.may')} />
                    ) : (
                      <span className="quiet" aria-label={t('users.may_not')} role="img">
                        ·
                      </span>
                    )}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p className="caption">{t('users.matrix_hint')}</p>
      {edit && (
        <RoleDialog
          role={edit === 'new' ? null : edit}
          all={roles.data}
          rights={rights}
          onClose={() => setEdit(null)}
        />
      )}
    </Card>
  );
}

/** Of which roles a second step of the sign-in is demanded. */
function DemandRow({ roles }: { roles: RoleRow[] }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const problem = useProblemText();
  const demanded = useQuery({
    queryKey: keys.secondFactorRoles,
    queryFn: () => get<SecondFactorRoles>('/api/second-factor/roles'),
  });
  const save = useMutation({
    mutationFn: (now: SecondFactorRoles) => put<SecondFactorRoles>('/api/second-factor/roles', now),
    onSuccess: (now) => {
      client.setQueryData(keys.secondFactorRoles, now);
      void client.invalidateQueries({ queryKey: keys.session });
      toast(t('do.saved'));
    },
    onError: (error) => toast(problem(error), { tone: 'error' }),
  });
  const now = demanded.data;
  if (!now) return null;
  const has = (r: RoleRow) =>
    r.role ? now.roles.includes(r.role) : r.id !== null && now.own_roles.includes(r.id);
  const toggled = (r: RoleRow): SecondFactorRoles => {
    const without = {
      roles: now.roles.filter((one) => one !== r.role),
      own_roles: now.own_roles.filter((one) => one !== r.id),
    };
    if (has(r)) return without;
    if (r.role) return { ...without, roles: [...without.roles, r.role] };
    return { ...without, own_roles: [...without.own_roles, ...(r.id ? [r.id] : [])] };
  };
  return (
    <tr data-testid="factor-demand">
      <td>{t('factor.demanded')}</td>
      {roles.map((r) => (
        <td key={r.role ?? r.id}>
          <Check
            label={t('factor.demand_of', { role: r.role ? t(`role.${r.role}`) : r.name })}
            checked={has(r)}
            onChange={() => save.mutate(toggled(r))}
          />
        </td>
      ))}
    </tr>
  );
}
