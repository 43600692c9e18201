import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useWords } from '../../base/words';
import { patch, post, remove } from '../../api/client';
import { keys } from '../../api/keys';
import type { View } from '../../api/types';
import { useProblemText } from '../../base/problem';
import { closeToast, toast } from '../../base/toasts';
import { viewRef } from './address';
import { keptQuery, lastPlace, type Place } from './views';

type Change = Partial<Pick<View, 'name' | 'query' | 'shared' | 'position'>>;

/** Making, changing and dropping the saved views; what changed is on the tabs before the counters are read again. */
export function useViewChanges(views: View[], onChoose: (view: View) => void) {
  const { t } = useWords();
  const client = useQueryClient();
  const problem = useProblemText();
  const [busy, setBusy] = useState(false);

  /** Answers of a change have no counters: those shown before stay until the list is read again. */
  const show = (view: View) =>
    client.setQueryData<View[]>(keys.views, (list) =>
      list?.some((v) => v.id === view.id)
        ? list.map((v) => (v.id === view.id ? { ...view, count: v.count, red: v.red } : v))
        : [...(list ?? []), view],
    );
  const attempt = async <T>(run: () => Promise<T>): Promise<T | null> => {
    setBusy(true);
    try {
      return await run();
    } catch (error) {
      toast(problem(error), { tone: 'error' });
      return null;
    } finally {
      setBusy(false);
      void client.invalidateQueries({ queryKey: keys.views });
    }
  };
  const send = async (view: View, change: Change) => {
    const body = change.query === undefined ? change : { ...change, query: keptQuery(change.query) };
    const made = await patch<View>(`/api/views/${view.id}`, body, view.version);
    show(made);
    return made;
  };

  const make = ({ name, query, shared, position }: Required<Change>) =>
    attempt(async () => {
      const body = { name, query: keptQuery(query), shared, position };
      const view = await post<View>('/api/views', body);
      show(view);
      onChoose(view);
      return view;
    });
  const create = (name: string, query: string) =>
    make({ name: name.slice(0, 100), query, shared: false, position: lastPlace(views) });
  const edit = (view: View, change: Change) => attempt(() => send(view, change));
  const move = (places: Place[]) =>
    attempt(async () => {
      for (const { view, position } of places) await send(view, { position });
    });
  const drop = (view: View) =>
    attempt(async () => {
      await remove(`/api/views/${view.id}`, view.version);
      const at = views.findIndex((v) => viewRef(v) === viewRef(view));
      const next = views[at - 1] ?? views[0];
      client.setQueryData<View[]>(keys.views, (list) => list?.filter((v) => v.id !== view.id));
      if (next && next !== view) onChoose(next);
      const id = toast(t('orders.view_deleted', { name: view.name }), {
        action: {
          label: t('do.undo'),
          testid: 'undo',
          run: () => {
            closeToast(id);
            void make(view);
          },
        },
      });
    });
  return { create, edit, move, drop, busy };
}
