import { useQuery } from '@tanstack/react-query';
import { IconCheck } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { get } from '../../api/client';
import { keys } from '../../api/keys';
import type { RoleRow } from '../../api/types';
import { itemsOf } from '../../base/items';
import { Card } from '../../ui/bits';

/** What each role may: read from the server, which checks it on every call. */
export function RolesMatrix() {
  const { t } = useTranslation();
  const roles = useQuery({
    queryKey: keys.roles,
    queryFn: async () => itemsOf(await get<RoleRow[]>('/api/roles')),
    staleTime: Infinity,
  });
  if (!roles.data) return null;
  const rights = roles.data[0]?.permissions ?? [];
  return (
    <Card title={t('users.matrix')}>
      <div className="table-scroll">
        <table className="table matrix">
          <thead>
            <tr>
              <th>{t('users.right')}</th>
              {roles.data.map((r) => (
                <th key={r.role}>{t(`role.${r.role}`)}</th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rights.map((right) => (
              <tr key={right}>
                <td>{t(`permission.${right.replace('.', '_')}`)}</td>
                {roles.data.map((r) => (
                  <td key={r.role}>
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
    </Card>
  );
}
