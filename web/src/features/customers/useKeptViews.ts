import { useChoice } from '../../base/choice';

export interface KeptView {
  name: string;
  query: string;
}
const most = 20;

/** Views of the list that a person has named: filters of the address, kept by the server with the person. */
export function useKeptViews() {
  const { value, save } = useChoice('customers');
  const list = Array.isArray(value?.views) ? (value.views as unknown[]) : [];
  const views = list.filter(
    (v): v is KeptView =>
      typeof v === 'object' &&
      v !== null &&
      'name' in v &&
      'query' in v &&
      typeof v.name === 'string' &&
      typeof v.query === 'string',
  );
  const write = (next: KeptView[]) => save({ ...value, views: next.slice(-most) });
  return {
    views,
    known: value !== undefined,
    keep: (view: KeptView) => write([...views.filter((v) => v.query !== view.query), view]),
    drop: (query: string) => write(views.filter((v) => v.query !== query)),
  };
}

/** The same for two addresses that ask for the same, whatever the order of their parts. */
export const viewQuery = (search: Record<string, string | undefined>) => {
  const parts = Object.entries(search).filter((e): e is [string, string] => Boolean(e[1]) && e[0] !== 'q');
  return new URLSearchParams(parts.toSorted(([a], [b]) => a.localeCompare(b))).toString();
};
