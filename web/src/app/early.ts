import { askAhead } from '../api/ahead';
import type { Session, View } from '../api/types';
import { asksClosed, effective, pagePath, sortViews, toQuery, viewOf } from '../features/orders/address';
import { loadFirst } from '../base/languages';

/* Every page runs this as soon as it arrives: while the rest of the program is on its way and is being read, the server already
 * answers what will be asked: who is signed in, and at the desk what is on it. Nothing is asked for that whoever comes may not have. */

const read = async <T>(path: string): Promise<T | null> => {
  const reply = await askAhead(path);
  return reply.ok ? ((await reply.clone().json()) as T) : null;
};

async function begin() {
  const session = await read<Session>('/api/session');
  if (location.pathname !== '/orders' || !session?.user.permissions.includes('orders.see')) return;
  const views = await read<View[] | { items: View[] }>('/api/views');
  if (!views) return;
  const search = Object.fromEntries(new URLSearchParams(location.search));
  const filters = effective(viewOf(sortViews(Array.isArray(views) ? views : views.items), search), search);
  void askAhead(pagePath(filters, search.sort));
  if (!asksClosed(filters)) void askAhead(`/api/queue/counts?${toQuery(filters)}`);
}

// The server is asked first: to read what this browser remembers takes a while of its own.
export const begun = begin().catch(() => undefined);
loadFirst().catch(() => undefined);
