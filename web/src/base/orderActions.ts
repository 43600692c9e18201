import { useQueryClient } from '@tanstack/react-query';
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { call, get, post } from '../api/client';
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
import { formatNumber } from './format';
import { putRows } from './rows';
import { createStore } from './store';
import { closeToast, toast } from './toasts';

/* Acting on orders: one way for a row, a selection, a page and the triage. The queue of commands lives on the server;
 * here are only the words, the newest row and the token that takes it back. */

export interface Held {
  token: string;
  until: number;
  text: string;
  toastId: number;
}
export const held = createStore<Held[]>([]);

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
  const { t } = useTranslation();
  const client = useQueryClient();
  const problemText = useProblemText();
  const channelTitle = useChannelTitle();

  const refresh = useCallback(() => {
    for (const key of [keys.queue, keys.orders, keys.views, keys.overview, keys.anyOrder]) {
      void client.invalidateQueries({ queryKey: key });
    }
  }, [client]);

  const fail = useCallback(
    (error: unknown) => void toast(problemText(error), { tone: 'error' }),
    [problemText],
  );

  const undo = useCallback(
    async (token: string) => {
      const kept = held.get().find((h) => h.token === token);
      held.set((list) => list.filter((h) => h.token !== token));
      if (kept) closeToast(kept.toastId);
      try {
        const reply = await post<UndoReply>('/api/undo', { token });
        if (reply.undone.length) toast(t('undo.done', { count: reply.undone.length }));
        if (reply.late.length) toast(t('undo.late', { count: reply.late.length }), { tone: 'error' });
        const rows = reply.undone.slice(0, 20).map((id) => get<OrderCard>(`/api/orders/${id}`));
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
    if (last) void undo(last.token);
    return last !== undefined;
  }, [undo]);

  const announce = useCallback(
    (text: string, token: string | null, until: string | null) => {
      if (!token || !until) return void toast(text);
      const end = new Date(until).getTime();
      const run = () => void undo(token);
      const toastId = toast(text, {
        until: end,
        action: { label: t('do.undo'), keys: 'Ctrl Z', run, testid: 'undo' },
      });
      const still = (list: Held[]) => list.filter((h) => h.until > serverClock.now());
      held.set((list) => [...still(list), { token, until: end, text, toastId }]);
      setTimeout(() => held.set(still), Math.max(0, end - serverClock.now()) + 50);
    },
    [t, undo],
  );

  const act = useCallback(
    async (
      row: Pick<QueueRow, 'id' | 'channel' | 'number'>,
      action: OrderAction,
      body: ActBody = {},
    ): Promise<ActionReply | null> => {
      try {
        const reply = await post<ActionReply>(`/api/orders/${row.id}/${action}`, body);
        putRows([reply.order]);
        const goesOut = reply.command !== null;
        const sent = goesOut && !reply.undo;
        const text = t('toast.named', {
          text: t(`did.${action}`, { count: 1 }),
          number: formatNumber(row.number),
        });
        announce(
          sent ? t('toast.sent', { text, channel: channelTitle(row.channel) }) : text,
          reply.undo,
          reply.hold_until,
        );
        refresh();
        return reply;
      } catch (error) {
        fail(error);
        return null;
      }
    },
    [announce, channelTitle, fail, refresh, t],
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
        announce(text, reply.undo, reply.hold_until);
        const rows = reply.done.slice(0, 30).map((id) => get<OrderCard>(`/api/orders/${id}`));
        putRows((await Promise.allSettled(rows)).flatMap((r) => (r.status === 'fulfilled' ? [r.value] : [])));
        refresh();
        return reply;
      } catch (error) {
        fail(error);
        return null;
      }
    },
    [announce, fail, refresh, t],
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
