import { infiniteQueryOptions, queryOptions, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { accountsAsked, viewsAsked } from '../../api/asked';
import { get } from '../../api/client';
import { keys } from '../../api/keys';
import type { OrderCard, Page, QueueCounts, QueueRow } from '../../api/types';
import { pagePath, toQuery, type Filters } from './address';

const manyPages = 4;

/** What a list holds once its first page was read anew and the others were not: of what stood before the last row of that
 * page only what is on it is left. */
export function withHead(pages: Page<QueueRow>[], head: Page<QueueRow> | undefined): QueueRow[] {
  const all = pages.flatMap((p) => p.items);
  if (!head || !pages.length) return all;
  if (!head.next) return head.items;
  const fresh = new Set(head.items.map((r) => r.id));
  const last = all.findLastIndex((r) => fresh.has(r.id));
  return [...head.items, ...all.slice(last + 1)];
}

const listKey = (filters: Filters, sort: string | undefined) => `${toQuery(filters)}|${sort ?? ''}`;
const readPage = (filters: Filters, sort: string | undefined, after: string, signal: AbortSignal) =>
  get<Page<QueueRow>>(pagePath(filters, sort, after), undefined, signal);
export const queueAsked = (filters: Filters, sort: string | undefined) =>
  infiniteQueryOptions({
    queryKey: keys.queueList(listKey(filters, sort)),
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) => readPage(filters, sort, pageParam, signal),
    getNextPageParam: (page) => page.next ?? undefined,
  });

/** Pages of a list by keyset. While somebody is deep in it, what happens makes only its first page be read again.
 *  @param known whether it is known what to ask for: before that nothing is. */
export function useQueue(filters: Filters, sort: string | undefined, known: boolean) {
  const key = listKey(filters, sort);
  const [deep, setDeep] = useState<string | null>(null);
  const list = useInfiniteQuery({ ...queueAsked(filters, sort), enabled: known && deep !== key });
  const count = list.data?.pages.length ?? 0;
  if (count > manyPages && deep !== key) setDeep(key);
  const head = useQuery({
    queryKey: keys.queueHead(key),
    queryFn: ({ signal }) => readPage(filters, sort, '', signal),
    enabled: deep === key,
    staleTime: Infinity,
  });
  const fresh = deep === key ? head.data : undefined;
  const rows = useMemo(() => (list.data ? withHead(list.data.pages, fresh) : undefined), [list.data, fresh]);
  return { list, rows, key };
}

export const countsAsked = (query: string) =>
  queryOptions({
    queryKey: keys.queueCounts(query),
    queryFn: ({ signal }) => get<QueueCounts>('/api/queue/counts', query, signal),
  });
export const useCounts = (query: string, enabled = true) =>
  useQuery({ ...countsAsked(query), enabled, placeholderData: (old) => old });

export const useViews = () => useQuery(viewsAsked);
export const useAccounts = () => useQuery(accountsAsked);

/** The server acts on no more than this at once. */
export const bulkMax = 5000;

/** The ids of a zone, also of pages that are not loaded yet; the most urgent ones when there are too many. */
export async function idsOf(query: string, zone: string): Promise<string[]> {
  const params = new URLSearchParams(query);
  params.set('zone', zone);
  params.set('limit', '200');
  const ids: string[] = [];
  while (ids.length < bulkMax) {
    const page = await get<Page<QueueRow>>('/api/queue', params);
    ids.push(...page.items.map((r) => r.id));
    if (!page.next) break;
    params.set('after', page.next);
  }
  return ids.slice(0, bulkMax);
}

/** An order that the address names and the list has not read: looked at all the same. */
export const useFarRow = (id: string | undefined, wanted: boolean) =>
  useQuery({
    queryKey: keys.order(id ?? ''),
    queryFn: () => get<OrderCard>(`/api/orders/${id}`),
    enabled: wanted && id !== undefined,
    retry: false,
  }).data;
