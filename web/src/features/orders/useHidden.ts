import { useState } from 'react';
import { optionalColumns } from './columns';

const hiddenByDefault = Object.fromEntries(optionalColumns.map((c) => [c, true]));

/** Which columns are off, kept per view. */
export function useHidden(viewId: string) {
  const name = `sauda.columns.${viewId}`;
  const read = () => ({
    ...hiddenByDefault,
    ...(JSON.parse(localStorage.getItem(name) ?? '{}') as Record<string, boolean>),
  });
  const [state, setState] = useState({ viewId, hidden: read() });
  if (state.viewId !== viewId) setState({ viewId, hidden: read() });
  const set = (hidden: Record<string, boolean>) => {
    localStorage.setItem(name, JSON.stringify(hidden));
    setState({ viewId, hidden });
  };
  return [state.hidden, set] as const;
}
