import {
  memo,
  useCallback,
  useEffect,
  useImperativeHandle,
  useMemo,
  useRef,
  useState,
  type ReactNode,
  type Ref,
} from 'react';
import { Check } from './Check';
import { GridHead } from './GridHead';
import { Places, useWindow } from './useWindow';
import './grid.css';

/* The one grid: virtual rows of fixed height, sticky header, groups, boxes to select, a focused row. Data, selection and widths
 * belong to the screen. A row is drawn anew only when something of that row changes. */

export interface GridColumn<T> {
  id: string;
  header: string;
  /** A track of a CSS grid: `100px`, `minmax(170px, 1fr)`. */
  width: string;
  right?: boolean;
  /** Hidden while the list is narrow. */
  wide?: boolean;
  cell: (row: T) => ReactNode;
}

export interface GridGroup {
  key: string;
  closed?: boolean;
}
type Item<T> = { kind: 'group'; key: string; id: string } | { kind: 'row'; row: T; index: number };
const idOf = <T extends { id: string }>(item: Item<T>) => (item.kind === 'group' ? item.id : item.row.id);

export interface GridHandle {
  show: (id: string) => void;
  focus: () => void;
}

export interface GridSelection<T> {
  has: (id: string) => boolean;
  toggle: (row: T, extend: boolean) => void;
  label: (row: T) => string;
  head: ReactNode;
}

interface Props<T extends { id: string }> {
  label: string;
  rows: T[];
  columns: GridColumn<T>[];
  /** Without its wide columns, for something stands beside it. */
  narrow?: boolean;
  /** The group of a row; rows come sorted by group. */
  groupOf?: (row: T) => string | null;
  groups?: readonly GridGroup[];
  groupHead?: (key: string) => ReactNode;
  rowHeight: number;
  /** How many there are on the server; -1 while that is not known. */
  total: number;
  focusId: string | null;
  onFocusRow: (id: string) => void;
  onOpen: (row: T) => void;
  selection?: GridSelection<T>;
  rowState?: (row: T) => string | undefined;
  rowTitle?: (row: T) => string | undefined;
  /** On narrow screens a row is drawn by this, two lines high. */
  compact?: ((row: T) => ReactNode) | null;
  onResize?: (id: string, width: number | null) => void;
  onEnd?: () => void;
  onHold?: (holding: boolean) => void;
  /** Where the list stood when it was left: scrolled there once, as soon as it has rows. */
  scrollStart?: number;
  onScrollEnd?: (top: number) => void;
  ref?: Ref<GridHandle>;
}

interface RowProps<T> {
  row: T;
  index: number;
  start: number;
  height: number;
  columns: GridColumn<T>[];
  compact: ((row: T) => ReactNode) | null;
  focused: boolean;
  selected: boolean | undefined;
  state: string | undefined;
  title: string | undefined;
  selection: RefOf<GridSelection<T> | undefined>;
  onFocusRow: (id: string) => void;
  onOpen: (row: T) => void;
}
type RefOf<T> = { readonly current: T };

/** Taking columns away or giving them room does not draw the others anew. */
function CellView<T>({ draw, row }: { draw: (row: T) => ReactNode; row: T }) {
  return draw(row);
}
const Cell = memo(CellView) as typeof CellView;

function RowView<T extends { id: string }>(p: RowProps<T>) {
  const { row, columns, compact, selection } = p;
  const place = { top: p.start, height: p.height };
  const box = p.selected !== undefined && (
    <div role="gridcell" className="grid-lead">
      <Check
        label={selection.current?.label(row) ?? ''}
        tabIndex={-1}
        checked={p.selected}
        onChange={(e) => selection.current?.toggle(row, e.shiftKey)}
      />
    </div>
  );
  return (
    <div
      id={`row-${row.id}`}
      data-testid={`row-${row.id}`}
      className={compact ? 'grid-row grid-row-compact' : 'grid-row'}
      role="row"
      aria-rowindex={p.index + 2}
      aria-selected={p.selected}
      data-focused={p.focused || undefined}
      data-state={p.state}
      title={p.title}
      style={place}
      onClick={() => p.onFocusRow(row.id)}
      onDoubleClick={() => p.onOpen(row)}
    >
      {box}
      {compact ? (
        <div role="gridcell" className="grid-compact" onClick={() => p.onOpen(row)}>
          {compact(row)}
        </div>
      ) : (
        columns.map((c) => (
          <div role="gridcell" key={c.id} className={c.right ? 'right cut' : 'cut'} data-wide={c.wide}>
            <Cell draw={c.cell} row={row} />
          </div>
        ))
      )}
    </div>
  );
}
const Row = memo(RowView) as typeof RowView;

/** Always the newest value, for rows that are not drawn anew because of it. */
function useNewest<T>(value: T): RefOf<T> {
  const ref = useRef(value);
  useEffect(() => {
    ref.current = value;
  });
  return ref;
}

