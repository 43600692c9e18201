import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Bones, ErrorState } from '../../ui/bits';
import { EmptyFirst } from '../../ui/states';

interface Props<T> {
  list: UseQueryResult<T[]>;
  /** One line what will be here. */
  none: string;
  head: ReactNode;
  children: (item: T) => ReactNode;
}

/** A short list of things that the shop has made: it loads, it failed, there is none yet, or a table. */
export function ListBox<T>({ list, none, head, children }: Props<T>) {
  if (list.error) return <ErrorState error={list.error} retry={() => void list.refetch()} />;
  if (!list.data) return <Bones lines={3} height={36} />;
  if (list.data.length === 0)
    return (
      <section className="card">
        <EmptyFirst text={none} />
      </section>
    );
  return (
    <section className="card table-scroll">
      <table className="table">
        <thead>
          <tr>{head}</tr>
        </thead>
        <tbody>{list.data.map(children)}</tbody>
      </table>
    </section>
  );
}
