import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { get, post } from '../../api/client';
import type { CustomersTagged } from '../../api/types';
import { tagKey } from './tagging';
import { useIdentity } from './useIdentity';

/** Words that are on cards. */
export const useTagNames = (enabled = true) =>
  useQuery({
    queryKey: tagKey,
    enabled,
    queryFn: async ({ signal }) =>
      (await get<{ items: string[] }>('/api/customers/tags', undefined, signal)).items,
  }).data ?? [];

/** Puts a word on cards or takes it off; the toast takes that back. */
export function useTags() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const { attempt, tell } = useIdentity();
  const send = async (ids: string[], tag: string, on: boolean) => {
    const done = await post<CustomersTagged>('/api/customers/tags', { ids, tag, on });
    void client.invalidateQueries({ queryKey: tagKey });
    return done;
  };
  return (ids: string[], tag: string, on: boolean) =>
    attempt(async () => {
      const { changed, left } = await send(ids, tag, on);
      const said = t(on ? 'customers.tag_put' : 'customers.tag_taken', { name: tag, count: changed.length });
      tell(
        left ? `${said}. ${t('customers.tag_left', { count: left })}` : said,
        changed.length ? () => send(changed, tag, !on) : undefined,
      );
    });
}
