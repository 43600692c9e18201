import { useQueryClient } from '@tanstack/react-query';
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError, get, post } from '../api/client';
import { keys } from '../api/keys';
import type { ReturnAction, ReturnCard, ReturnRow } from '../api/types';
import { formatNumber, formatTime } from './format';
import { useProblemText } from './problem';
import { useShop } from './shop';
import { toast } from './toasts';

/* Acting on returns: one way for a row, the panel beside it and the page. */

export interface ReturnActLine {
  line: number;
  qty?: number;
  condition?: string;
  disposition?: string;
  amount?: string;
}
export interface ReturnActBody {
  text?: string;
  lines?: ReturnActLine[];
}

export function useReturnActions() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const problem = useProblemText();
  const shop = useShop();

  const refresh = useCallback(() => {
    for (const key of [keys.returns, keys.overview, keys.anyOrder, keys.queue, keys.orders])
      void client.invalidateQueries({ queryKey: key });
  }, [client]);
  const fail = useCallback((error: unknown) => void toast(problem(error), { tone: 'error' }), [problem]);

  /** A colleague or the market was quicker: what is true now is shown, and who made it so. */
  const explain = useCallback(
    async (id: string, error: unknown) => {
      const late = error instanceof ApiError && ['version.old', 'order.action_refused'].includes(error.code);
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
        toast(
          t('returns.did_named', { text: t(`return_did.${action}`), number: formatNumber(row.order_number) }),
        );
        refresh();
        return card;
      } catch (error) {
        await explain(row.id, error);
        return null;
      }
    },
    [client, explain, refresh, t],
  );
  return { act, refresh, fail };
}
