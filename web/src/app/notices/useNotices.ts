import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { get, post } from '../../api/client';
import { keys } from '../../api/keys';
import type { Notice, Notices } from '../../api/types';

/** What needs one's attention, and marking it as read: at once here, kept by the server for every machine. */
export function useNotices() {
  const client = useQueryClient();
  const notices = useQuery({
    queryKey: keys.notices,
    queryFn: () => get<Notices>('/api/notices'),
    refetchInterval: 60_000,
  });
  const read = useMutation({
    mutationFn: (items: Notice[]) =>
      post('/api/notices/read', { items: items.map(({ object, id, at }) => ({ object, id, at })) }),
    onMutate: (items) => {
      const before = client.getQueryData<Notices>(keys.notices);
      const ids = new Set(items.map((n) => n.object + n.id));
      if (before) {
        const after = before.items.map((n) => (ids.has(n.object + n.id) ? { ...n, read: true } : n));
        client.setQueryData(keys.notices, { items: after, unread: after.filter((n) => !n.read).length });
      }
      return { before };
    },
    onError: (_error, _items, kept) => kept?.before && client.setQueryData(keys.notices, kept.before),
  });
  return { notices, read: (items: Notice[]) => items.length > 0 && read.mutate(items) };
}
