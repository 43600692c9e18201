import { columnVisibilityFeature, tableFeatures, useTable, type ColumnDef } from '@tanstack/react-table';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useImperativeHandle, useMemo, useRef, type ReactNode, type Ref } from 'react';
import './grid.css';

/* The one grid: virtual rows of fixed height, sticky header, groups, a focused row. Selection and data belong to the screen. */

const features = tableFeatures({
  columnVisibilityFeature,
  columnMeta: {} as { width: string; right?: boolean },
});
export type GridColumn<T> = ColumnDef<typeof features, T & object>;

export interface GridGroup {
  key: string;
  head: ReactNode;
  closed?: boolean;
}
type Item<T> = { kind: 'group'; group: GridGroup } | { kind: 'row'; row: T; index: number };

export interface GridHandle {
  show: (id: string) => void;
  focus: () => void;
}

interface Props<T extends { id: string }> {
  label: string;
  rows: T[];
  columns: GridColumn<T>[];
  hidden?: Record<string, boolean>;
  /** The group of a row; rows come sorted by group. */
  groupOf?: (row: T) => string | null;
  groups?: GridGroup[];
  rowHeight: number;
  total: number;
  /** Offset of aria-rowindex is counted over all rows, shown or not. */
  focusId: string | null;
  onFocusRow: (id: string) => void;
  onOpen: (row: T) => void;
  isSelected?: (id: string) => boolean;
  rowState?: (row: T) => string | undefined;
  lead?: (row: T) => ReactNode;
  leadHead?: ReactNode;
  /** On narrow screens a row is drawn by this, two lines high. */
  compact?: ((row: T) => ReactNode) | null;
  onEnd?: () => void;
  onHold?: (holding: boolean) => void;
  foot?: ReactNode;
  ref?: Ref<GridHandle>;
}

export function DataGrid<T extends { id: string }>(props: Props<T>) {
  const { rows, columns, groupOf, groups, rowHeight, focusId, compact, onEnd } = props;
  const box = useRef<HTMLDivElement>(null);
  const height = compact ? 68 : rowHeight;
  const table = useTable({
    features,
    columns: columns as ColumnDef<typeof features, T & object>[],
    data: rows as (T & object)[],
    getRowId: (row: T & object) => row.id,
    state: {
      columnVisibility: Object.fromEntries(Object.entries(props.hidden ?? {}).map(([k, v]) => [k, !v])),
    },
  });
  const model = table.getRowModel().rows;

  const items = useMemo(() => {
    const out: Item<T>[] = [];
    let last: string | null = null;
    let closed = false;
    rows.forEach((row, index) => {
      const key = groupOf?.(row) ?? null;
      if (key !== last || index === 0) {
        const group = groups?.find((g) => g.key === key);
        if (group) out.push({ kind: 'group', group });
        closed = group?.closed === true;
        last = key;
      }
      if (!closed) out.push({ kind: 'row', row, index });
    });
    return out;
  }, [rows, groupOf, groups]);

  const virtual = useVirtualizer({
    count: items.length,
    getScrollElement: () => box.current,
    estimateSize: (i) => (items[i]?.kind === 'group' ? 32 : height),
    getItemKey: (i) => {
      const item = items[i];
      return item?.kind === 'group' ? `group-${item.group.key}-${i}` : (item?.row.id ?? i);
    },
    overscan: 10,
    scrollPaddingStart: 32,
    scrollPaddingEnd: 76,
  });
  useEffect(() => virtual.measure(), [virtual, height, items]);

  const shown = virtual.getVirtualItems();
  const lastShown = shown.at(-1)?.index ?? 0;
  useEffect(() => {
    if (onEnd && items.length && lastShown >= items.length - 20) onEnd();
  }, [lastShown, items.length, onEnd]);

  const show = (id: string) => {
    const i = items.findIndex((item) => item.kind === 'row' && item.row.id === id);
    if (i >= 0) virtual.scrollToIndex(i, { align: 'auto' });
  };
  useImperativeHandle(props.ref, () => ({ show, focus: () => box.current?.focus({ preventScroll: true }) }));

  const visible = table.getVisibleLeafColumns();
  const widths = visible.map((c) => c.columnDef.meta?.width ?? '1fr').join(' ');
  // Below this the rows scroll sideways instead of spilling over their own edge.
  const least = widths.match(/\d+px/g)?.reduce((sum, w) => sum + Number.parseInt(w) + 12, 28) ?? 0;
  const template = `${props.lead ? '36px ' : ''}${widths}`;
  const hold = props.onHold;
  const leave = (event: React.FocusEvent) => {
    if (!event.currentTarget.contains(event.relatedTarget)) hold?.(box.current?.matches(':hover') ?? false);
  };

  return (
    <div
      className="grid"
      style={{ '--grid-least': `${least + (props.lead ? 48 : 0)}px` } as React.CSSProperties}
      role="grid"
      aria-label={props.label}
      aria-rowcount={props.total < 0 ? -1 : props.total + 1}
      aria-multiselectable={props.isSelected ? true : undefined}
      aria-activedescendant={focusId ? `row-${focusId}` : undefined}
      tabIndex={0}
      ref={box}
      onPointerEnter={() => hold?.(true)}
      onPointerLeave={() => hold?.(box.current?.contains(document.activeElement) ?? false)}
      onFocus={() => hold?.(true)}
      onBlur={leave}
    >
      {!compact && (
        <div className="grid-head" role="row" aria-rowindex={1} style={{ gridTemplateColumns: template }}>
          {props.lead && (
            <div role="columnheader" className="grid-lead">
              {props.leadHead}
            </div>
          )}
          {table.getHeaderGroups()[0]?.headers.map((header) => (
            <div
              role="columnheader"
              key={header.id}
              className={header.column.columnDef.meta?.right ? 'right cut' : 'cut'}
            >
              <table.FlexRender header={header} />
            </div>
          ))}
        </div>
      )}
      <div className="grid-body" role="rowgroup" style={{ height: virtual.getTotalSize() }}>
        {shown.map((v) => {
          const item = items[v.index];
          if (!item) return null;
          const place = { transform: `translateY(${v.start}px)`, height: v.size };
          if (item.kind === 'group')
            return (
              <div key={v.key} className="grid-group" role="row" style={place}>
                <div role="gridcell">{item.group.head}</div>
              </div>
            );
          const row = item.row;
          const selected = props.isSelected?.(row.id) ?? false;
          return (
            <div
              key={v.key}
              id={`row-${row.id}`}
              data-testid={`row-${row.id}`}
              className="grid-row"
              role="row"
              aria-rowindex={item.index + 2}
              aria-selected={props.isSelected ? selected : undefined}
              data-focused={row.id === focusId || undefined}
              data-state={props.rowState?.(row)}
              style={compact ? place : { ...place, gridTemplateColumns: template }}
              onClick={() => props.onFocusRow(row.id)}
              onDoubleClick={() => props.onOpen(row)}
            >
              {compact ? (
                <div role="gridcell" className="grid-compact" onClick={() => props.onOpen(row)}>
                  {compact(row)}
                </div>
              ) : (
                <>
                  {props.lead && (
                    <div role="gridcell" className="grid-lead">
                      {props.lead(row)}
                    </div>
                  )}
                  {model[item.index]?.getVisibleCells().map((cell) => (
                    <div
                      role="gridcell"
                      key={cell.id}
                      className={cell.column.columnDef.meta?.right ? 'right cut' : 'cut'}
                    >
                      <table.FlexRender cell={cell} />
                    </div>
                  ))}
                </>
              )}
            </div>
          );
        })}
      </div>
      {props.foot}
    </div>
  );
}
