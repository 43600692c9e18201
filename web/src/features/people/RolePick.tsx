import { MultiSelect } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { get } from '../../api/client';
import { keys } from '../../api/keys';
import type { Role, RoleRow } from '../../api/types';
import { itemsOf } from '../../base/items';

export const useRoles = () =>
  useQuery({
    queryKey: keys.roles,
    queryFn: async () => itemsOf(await get<RoleRow[]>('/api/roles')),
  });

export interface Roles {
  roles: Role[];
  own_roles: string[];
}

/** Names of what somebody has: the program's roles in the language, the shop's own as they are called. */
export function useRoleNames() {
  const { t } = useTranslation();
  const all = useRoles();
  return ({ roles, own_roles }: Roles) =>
    [
      ...roles.map((r) => t(`role.${r}`)),
      ...own_roles.map((id) => all.data?.find((r) => r.id === id)?.name ?? ''),
    ]
      .filter(Boolean)
      .join(', ');
}

const mark = 'own:';

export function RolePick({
  value,
  onChange,
  error,
}: {
  value: Roles;
  onChange: (value: Roles) => void;
  error?: string;
}) {
  const { t } = useTranslation();
  const all = useRoles();
  return (
    <MultiSelect
      label={t('users.roles')}
      value={[...value.roles, ...value.own_roles.map((id) => mark + id)]}
      onChange={(v) =>
        onChange({
          roles: v.filter((r) => !r.startsWith(mark)) as Role[],
          own_roles: v.filter((r) => r.startsWith(mark)).map((r) => r.slice(mark.length)),
        })
      }
      data={(all.data ?? []).map((r) =>
        r.role ? { value: r.role, label: t(`role.${r.role}`) } : { value: mark + r.id, label: r.name },
      )}
      error={error}
    />
  );
}