const groupHeight = 32;
const headHeight = 30;
/** What stands above and below a list, as a rule. */
const around = 180;

export function DataGrid<T extends { id: string }>(props: Props<T>) {
  const { rows, columns, groupOf, groups, rowHeight, focusId, compact = null, onEnd } = props;
  const box = useRef<HTMLDivElement>(null);
  const height = compact ? 68 : rowHeight;

  const items = useMemo(() => {
    const out: Item<T>[] = [];
    let last: string | null = null;
    let closed = false;
    rows.forEach((row, index) => {
      const key = groupOf?.(row) ?? null;
      if (key !== last || index === 0) {
        const group = groups?.find((g) => g.key === key);
        if (group) out.push({ kind: 'group', key: group.key, id: `group-${group.key}-${out.length}` });
        closed = group?.closed === true;
        last = key;
      }
      if (!closed) out.push({ kind: 'row', row, index });
    });
    return out;
  }, [rows, groupOf, groups]);

  const heights = useMemo(
    () => Float64Array.from(items, (item) => (item.kind === 'group' ? groupHeight : height)),
    [items, height],
  );
  const {
    tops,
    from,
    to,
    show: showItem,
  } = useWindow({
    box,
    heights,
    start: props.scrollStart,
    around,
    coverTop: compact ? 0 : headHeight,
    coverEnd: 76,
    onScroll: props.onScrollEnd,
  });
  const [places] = useState(() => new Places());
  const shown = items.slice(from, to);
  const placeOf = places.assign(shown.map(idOf));
  useEffect(() => {
    if (onEnd && items.length && to >= items.length - 39) onEnd();
  }, [to, items.length, onEnd]);

  const show = (id: string) => showItem(items.findIndex((item) => item.kind === 'row' && item.row.id === id));
  useImperativeHandle(props.ref, () => ({ show, focus: () => box.current?.focus({ preventScroll: true }) }));

  const narrow = props.narrow === true;
  const widths = columns.flatMap((c) => (narrow && c.wide ? [] : [c.width])).join(' ');
  // Below this the rows scroll sideways instead of spilling over their own edge.
  const least = widths.match(/\d+px/g)?.reduce((sum, w) => sum + Number.parseInt(w) + 12, 28) ?? 0;
  const template = `${props.selection ? '18px ' : ''}${widths}`;
  const hold = props.onHold;
  const leave = (event: React.FocusEvent) => {
    if (!event.currentTarget.contains(event.relatedTarget)) hold?.(box.current?.matches(':hover') ?? false);
  };
  const selection = useNewest(props.selection);
  const acts = useNewest({ focus: props.onFocusRow, open: props.onOpen, resize: props.onResize });
  const onFocusRow = useCallback((id: string) => acts.current.focus(id), [acts]);
  const onOpen = useCallback((row: T) => acts.current.open(row), [acts]);
  const onResize = useCallback(
    (id: string, width: number | null) => acts.current.resize?.(id, width),
    [acts],
  );

  return (
    <div
      className="grid"
      data-narrow={narrow || undefined}
      // Rows take the widths from here: none of them is drawn anew when a column gets or gives room.
      style={
        {
          '--grid-least': `${least + (props.selection ? 30 : 0)}px`,
          '--grid-columns': template,
        } as React.CSSProperties
      }
      role="grid"
      aria-label={props.label}
      aria-rowcount={props.total < 0 ? -1 : props.total + 1}
      aria-multiselectable={props.selection ? true : undefined}
      aria-activedescendant={focusId ? `row-${focusId}` : undefined}
      tabIndex={0}
      ref={box}
      onPointerEnter={() => hold?.(true)}
      onPointerLeave={() => hold?.(box.current?.contains(document.activeElement) ?? false)}
      onFocus={() => hold?.(true)}
      onBlur={leave}
    >
      {!compact && (
        <GridHead columns={columns} lead={props.selection?.head} onResize={props.onResize && onResize} />
      )}
      <div className="grid-body" role="rowgroup" style={{ height: tops.at(-1) }}>
        {shown.map((item, i) => {
          const start = tops[from + i] ?? 0;
          const place = placeOf.get(idOf(item));
          if (item.kind === 'group')
            return (
              <div
                key={`group-${place}`}
                className="grid-group"
                role="row"
                style={{ top: start, height: groupHeight }}
              >
                <div role="gridcell">{props.groupHead?.(item.key)}</div>
              </div>
            );
          const row = item.row;
          return (
            <Row
              key={place}
              row={row}
              index={item.index}
              start={start}
              height={height}
              columns={columns}
              compact={compact}
              focused={row.id === focusId}
              selected={props.selection?.has(row.id)}
              state={props.rowState?.(row)}
              title={props.rowTitle?.(row)}
              selection={selection}
              onFocusRow={onFocusRow}
              onOpen={onOpen}
            />
          );
        })}
      </div>
    </div>
  );
}
