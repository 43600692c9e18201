/* Which columns a view shows and in what order. The deadline is always first and always there, the number too. */

export const allColumns = [
  'deadline',
  'order',
  'customer',
  'goods',
  'total',
  'city',
  'delivery',
  'payment',
  'status',
  'native',
  'tags',
  'who',
  'placed',
] as const;
export type ColumnName = (typeof allColumns)[number];

export const optionalColumns: readonly ColumnName[] = ['city', 'delivery', 'payment', 'tags', 'native'];
/** Those that may be taken away and moved. */
export const freeColumns: readonly ColumnName[] = allColumns.slice(2);

export interface ColumnChoice {
  order: readonly ColumnName[];
  hidden: Readonly<Record<string, boolean>>;
}

export const firstChoice: ColumnChoice = {
  order: allColumns,
  hidden: Object.fromEntries(optionalColumns.map((c) => [c, true])),
};

const isFree = (name: unknown): name is ColumnName => freeColumns.includes(name as ColumnName);

/** What a browser kept, made whole: unknown names are left out, columns it did not know yet stand at their usual place. */
export function readChoice(text: string | null): ColumnChoice {
  let kept: unknown;
  try {
    kept = JSON.parse(text ?? 'null');
  } catch {
    return firstChoice;
  }
  if (typeof kept !== 'object' || kept === null) return firstChoice;
  // Until the order could be chosen, the kept value was the map of hidden columns itself.
  const { order, hidden = kept } = kept as { order?: unknown; hidden?: unknown };
  const flags = Object.entries(typeof hidden === 'object' && hidden !== null ? hidden : {});
  const known = flags.filter(([name, off]) => isFree(name) && typeof off === 'boolean');
  const list = [...new Set(Array.isArray(order) ? order.filter(isFree) : [])];
  for (const name of freeColumns) {
    if (list.includes(name)) continue;
    const before = freeColumns.slice(0, freeColumns.indexOf(name)).findLast((n) => list.includes(n));
    list.splice(before ? list.indexOf(before) + 1 : 0, 0, name);
  }
  return {
    order: ['deadline', 'order', ...list],
    hidden: { ...firstChoice.hidden, ...Object.fromEntries(known) },
  };
}

/** One step up or down in the list of the chosen columns. */
export function moveColumn(choice: ColumnChoice, name: ColumnName, by: 1 | -1): ColumnChoice {
  const order = [...choice.order];
  const from = order.indexOf(name);
  const other = order[from + by];
  if (!isFree(name) || !isFree(other)) return choice;
  order[from] = other;
  order[from + by] = name;
  return { ...choice, order };
}

export function inOrder<T extends { id?: string }>(columns: T[], choice: ColumnChoice): T[] {
  const place = (c: T) => choice.order.indexOf(c.id as ColumnName);
  return columns.toSorted((a, b) => place(a) - place(b));
}
