import type { Refusal } from '../../api/types';
import { createStore } from '../../base/store';

/* Why rows that stayed selected were not done: shown on each of them until the next attempt. */
const notes = createStore<ReadonlyMap<string, Refusal>>(new Map());

export const noteRefusals = (list: Refusal[]) => notes.set(new Map(list.map((r) => [r.id, r])));
export const dropNotes = () => {
  if (notes.get().size) notes.set(new Map());
};
export const useRowNote = (id: string): Refusal | undefined => notes.use().get(id);
