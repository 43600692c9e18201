import { infiniteQueryOptions, queryOptions, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { get } from '../../../api/client';
import { keys } from '../../../api/keys';
import type { ClaimCard, ClaimCounts, ClaimRow, ClaimState, Page } from '../../../api/types';

/* Claims as the address asks for them, by the names of the server. */
export const filterNames = ['zone', 'subject', 'side', 'channel', 'found'] as const;
export type Filters = Partial<Record<(typeof filterNames)[number], string>>;
export type Search = Record<string, string | undefined>;

/* What is done with a claim next. */
export const views = ['all', 'ours', 'sent', 'decided', 'closed'] as const;
export type ViewName = (typeof views)[number];
const states: Partial<Record<ViewName, ClaimState[]>> = {
  ours: ['open', 'evidence'],
  sent: ['submitted', 'in_review', 'appealed'],
  decided: ['won', 'lost', 'partly_won'],
};
export const viewOf = (search: Search): ViewName => views.find((v) => v === search.view) ?? 'all';
export const filtersOf = (search: Search): Filters =>
  Object.fromEntries(filterNames.flatMap((n) => (search[n] ? [[n, search[n]]] : [])));

export function toQuery(view: ViewName, filters: Filters): string {
  const params = new URLSearchParams();
  const list = states[view];
  if (list) params.set('state', list.join());
  if (view === 'closed') params.set('closed', '1');
  for (const name of filterNames) if (filters[name]) params.set(name, filters[name]);
  return params.toString().replaceAll('%2C', ',');
}

const claimsAsked = (query: string) =>
  infiniteQueryOptions({
    queryKey: keys.claimList(query),
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) => {
      const params = new URLSearchParams(query);
      params.set('limit', '100');
      if (pageParam) params.set('after', pageParam);
      return get<Page<ClaimRow>>('/api/claims', params, signal);
    },
    getNextPageParam: (page) => page.next ?? undefined,
  });
export const useClaims = (query: string) => useInfiniteQuery(claimsAsked(query));
export const useClaimCounts = () =>
  useQuery({
    queryKey: keys.claimCounts,
    queryFn: ({ signal }) => get<ClaimCounts>('/api/claims/counts', undefined, signal),
  });
export const claimAsked = (id: string) =>
  queryOptions({
    queryKey: keys.claim(id),
    queryFn: ({ signal }) => get<ClaimCard>(`/api/claims/${id}`, undefined, signal),
  });
