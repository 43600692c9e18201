import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { IconSend, IconUserPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { get } from '../../api/client';
import { keys } from '../../api/keys';
import type { UserRow } from '../../api/types';
import { itemsOf } from '../../base/items';
import { useSession } from '../../base/shop';
import { Bones, ErrorState, Person, When } from '../../ui/bits';
import { Invitations } from './Invitations';
import { InviteDialog } from './InviteDialog';
import { useRoleNames } from './RolePick';
import { RolesMatrix } from './RolesMatrix';
import { UserDialog } from './UserDialog';
import './people.css';

export default function UsersPage() {
  const { t } = useTranslation();
  const session = useSession();
  const users = useQuery({
    queryKey: keys.users,
    queryFn: async () => itemsOf(await get<UserRow[]>('/api/users')),
  });
  const names = useRoleNames();
  const [inviting, setInviting] = useState(false);
  const [edit, setEdit] = useState<UserRow | 'new' | null>(null);
  return (
    <>
      <div className="settings-head">
        <p className="soft grow">{t('users.intro')}</p>
        <Button
          size="md"
          leftSection={<IconUserPlus size={16} stroke={1.9} />}
          onClick={() => setEdit('new')}
        >
          {t('users.add')}
        </Button>
        <Button
          variant="filled"
          size="md"
          leftSection={<IconSend size={16} stroke={1.9} />}
          onClick={() => setInviting(true)}
        >
          {t('users.invite')}
        </Button>
      </div>
      {users.error ? (
        <ErrorState error={users.error} retry={() => void users.refetch()} />
      ) : !users.data ? (
        <Bones lines={4} height={36} />
      ) : (
        <section className="card table-scroll">
          <table className="table table-cards">
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
                      {u.second_factor_at && <span className="chip chip-green">{t('factor.has')}</span>}
                      {u.state === 'blocked' && <span className="chip chip-red">{t('users.blocked')}</span>}
                    </span>
                  </td>
                  <td data-label={t('users.roles')}>{names(u)}</td>
                  <td data-label={t('users.accounts')} className="soft">
                    {u.accounts.length
                      ? u.accounts
                          .map((id) => session.accounts.find((a) => a.id === id)?.name ?? id)
                          .join(', ')
                      : t('users.all_accounts')}
                  </td>
                  <td data-label={t('users.seen')} className="right quiet">
                    {u.last_seen_at ? <When at={u.last_seen_at} /> : t('users.never')}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
      <Invitations />
      <RolesMatrix />
      {inviting && <InviteDialog onClose={() => setInviting(false)} />}
      {edit && <UserDialog user={edit === 'new' ? null : edit} onClose={() => setEdit(null)} />}
    </>
  );
}
