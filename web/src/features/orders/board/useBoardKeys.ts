import type { HubStatus, QueueRow } from '../../../api/types';
import { useHotkeys } from '../../../base/hotkeys';
import type { ColumnHandle } from './Column';

interface Walk {
  enabled: boolean;
  order: HubStatus[];
  handles: React.RefObject<Map<HubStatus, ColumnHandle>>;
  at: { column: HubStatus; id: string | null };
  onFocus: (column: HubStatus, id: string | null) => void;
  onSelect: (ids: string[], on: boolean) => void;
  isSelected: (id: string) => boolean;
  onMenu: () => void;
  onOpen: (row: QueueRow) => void;
  onConfirm: () => void;
  onCancel: () => void;
  onClear: () => boolean;
  onFind: () => void;
}

/** Arrows walk the cards, S moves them; the letters are those of the list. */
export function useBoardKeys(walk: Walk) {
  const { order, handles, at } = walk;
  const rowsOf = (status: HubStatus) => handles.current.get(status)?.rows() ?? [];
  const index = () => rowsOf(at.column).findIndex((r) => r.id === at.id);
  const show = (status: HubStatus, i: number) => {
    const rows = rowsOf(status);
    const row = rows[Math.max(0, Math.min(rows.length - 1, i))];
    walk.onFocus(status, row?.id ?? null);
    handles.current.get(status)?.show(row?.id ?? '');
    return row;
  };
  const up = (by: number) => void show(at.column, index() + by);
  const side = (by: number) => {
    const next = order[order.indexOf(at.column) + by];
    if (next) show(next, Math.max(0, index()));
  };
  const extend = (by: number) => {
    const here = rowsOf(at.column)[index()];
    const there = show(at.column, index() + by);
    walk.onSelect(
      [here, there].flatMap((r) => (r ? [r.id] : [])),
      true,
    );
  };
  const row = () => rowsOf(at.column)[index()];
  useHotkeys(
    {
      ArrowDown: () => up(1),
      KeyJ: () => up(1),
      ArrowUp: () => up(-1),
      KeyK: () => up(-1),
      ArrowRight: () => side(1),
      ArrowLeft: () => side(-1),
      'shift+ArrowDown': () => extend(1),
      'shift+ArrowUp': () => extend(-1),
      KeyX: () => at.id !== null && walk.onSelect([at.id], !walk.isSelected(at.id)),
      KeyS: walk.onMenu,
      KeyC: walk.onConfirm,
      'shift+KeyC': walk.onCancel,
      Enter: () => {
        const one = row();
        if (one) walk.onOpen(one);
      },
      Escape: () => (walk.onClear() ? undefined : false),
      Slash: walk.onFind,
    },
    { enabled: walk.enabled },
  );
}
