import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { get } from '../../api/client';
import { keys } from '../../api/keys';
import type { Account, Page, QueueCounts, QueueRow, View } from '../../api/types';
import { itemsOf } from '../../base/items';

export const filterNames = [
  'status',
  'channel',
  'account_id',
  'zone',
  'assignee_id',
  'mark',
  'tag',
  'total_from',
  'total_to',
  'placed_from',
  'placed_to',
  'q',
] as const;
export type FilterName = (typeof filterNames)[number];
export type Filters = Partial<Record<FilterName, string>>;
type Search = Record<string, string | undefined>;

/** The view's own filters with those of the address laid over; an empty value takes one away. */
export function effective(view: View | undefined, search: Search): Filters {
  const out: Filters = {};
  const base = new URLSearchParams(view?.query ?? '');
  for (const name of filterNames) {
    const value = search[name] ?? base.get(name) ?? undefined;
    if (value) out[name] = value;
  }
  return out;
}

export function toQuery(filters: Filters): string {
  const kept = filterNames.flatMap((n) => (filters[n] ? [[n, filters[n]] as [string, string]] : []));
  return new URLSearchParams(kept).toString().replaceAll('%2C', ',');
}

/** What the address must hold so that the effective filters become `wanted`. */
export function toSearch(view: View | undefined, wanted: Filters): Search {
  const base = new URLSearchParams(view?.query ?? '');
  const out: Search = {};
  for (const name of filterNames) {
    const own = base.get(name) ?? undefined;
    const value = wanted[name] || undefined;
    if (value !== own) out[name] = value ?? '';
    else out[name] = undefined;
  }
  return out;
}

export const isChanged = (search: Search) => filterNames.some((n) => search[n] !== undefined);

export function useQueue(query: string, sort: string | undefined) {
  const key = `${query}|${sort ?? ''}`;
  const list = useInfiniteQuery({
    queryKey: keys.queueList(key),
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) => {
      const params = new URLSearchParams(query);
      params.set('limit', '100');
      if (sort) params.set('sort', sort);
      if (pageParam) params.set('after', pageParam);
      return get<Page<QueueRow>>(sort ? '/api/orders' : '/api/queue', params, signal);
    },
    getNextPageParam: (page) => page.next ?? undefined,
  });
  const rows = useMemo(() => list.data?.pages.flatMap((p) => p.items), [list.data]);
  return { list, rows, pages: list.data?.pages.length ?? 0, key };
}

export const useCounts = (query: string, enabled = true) =>
  useQuery({
    queryKey: keys.queueCounts(query),
    queryFn: ({ signal }) => get<QueueCounts>('/api/queue/counts', query, signal),
    enabled,
    placeholderData: (old) => old,
  });

export const useViews = () =>
  useQuery({ queryKey: keys.views, queryFn: async () => itemsOf(await get<View[]>('/api/views')) });

export const useAccounts = () =>
  useQuery({ queryKey: keys.accounts, queryFn: async () => itemsOf(await get<Account[]>('/api/accounts')) });

/** Every id of a zone, also of pages that are not loaded yet. */
export async function idsOf(query: string, zone: string): Promise<string[]> {
  const params = new URLSearchParams(query);
  params.set('zone', zone);
  params.set('limit', '200');
  const ids: string[] = [];
  for (let i = 0; i < 20; i++) {
    const page = await get<Page<QueueRow>>('/api/queue', params);
    ids.push(...page.items.map((r) => r.id));
    if (!page.next) break;
    params.set('after', page.next);
  }
  return ids;
}
