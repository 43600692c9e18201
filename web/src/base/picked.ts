import { createStore } from './store';

/* What can be done with the rows that are selected in a list: the list says it, the palette offers it first. */
export interface PickedActions {
  count: number;
  actions: { name: string; label: string; run: () => void }[];
}
export const pickedActions = createStore<PickedActions | null>(null);
