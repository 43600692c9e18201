import { ActionIcon } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { IconTrash } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { get, remove } from '../../api/client';
import { keys } from '../../api/keys';
import type { Invitation } from '../../api/types';
import { itemsOf } from '../../base/items';
import { useProblemText } from '../../base/problem';
import { toast } from '../../base/toasts';
import { Card, When } from '../../ui/bits';
import { useRoleNames } from './RolePick';

/** Who is invited and has not come yet; a link can be taken back until then. */
export function Invitations() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const problem = useProblemText();
  const names = useRoleNames();
  const list = useQuery({
    queryKey: keys.invitations,
    queryFn: async () => itemsOf(await get<Invitation[]>('/api/invitations')),
  });
  const drop = useMutation({
    mutationFn: (id: string) => remove(`/api/invitations/${id}`),
    onSettled: () => void client.invalidateQueries({ queryKey: keys.invitations }),
    onError: (error) => toast(problem(error), { tone: 'error' }),
  });
  if (!list.data?.length) return null;
  return (
    <Card title={t('users.invited')}>
      <div className="table-scroll">
        <table className="table">
          <thead>
            <tr>
              <th>{t('auth.login')}</th>
              <th>{t('users.roles')}</th>
              <th className="right">{t('users.invite_until')}</th>
              <th aria-label={t('do.delete')} />
            </tr>
          </thead>
          <tbody>
            {list.data.map((i) => (
              <tr key={i.id}>
                <td>
                  <span className="strong">{i.login}</span>
                  {i.name && <div className="caption">{i.name}</div>}
                </td>
                <td>{names(i)}</td>
                <td className="right quiet">
                  <When at={i.expires_at} time />
                </td>
                <td className="right">
                  <ActionIcon
                    aria-label={t('users.invite_revoke', { login: i.login })}
                    onClick={() => drop.mutate(i.id)}
                  >
                    <IconTrash size={16} stroke={1.75} />
                  </ActionIcon>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Card>
  );
}
