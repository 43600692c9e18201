import { useQuery } from '@tanstack/react-query';
import { get, patch, post, remove } from '../../api/client';
import { keys } from '../../api/keys';
import type { CardNote } from '../../api/types';
import { useIdentity } from './useIdentity';

/** What colleagues wrote about a person; each changes but their own. */
export function useNotes(customer: string) {
  const { attempt } = useIdentity();
  const path = `/api/customers/${customer}/notes`;
  const list = useQuery({
    queryKey: [...keys.customer(customer), 'notes'],
    queryFn: async ({ signal }) => (await get<{ items: CardNote[] }>(path, undefined, signal)).items,
  });
  return {
    list,
    write: (text: string) => attempt(() => post(path, { text })),
    change: (note: CardNote, text: string) =>
      attempt(() => patch(`${path}/${note.id}`, { text }, note.version)),
    drop: (note: CardNote) => attempt(() => remove(`${path}/${note.id}`)),
  };
}
