import { useTranslation } from 'react-i18next';
import { ApiError, get, patch } from '../../api/client';
import type { OrderCard, Page, QueueRow } from '../../api/types';
import { useOrderActions, type Picked } from '../../base/orderActions';
import { putRows } from '../../base/rows';
import { closeToast, toast } from '../../base/toasts';
import { tagChanges, withTag, type TagChange } from './tags';

/** One order at a time goes to the server: more than this takes too long to wait for. */
export const tagLimit = 500;

/** The rows of a selection, also of those that are not loaded. */
async function rowsOf(picked: Picked, loaded: QueueRow[]): Promise<QueueRow[]> {
  if (picked.ids) {
    const here = loaded.filter((r) => picked.ids?.includes(r.id));
    const far = picked.ids.filter((id) => !here.some((r) => r.id === id));
    const found = await Promise.allSettled(
      far.slice(0, tagLimit).map((id) => get<OrderCard>(`/api/orders/${id}`)),
    );
    return [...here, ...found.flatMap((r) => (r.status === 'fulfilled' ? [r.value] : []))];
  }
  const params = new URLSearchParams(picked.query);
  params.set('limit', '200');
  const rows: QueueRow[] = [];
  while (rows.length < tagLimit) {
    const page = await get<Page<QueueRow>>('/api/queue', params);
    rows.push(...page.items.filter((r) => !picked.except?.includes(r.id)));
    if (!page.next) break;
    params.set('after', page.next);
  }
  return rows.slice(0, tagLimit);
}

/** Somebody may have changed the order meanwhile: then the tag is put on what is there now. */
async function send(change: TagChange, tag: string, on: boolean): Promise<OrderCard> {
  const path = `/api/orders/${change.id}`;
  try {
    return await patch<OrderCard>(path, { tags: change.tags }, change.version);
  } catch (error) {
    if (!(error instanceof ApiError) || error.code !== 'version.old') throw error;
    const now = await get<OrderCard>(path);
    return patch<OrderCard>(path, { tags: withTag(now.tags, tag, on) }, now.version);
  }
}

export function useTagging() {
  const { t } = useTranslation();
  const { refresh, fail } = useOrderActions();

  const apply = async (changes: TagChange[], tag: string, on: boolean) => {
    const done: OrderCard[] = [];
    let wrong: unknown = null;
    // A few at a time: the list stays usable meanwhile.
    for (let i = 0; i < changes.length; i += 4) {
      const some = await Promise.allSettled(changes.slice(i, i + 4).map((c) => send(c, tag, on)));
      for (const r of some) {
        if (r.status === 'fulfilled') done.push(r.value);
        else wrong = r.reason;
      }
    }
    putRows(done);
    refresh();
    if (wrong) fail(wrong);
    return done;
  };

  const tag = async (picked: Picked, loaded: QueueRow[], name: string, on: boolean) => {
    try {
      const changes = tagChanges(await rowsOf(picked, loaded), name, on);
      const done = await apply(changes, name, on);
      if (!done.length && changes.length) return;
      const id = toast(t(on ? 'tag.put' : 'tag.taken', { name, count: done.length }), {
        action: done.length
          ? {
              label: t('do.undo'),
              testid: 'undo',
              run: () => {
                closeToast(id);
                void apply(tagChanges(done, name, !on), name, !on);
              },
            }
          : undefined,
      });
    } catch (error) {
      fail(error);
    }
  };
  return tag;
}
