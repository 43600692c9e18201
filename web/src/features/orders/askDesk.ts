import type { QueryClient } from '@tanstack/react-query';
import { viewsAsked } from '../../api/asked';
import { asksClosed, effective, toQuery, viewOf } from './address';
import { countsAsked, queueAsked } from './query';
import { sortViews } from './address';

/** Asks what the desk is going to show at this address. */
export async function askDesk(client: QueryClient, address: string): Promise<void> {
  const search = Object.fromEntries(new URLSearchParams(address));
  const views = await client.fetchQuery(viewsAsked);
  const filters = effective(viewOf(sortViews(views), search), search);
  await Promise.all([
    client.fetchInfiniteQuery(queueAsked(filters, search.sort)),
    asksClosed(filters) ? null : client.fetchQuery(countsAsked(toQuery(filters))),
  ]);
}
