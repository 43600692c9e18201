import type { View } from '../../api/types';

/* What the address of the desk asks for. Nothing else is imported here: it is read before the rest of the program is there. */

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

/** What an address, a key of the page and a stored choice call a view by: system views have no id. */
export const viewRef = (view: View): string => view.key ?? view.id ?? '';

export const sortViews = (views: View[]): View[] =>
  [...views].sort(
    (a, b) =>
      Number(b.system) - Number(a.system) ||
      a.position - b.position ||
      viewRef(a).localeCompare(viewRef(b), 'en', { numeric: true }),
  );

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

/** Filters in the address without a view: they stand by themselves. */
export const asksBare = (search: Search) => !search.view && isChanged(search);
/** The view that the address names, or the first one. */
export const viewOf = (list: View[], search: Search): View | undefined =>
  asksBare(search) ? undefined : (list.find((v) => v.key === search.view || v.id === search.view) ?? list[0]);

const closedStatuses = ['completed', 'partly_returned', 'returned', 'cancelled'];
/** Whether the list asks for orders on which nothing is left to do: they have no deadline, only a date. */
export const asksClosed = (filters: Filters): boolean =>
  filters.status?.split(',').some((s) => closedStatuses.includes(s)) ?? false;

/** What a page of the list is asked for by. */
export function pagePath(filters: Filters, sort: string | undefined, after = ''): string {
  const params = new URLSearchParams(toQuery(filters));
  params.set('limit', '100');
  if (sort) params.set('sort', sort);
  if (after) params.set('after', after);
  return `${asksClosed(filters) ? '/api/orders' : '/api/queue'}?${params.toString()}`;
}
