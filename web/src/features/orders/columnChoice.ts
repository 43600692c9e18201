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
  /** Those whose width a person chose, in pixels. */
  widths: Readonly<Record<string, number>>;
}

export const firstChoice: ColumnChoice = {
  order: allColumns,
  hidden: Object.fromEntries(optionalColumns.map((c) => [c, true])),
  widths: {},
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
  const { order, hidden = kept, widths } = kept as { order?: unknown; hidden?: unknown; widths?: unknown };
  const flags = Object.entries(typeof hidden === 'object' && hidden !== null ? hidden : {});
  const known = flags.filter(([name, off]) => isFree(name) && typeof off === 'boolean');
  const sizes = Object.entries(typeof widths === 'object' && widths !== null ? widths : {});
  const wide = sizes.filter(
    ([name, px]) => allColumns.includes(name as ColumnName) && Number.isInteger(px) && px >= 40 && px <= 1000,
  );
  const list = [...new Set(Array.isArray(order) ? order.filter(isFree) : [])];
  for (const name of freeColumns) {
    if (list.includes(name)) continue;
    const before = freeColumns.slice(0, freeColumns.indexOf(name)).findLast((n) => list.includes(n));
    list.splice(before ? list.indexOf(before) + 1 : 0, 0, name);
  }
  return {
    order: ['deadline', 'order', ...list],
    hidden: { ...firstChoice.hidden, ...Object.fromEntries(known) },
    widths: Object.fromEntries(wide) as Record<string, number>,
  };
}

/** What differs from the columns as they come, which is little; `null`: nothing does. */
export function packChoice(choice: ColumnChoice): object | null {
  const hidden = Object.fromEntries(
    Object.entries(choice.hidden).filter(([name, off]) => off !== (firstChoice.hidden[name] ?? false)),
  );
  const moved = choice.order.join() !== allColumns.join();
  const wide = Object.keys(choice.widths).length > 0;
  if (!moved && !wide && Object.keys(hidden).length === 0) return null;
  return { hidden, ...(moved && { order: choice.order.slice(2) }), ...(wide && { widths: choice.widths }) };
}

type Kept = Readonly<Record<string, unknown>>;
const isObject = (v: unknown): v is Kept => typeof v === 'object' && v !== null && !Array.isArray(v);

/** Views by name, as the server keeps them; `null` when it does not know, or was never told. */
export const keptColumns = (value: unknown): Kept | null =>
  isObject(value) && isObject(value.columns) ? value.columns : null;

/** The same with this view's columns; what else is kept beside them stays. */
export function withColumns(value: unknown, view: string, packed: object | null): Kept {
  const others = Object.entries(keptColumns(value) ?? {}).filter(([name]) => name !== view);
  const columns = Object.fromEntries(packed ? [...others, [view, packed]] : others);
  return { ...(isObject(value) && value), columns };
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

/** A width of one's own; null: as it was made. */
export function resizeColumn(choice: ColumnChoice, name: string, width: number | null): ColumnChoice {
  const others = Object.entries(choice.widths).filter(([id]) => id !== name);
  const own: [string, number][] = width === null ? [] : [[name, Math.min(1000, width)]];
  return { ...choice, widths: Object.fromEntries([...others, ...own]) };
}
