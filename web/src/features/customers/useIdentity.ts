import { useQueryClient } from '@tanstack/react-query';
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { get, post } from '../../api/client';
import { keys } from '../../api/keys';
import type { CustomerCard, MergedMany, MergeView, UnmergeDone } from '../../api/types';
import { useProblemText } from '../../base/problem';
import { closeToast, toast } from '../../base/toasts';

/** Joining and parting cards; each step is told by a toast with the way back. */
export function useIdentity() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const problem = useProblemText();
  const refresh = useCallback(() => {
    for (const key of [['customer'], ['customers'], keys.suggestions])
      void client.invalidateQueries({ queryKey: key });
  }, [client]);
  const fail = useCallback((error: unknown) => void toast(problem(error), { tone: 'error' }), [problem]);
  /** True when it was done. */
  const attempt = useCallback(
    async (run: () => Promise<unknown>) => {
      try {
        await run();
        return true;
      } catch (error) {
        fail(error);
        return false;
      } finally {
        refresh();
      }
    },
    [fail, refresh],
  );
  const tell = useCallback(
    (text: string, undo?: () => Promise<unknown>) => {
      const id = toast(text, {
        action: undo && {
          label: t('do.undo'),
          testid: 'undo',
          run: () => {
            closeToast(id);
            void attempt(undo);
          },
        },
      });
      return id;
    },
    [attempt, t],
  );

  const takeBack = (customer: string, event: string) =>
    post(`/api/customers/${customer}/unmerge`, { event, forget: true });
  const merge = (kept: string, body: object) =>
    attempt(async () => {
      const done = await post<MergeView>(`/api/customers/${kept}/merge`, body);
      tell(t('identity.merged_done'), () => takeBack(done.kept.id, done.event_id ?? ''));
    });
  const mergeMany = (kept: string, body: object) =>
    attempt(async () => {
      const done = await post<MergedMany>(`/api/customers/${kept}/merge/many`, body);
      tell(t('identity.merged_done'), async () => {
        for (const event of done.events.toReversed()) await takeBack(done.kept.id, event);
      });
    });
  const splitBack = (customer: string, event: string) =>
    attempt(async () => {
      await takeBack(customer, event);
      tell(t('identity.split_done'));
    });
  const separate = (card: CustomerCard, source: string) =>
    attempt(async () => {
      const body = { source, version: card.version };
      const done = await post<UnmergeDone>(`/api/customers/${card.id}/unmerge`, body);
      tell(t('identity.separated'), async () => {
        const other = await get<CustomerCard>(`/api/customers/${done.gone?.id}`);
        const own = await get<CustomerCard>(`/api/customers/${card.id}`);
        const versions = { version: own.version, with_version: other.version };
        return post(`/api/customers/${card.id}/merge`, { with: other.id, ...versions, withdraw: true });
      });
    });
  const differ = (one: string, other: string) =>
    attempt(async () => {
      await post(`/api/customers/${one}/verdict`, { with: other, verdict: 'different' });
      tell(t('identity.different_done'), () =>
        post(`/api/customers/${one}/verdict`, { with: other, verdict: 'withdrawn' }),
      );
    });
  return { attempt, tell, takeBack, merge, mergeMany, splitBack, separate, differ, fail, refresh };
}
