import { queryOptions } from '@tanstack/react-query';
import { itemsOf } from '../base/items';
import { ApiError, get } from './client';
import { keys } from './keys';
import type { Account, ReturnCounts, Session, View } from './types';

/* What several screens ask for, and what is asked before there is a screen. */

/** Who is signed in; null when nobody is. */
export const sessionAsked = queryOptions({
  queryKey: keys.session,
  queryFn: async () => {
    try {
      return await get<Session>('/api/session');
    } catch (error) {
      if (error instanceof ApiError && error.status === 401) return null;
      throw error;
    }
  },
  staleTime: Infinity,
});

export const viewsAsked = queryOptions({
  queryKey: keys.views,
  queryFn: async () => itemsOf(await get<View[]>('/api/views')),
});

export const accountsAsked = queryOptions({
  queryKey: keys.accounts,
  queryFn: async () => itemsOf(await get<Account[]>('/api/accounts')),
});

/** The returns that are open, for the counter beside the section. */
export const returnsOpenAsked = queryOptions({
  queryKey: keys.returnCounts(''),
  queryFn: ({ signal }) => get<ReturnCounts>('/api/returns/counts', '', signal),
});
