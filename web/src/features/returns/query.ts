import { infiniteQueryOptions, queryOptions, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { get } from '../../api/client';
import { keys } from '../../api/keys';
import type { Page, ReturnCard, ReturnCounts, ReturnRow, ReturnState } from '../../api/types';

/* What the address asks for, by the names of the server. */
export const filterNames = [
  'kind',
  'channel',
  'group',
  'zone',
  'account_id',
  'assignee_id',
  'requested_from',
  'requested_to',
  'rule',
  'forgotten',
  'unexplained',
  'q',
] as const;
export type FilterName = (typeof filterNames)[number];
export type Filters = Partial<Record<FilterName, string>>;
export type Search = Record<string, string | undefined>;

/* Both simple views of a seller: how far the decision is, and where the goods are. The second is made of states. */
export const decisionViews = ['all', 'request', 'check', 'approved', 'money', 'closed'] as const;
export const goodsViews = ['here', 'expected', 'received', 'refunded'] as const;
export type ViewName = (typeof decisionViews)[number] | (typeof goodsViews)[number];
const goodsStates: Record<(typeof goodsViews)[number], ReturnState[]> = {
  here: [
    'approved',
    'awaiting_dropoff',
    'in_transit',
    'received',
    'inspected',
    'partly_approved',
    'refunding',
    'replacing',
    'replaced',
    'rejected_after_check',
    'refunded',
  ],
  expected: ['approved', 'awaiting_dropoff', 'in_transit'],
  received: [
    'received',
    'inspected',
    'partly_approved',
    'refunding',
    'replacing',
    'replaced',
    'rejected_after_check',
  ],
  refunded: ['refunded'],
};

const isGoods = (name: string): name is (typeof goodsViews)[number] =>
  goodsViews.includes(name as (typeof goodsViews)[number]);
export const ofGoods = (view: ViewName) => isGoods(view);
export const viewsOf = (goods: boolean): readonly ViewName[] => (goods ? goodsViews : decisionViews);

export function viewOf(search: Search): ViewName {
  const all: readonly string[] = [...decisionViews, ...goodsViews];
  return all.includes(search.view ?? '') ? (search.view as ViewName) : 'all';
}
export const filtersOf = (search: Search): Filters =>
  Object.fromEntries(filterNames.flatMap((n) => (search[n] ? [[n, search[n]]] : [])));

/** The address of the list at the server: the view and the filters of the address. */
export function toQuery(view: ViewName, filters: Filters): string {
  const params = new URLSearchParams();
  if (isGoods(view)) params.set('state', goodsStates[view].join());
  else if (view === 'closed') params.set('closed', '1');
  else if (view !== 'all') params.set('stage', view);
  for (const name of filterNames) if (filters[name]) params.set(name, filters[name]);
  return params.toString().replaceAll('%2C', ',');
}

/** Lists without a deadline come newest first and have no counter. */
export const isQueue = (view: ViewName, filters: Filters) =>
  view !== 'closed' &&
  !filters.rule &&
  !filters.forgotten &&
  !filters.requested_from &&
  !filters.requested_to;

const readPage = (query: string, after: string, signal?: AbortSignal) => {
  const params = new URLSearchParams(query);
  params.set('limit', '100');
  if (after) params.set('after', after);
  return get<Page<ReturnRow>>('/api/returns', params, signal);
};
export const returnsAsked = (query: string) =>
  infiniteQueryOptions({
    queryKey: keys.returnList(query),
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) => readPage(query, pageParam, signal),
    getNextPageParam: (page) => page.next ?? undefined,
  });
export const useReturns = (query: string) => useInfiniteQuery(returnsAsked(query));

export const countsAsked = (query: string) =>
  queryOptions({
    queryKey: keys.returnCounts(query),
    queryFn: ({ signal }) => get<ReturnCounts>('/api/returns/counts', query, signal),
  });
export const useReturnCounts = (query: string, enabled = true) =>
  useQuery({ ...countsAsked(query), enabled, placeholderData: (old) => old });

export const cardAsked = (id: string) =>
  queryOptions({
    queryKey: keys.return(id),
    queryFn: ({ signal }) => get<ReturnCard>(`/api/returns/${id}`, undefined, signal),
  });
