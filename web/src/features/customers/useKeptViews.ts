import { useQuery, useQueryClient } from '@tanstack/react-query';
import { get, patch, post, remove } from '../../api/client';
import { keys } from '../../api/keys';
import type { View } from '../../api/types';
import { useProblemText } from '../../base/problem';
import { toast } from '../../base/toasts';

type Change = Partial<Pick<View, 'name' | 'query' | 'shared'>>;

/** Views of the list that have a name: one's own, and those that others share. */
export function useKeptViews() {
  const client = useQueryClient();
  const problem = useProblemText();
  const list = useQuery({
    queryKey: keys.customerViews,
    queryFn: ({ signal }) => get<View[]>('/api/customers/views', undefined, signal),
    staleTime: 60_000,
  });
  const attempt = async (run: () => Promise<unknown>) => {
    try {
      await run();
      return true;
    } catch (error) {
      toast(problem(error), { tone: 'error' });
      return false;
    } finally {
      await client.invalidateQueries({ queryKey: keys.customerViews });
    }
  };
  return {
    views: list.data ?? [],
    known: list.data !== undefined,
    keep: (name: string, query: string) =>
      attempt(() => post<View>('/api/customers/views', { name, query, shared: false, position: 0 })),
    edit: (view: View, change: Change) =>
      attempt(() => patch<View>(`/api/customers/views/${view.id}`, change, view.version)),
    drop: (view: View) => attempt(() => remove(`/api/customers/views/${view.id}`, view.version)),
  };
}

/** The same for two addresses that ask for the same, whatever the order of their parts. */
export const viewQuery = (search: Record<string, string | undefined>) => {
  const parts = Object.entries(search).filter((e): e is [string, string] => Boolean(e[1]) && e[0] !== 'q');
  return new URLSearchParams(parts.toSorted(([a], [b]) => a.localeCompare(b))).toString();
};
