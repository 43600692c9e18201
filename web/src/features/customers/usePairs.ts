import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { get, post } from '../../api/client';
import { keys } from '../../api/keys';
import type { Suggestion, SuggestionPage, SuggestionsDecided } from '../../api/types';
import { toast } from '../../base/toasts';
import { useIdentity } from './useIdentity';

export type Decision = 'merge' | 'different';
const few = 5;

/** The pairs that wait for a person. A decided one leaves the screen at once; the server hears of them one after another. */
export function usePairs() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const { tell, takeBack, fail, refresh } = useIdentity();
  const [gone, setGone] = useState<ReadonlySet<string>>(new Set());
  const line = useRef(Promise.resolve());
  const undoLast = useRef<(() => void) | null>(null);
  const list = useInfiniteQuery({
    queryKey: keys.suggestions,
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) =>
      get<SuggestionPage>(
        '/api/identity/suggestions',
        new URLSearchParams({ limit: '30', ...(pageParam ? { after: pageParam } : {}) }),
        signal,
      ),
    getNextPageParam: (page) => page.next ?? undefined,
  });
  const all = useMemo(() => list.data?.pages.flatMap((p) => p.items) ?? [], [list.data]);
  const pairs = useMemo(() => all.filter((p) => !gone.has(p.id)), [all, gone]);
  const { hasNextPage, isFetching, fetchNextPage } = list;
  useEffect(() => {
    if (pairs.length < few && hasNextPage && !isFetching) void fetchNextPage();
  }, [pairs.length, hasNextPage, isFetching, fetchNextPage]);

  const hide = (ids: string[], hidden: boolean) =>
    setGone((now) => {
      const next = new Set(now);
      for (const id of ids)
        if (hidden) next.add(id);
        else next.delete(id);
      return next;
    });
  const send = async (asked: Suggestion[], decision: Decision) => {
    const items = asked.map((p) => ({ id: p.id, decision }));
    const reply = await post<SuggestionsDecided>('/api/identity/suggestions/decide', { items });
    const done = reply.results.filter((r) => r.ok);
    // What was decided meanwhile is no longer a question: it stays away, the rest is shown again.
    const refused = reply.results.filter((r) => !r.ok);
    if (refused.length) {
      toast(t('identity.refused', { count: refused.length }), { tone: 'error' });
      refresh();
    }
    if (!done.length) return;
    const pairOf = (id: string | null) => asked.find((p) => p.id === id);
    const undo = async () => {
      undoLast.current = null;
      for (const r of done.toReversed()) {
        const pair = pairOf(r.id);
        if (!pair) continue;
        if (decision === 'merge') await takeBack(pair.a.id, r.event_id ?? '');
        else await post(`/api/customers/${pair.a.id}/verdict`, { with: pair.b.id, verdict: 'withdrawn' });
      }
      await client.refetchQueries({ queryKey: keys.suggestions });
      hide(
        done.map((r) => r.id ?? ''),
        false,
      );
    };
    const text =
      done.length > 1
        ? t('identity.decided', { count: done.length })
        : t(decision === 'merge' ? 'identity.merged_done' : 'identity.different_done');
    tell(text, undo);
    undoLast.current = () => void undo().catch(fail);
  };
  const decide = (asked: Suggestion[], decision: Decision) => {
    if (!asked.length) return;
    const ids = asked.map((p) => p.id);
    hide(ids, true);
    line.current = line.current
      .then(() => send(asked, decision))
      .catch((error: unknown) => {
        hide(ids, false);
        fail(error);
      });
  };
  return { list, pairs, decide, undo: () => undoLast.current?.() };
}
