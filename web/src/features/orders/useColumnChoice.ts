import { useCallback, useState } from 'react';
import { firstChoice, readChoice, type ColumnChoice } from './columnChoice';

const nameFor = (view: string) => `sauda.columns.${view}`;
const read = (view: string) => readChoice(localStorage.getItem(nameFor(view)));

/** The columns of a view, kept in this browser. */
export function useColumnChoice(view: string) {
  const [state, setState] = useState(() => ({ view, choice: read(view) }));
  if (state.view !== view) setState({ view, choice: read(view) });
  const set = useCallback(
    (choice: ColumnChoice) => {
      if (choice === firstChoice) localStorage.removeItem(nameFor(view));
      else localStorage.setItem(nameFor(view), JSON.stringify(choice));
      setState({ view, choice });
    },
    [view],
  );
  return [state.choice, set] as const;
}
