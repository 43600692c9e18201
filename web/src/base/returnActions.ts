import { useQueryClient } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError, get, post } from '../api/client';
import { keys } from '../api/keys';
import type { BulkReply, ReturnAction, ReturnCard, ReturnRow, UndoReply } from '../api/types';
import type { Picked } from './orderActions';
import { serverClock } from './clock';
import { formatNumber, formatTime } from './format';
import { held, type Held } from './held';
import { useProblemText } from './problem';
import { useShop } from './shop';
import { closeToast, toast, type Toast } from './toasts';

/* Acting on returns: one way for a row, the panel beside it, the page, and where a return begins. What was decided waits in the hold
 * window at the server; here are only the words and the token that takes it back. */

export interface ReturnActLine {
  line: number;
  qty: number;
  condition?: string;
  disposition?: string;
  amount?: string;
}
export interface ReturnActBody {
  text?: string;
  lines?: ReturnActLine[];
  /** Of a part that is given back while the goods stay. */
  amount?: string;
}
export interface ReturnMake {
  order_id: string;
  lines: { line: number; qty: number }[];
  reason: string;
  text?: string;
  resolution: 'refund' | 'exchange' | 'keep';
}

/** What may still be taken back: of one return, or of many at once, which have no number. */
type Waiting = Pick<ReturnCard, 'undo' | 'hold_until'> & { order_number?: string };

export type ReturnBulkAction = 'check' | 'approve' | 'reject' | 'receive' | 'close' | 'assign';

export function useReturnActions() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const router = useRouter();
  const problem = useProblemText();
  const shop = useShop();

  const refresh = useCallback(() => {
    for (const key of [keys.returns, keys.anyReturn, keys.overview, keys.anyOrder, keys.queue, keys.orders])
      void client.invalidateQueries({ queryKey: key });
  }, [client]);
  const fail = useCallback((error: unknown) => void toast(problem(error), { tone: 'error' }), [problem]);

  const announce = useCallback(
    (text: string, card: Waiting, show?: Toast['show']) => {
      const token = card.undo;
      const until = card.hold_until ? new Date(card.hold_until).getTime() : 0;
      if (!token || until <= serverClock.now()) return void toast(text, { show });
      const group: Held = { tokens: [token], until, text, toastId: 0, since: serverClock.now() };
      group.undo = async () => {
        held.set((list) => list.filter((h) => h !== group));
        closeToast(group.toastId);
        try {
          const reply = await post<UndoReply>('/api/returns/undo', { token });
          const number = card.order_number ? formatNumber(card.order_number) : String(reply.undone.length);
          if (reply.undone.length) toast(t('returns.undone', { number }));
          else toast(t('returns.undo_late'), { tone: 'error' });
        } catch (error) {
          fail(error);
        }
        refresh();
      };
      group.toastId = toast(text, {
        until,
        show,
        action: { label: t('do.undo'), keys: 'Ctrl Z', run: () => void group.undo?.(), testid: 'undo' },
      });
      held.set((list) => [...list.filter((h) => h.until > serverClock.now()), group]);
    },
    [fail, refresh, t],
  );

  /** A colleague or the market was quicker: what is true now is shown, and who made it so. */
  const explain = useCallback(
    async (id: string, error: unknown) => {
      const late = error instanceof ApiError && [409, 412].includes(error.status);
      const card = late ? await get<ReturnCard>(`/api/returns/${id}`).catch(() => null) : null;
      if (card) client.setQueryData(keys.return(id), card);
      const last = card?.history.toSorted((a, b) => a.seq - b.seq).at(-1);
      refresh();
      if (!card || !last) return fail(error);
      toast(
        t('returns.was_quicker', {
          name: last.actor_name || t('returns.the_market'),
          time: formatTime(last.at, shop.time_zone),
          state: t(`return_state.${card.state}`),
        }),
        { tone: 'error' },
      );
    },
    [client, fail, refresh, shop, t],
  );

  const act = useCallback(
    async (
      row: Pick<ReturnRow, 'id' | 'version' | 'order_number'>,
      action: ReturnAction,
      body: ReturnActBody = {},
    ): Promise<ReturnCard | null> => {
      try {
        const card = await post<ReturnCard>(`/api/returns/${row.id}/act`, {
          action,
          version: row.version,
          ...body,
        });
        client.setQueryData(keys.return(row.id), card);
        // Money that waits for somebody else has not gone yet.
        const waits =
          action === 'refund' && card.refunds.some((m) => m.state === 'proposed' && m.needs_second);
        const text = waits ? t('returns.waits_second') : t(`return_did.${action}`);
        announce(t('returns.did_named', { text, number: formatNumber(row.order_number) }), card);
        refresh();
        return card;
      } catch (error) {
        await explain(row.id, error);
        return null;
      }
    },
    [announce, client, explain, refresh, t],
  );

  const create = useCallback(
    async (body: ReturnMake): Promise<ReturnCard | null> => {
      try {
        const card = await post<ReturnCard>('/api/returns', body);
        const text = t('returns.did_named', {
          text: t('returns.created'),
          number: formatNumber(card.order_number),
        });
        announce(text, card, {
          label: t('toast.show'),
          run: () => void router.navigate({ to: '/returns/$id', params: { id: card.id } }),
        });
        refresh();
        return card;
      } catch (error) {
        fail(error);
        return null;
      }
    },
    [announce, fail, refresh, router, t],
  );
  const tryBulk = useCallback(
    (action: ReturnBulkAction, picked: Picked) =>
      post<BulkReply>('/api/returns/bulk', { action, dry_run: true, ...picked }),
    [],
  );
  const bulk = useCallback(
    async (action: ReturnBulkAction, picked: Picked, extra: object = {}): Promise<BulkReply | null> => {
      try {
        const reply = await post<BulkReply>('/api/returns/bulk', { action, ...picked, ...extra });
        const done = t('returns.bulk_did', {
          text: action === 'assign' ? t('returns.assigned') : t(`return_did.${action}`),
          count: reply.done.length,
        });
        const left = reply.refused.length;
        announce(left ? t('returns.bulk_partly', { done, count: left }) : done, reply);
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
        client.setQueryData(
          keys.return(id),
          await post<ReturnCard>(`/api/returns/${id}/assign`, { assignee_id: to }),
        );
        refresh();
      } catch (error) {
        fail(error);
      }
    },
    [client, fail, refresh],
  );
  /** Ours and the market's that were taken for one. */
  const split = useCallback(
    async (row: Pick<ReturnCard, 'id' | 'version'>) => {
      try {
        client.setQueryData(
          keys.return(row.id),
          await post<ReturnCard>(`/api/returns/${row.id}/split`, { version: row.version }),
        );
        toast(t('returns.split_done'));
        refresh();
      } catch (error) {
        await explain(row.id, error);
      }
    },
    [client, explain, refresh, t],
  );
  return { act, create, bulk, tryBulk, assign, split, refresh, fail };
}
