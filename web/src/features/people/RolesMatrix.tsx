import { Button } from '@mantine/core';
import { IconCheck, IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { RoleRow } from '../../api/types';
import { Card } from '../../ui/bits';
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
