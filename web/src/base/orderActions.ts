import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useCallback } from 'react';
import { useWords } from './words';
import { ApiError, call, get, post } from '../api/client';
import { keys } from '../api/keys';
import type {
  ActionReply,
  BulkAction,
  BulkReply,
  OrderAction,
  OrderCard,
  QueueRow,
  UndoReply,
} from '../api/types';
import { useProblemText } from './problem';
import { useChannelTitle } from '../ui/ChannelBadge';
import { serverClock } from './clock';
import { formatNumber, formatTime } from './format';
import { held, joins, joinsPlain, plain, type Held } from './held';
import { putRows } from './rows';
import { useShop } from './shop';
import { closeToast, toast, type Toast } from './toasts';

/* Acting on orders: one way for a row, a selection, a page and the triage. The queue of commands lives on the server;
 * here are only the words, the newest row and the token that takes it back. */

export interface Picked {
  ids?: string[];
  query?: string;
  except?: string[];
}
export interface ActBody {
  reason?: string;
  comment?: string;
  code?: string;
  boxes?: number;
}

export function useOrderActions() {
  const { t } = useWords();
  const client = useQueryClient();
  const problemText = useProblemText();
  const channelTitle = useChannelTitle();
  const shop = useShop();
  const navigate = useNavigate();

  const refresh = useCallback(() => {
    for (const key of [keys.queue, keys.orders, keys.views, keys.overview, keys.anyOrder, keys.outbox]) {
      void client.invalidateQueries({ queryKey: key });
    }
  }, [client]);

  const fail = useCallback(
    (error: unknown) => void toast(problemText(error), { tone: 'error' }),
    [problemText],
  );

  /** A refused action: often a colleague was quicker, and then it is said who and when. */
  const explain = useCallback(
    async (row: Pick<QueueRow, 'id'>, error: unknown) => {
      const refused = error instanceof ApiError && error.code === 'order.action_refused';
      const card = refused ? await get<OrderCard>(`/api/orders/${row.id}`).catch(() => null) : null;
      const last = card?.history.toSorted((a, b) => a.seq - b.seq).at(-1);
      if (card) putRows([card]);
      if (!card || !last || last.actor_kind !== 'user') return fail(error);
      const words = {
        text: problemText(error),
        name: last.actor_name,
        time: formatTime(last.at, shop.time_zone),
        status: t(`status.${last.to}`),
      };
      toast(t('presence.done_by', words), { tone: 'error' });
    },
    [fail, problemText, shop, t],
  );

  const undo = useCallback(
    async (group: Held) => {
      held.set((list) => list.filter((h) => h.toastId !== group.toastId));
      closeToast(group.toastId);
      if (group.undo) return group.undo();
      try {
        const asked = group.tokens.map((token) => post<UndoReply>('/api/undo', { token }));
        const replies = await Promise.allSettled(asked);
        const heard = replies.flatMap((r) => (r.status === 'fulfilled' ? [r.value] : []));
        const undone = heard.flatMap((r) => r.undone);
        const late = heard.flatMap((r) => r.late);
        if (undone.length) toast(t('undo.done', { count: undone.length }));
        if (late.length) toast(t('undo.late', { count: late.length }), { tone: 'error' });
        for (const reply of replies) if (reply.status === 'rejected') fail(reply.reason);
        const rows = undone.slice(0, 20).map((id) => get<OrderCard>(`/api/orders/${id}`));
        putRows((await Promise.allSettled(rows)).flatMap((r) => (r.status === 'fulfilled' ? [r.value] : [])));
      } catch (error) {
        fail(error);
      }
      refresh();
    },
    [fail, refresh, t],
  );

  const undoLast = useCallback(() => {
    const open = held.get().filter((h) => h.until > serverClock.now());
    const last = open.at(-1);
    if (last) void undo(last);
    return last !== undefined;
  }, [undo]);

  const announce = useCallback(
    (
      text: string,
      token: string | null,
      until: string | null,
      one?: { action: OrderAction; at: number },
      show?: Toast['show'],
    ) => {
      if (!token || !until) {
        // What went to no marketplace has nothing to hold; a quick row of such orders is one sentence all the same.
        const last = joinsPlain(plain.get(), one?.action, one?.at ?? 0) ? plain.get() : null;
        const count = (last?.count ?? 0) + 1;
        if (last) closeToast(last.toastId);
        const toastId = toast(one && last ? t(`did.${one.action}`, { count }) : text, { show });
        return plain.set(one ? { action: one.action, since: last?.since ?? one.at, count, toastId } : null);
      }
      const now = serverClock.now();
      const end = new Date(until).getTime();
      const open = held.get().filter((h) => h.until > now);
      const action = one?.action;
      const at = one?.at ?? now;
      const before = joins(open, action, at);
      const group: Held = { tokens: [token], until: end, text, toastId: 0, action, since: at };
      if (before && action) {
        group.tokens = [...before.tokens, token];
        group.text = t(`did.${action}`, { count: group.tokens.length });
        group.since = before.since;
        group.until = Math.max(end, before.until);
        closeToast(before.toastId);
      }
      group.toastId = toast(group.text, {
        until: group.until,
        show,
        action: { label: t('do.undo'), keys: 'Ctrl Z', run: () => void undo(group), testid: 'undo' },
      });
      held.set([...open.filter((h) => h !== before), group]);
      const still = (list: Held[]) => list.filter((h) => h.until > serverClock.now());
      setTimeout(() => held.set(still), Math.max(0, group.until - now) + 50);
    },
    [t, undo],
  );

  const act = useCallback(
    async (
      row: Pick<QueueRow, 'id' | 'channel' | 'number'>,
      action: OrderAction,
      body: ActBody = {},
    ): Promise<ActionReply | null> => {
      // Counted from the press: a slow answer must not tear a quick row of orders apart.
      const at = serverClock.now();
      try {
        const reply = await post<ActionReply>(`/api/orders/${row.id}/${action}`, body);
        putRows([reply.order]);
        const goesOut = reply.order.command !== null;
        const sent = goesOut && !reply.undo;
        const text = t('toast.named', {
          text: t(`did.${action}`, { count: 1 }),
          number: formatNumber(row.number),
        });
        announce(
          sent ? t('toast.sent', { text, channel: channelTitle(row.channel) }) : text,
          reply.undo,
          reply.hold_until,
          sent ? undefined : { action, at },
        );
        refresh();
        return reply;
      } catch (error) {
        await explain(row, error);
        return null;
      }
    },
    [announce, channelTitle, explain, refresh, t],
  );

  /** «Показать»: the desk with those alone that were refused. */
  const showing = useCallback(
    (ids: string[]): Toast['show'] => ({
      label: t('toast.show'),
      run: () =>
        void navigate({
          to: '/orders',
          search: (old: Record<string, string | undefined>) => ({ view: old.view, only: ids.join() }),
        }),
    }),
    [navigate, t],
  );

  const tryBulk = useCallback(
    (action: BulkAction, picked: Picked, extra: object = {}) =>
      post<BulkReply>('/api/bulk', { action, ...picked, ...extra, dry_run: true }),
    [],
  );

  const bulk = useCallback(
    async (action: BulkAction, picked: Picked, extra: object = {}): Promise<BulkReply | null> => {
      try {
        const reply = await post<BulkReply>('/api/bulk', { action, ...picked, ...extra });
        const done = t(`did.${action}`, { count: reply.done.length });
        const text = reply.refused.length
          ? t('toast.partly', {
              done,
              total: reply.total,
              count: reply.refused.length,
              number: formatNumber(reply.refused[0]?.number ?? ''),
            })
          : done;
        const failed = reply.refused.slice(0, 50).map((r) => r.id);
        announce(text, reply.undo, reply.hold_until, undefined, failed.length ? showing(failed) : undefined);
        const rows = reply.done.slice(0, 30).map((id) => get<OrderCard>(`/api/orders/${id}`));
        putRows((await Promise.allSettled(rows)).flatMap((r) => (r.status === 'fulfilled' ? [r.value] : [])));
        refresh();
        return reply;
      } catch (error) {
        fail(error);
        return null;
      }
    },
    [announce, fail, refresh, showing, t],
  );

  const assign = useCallback(
    async (id: string, to: string | null) => {
      try {
        putRows([await post<QueueRow>(`/api/orders/${id}/assign`, { assignee_id: to })]);
        refresh();
      } catch (error) {
        fail(error);
      }
    },
    [fail, refresh],
  );

  const settle = useCallback(
    async (commandId: string, how: 'retry' | 'drop') => {
      try {
        await call('POST', `/api/commands/${commandId}/${how}`, { body: {} });
      } catch (error) {
        fail(error);
      }
      refresh();
    },
    [fail, refresh],
  );

  return { act, bulk, tryBulk, assign, undo, undoLast, settle, refresh, fail };
}
