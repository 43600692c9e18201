import type { BulkAction, QueueRow, View } from '../../api/types';
import { useHotkeys, type HotkeyMap } from '../../base/hotkeys';
import type { Selection } from '../../base/selection';
import type { DeskDialogKind } from './DeskDialogs';

interface Desk {
  rows: QueueRow[];
  focusId: string | null;
  focusRow: QueueRow | null;
  step: (by: number) => string | null;
  focus: (id: string) => void;
  selection: Selection;
  peek: boolean;
  views: View[];
  onPeek: (open: boolean) => void;
  onOpen: (row: QueueRow) => void;
  onView: (view: View) => void;
  onRun: (action: BulkAction) => void;
  onAsk: (kind: DeskDialogKind) => void;
  onNext: () => void;
  onViewMenu: () => void;
  onGroup: () => void;
  onFilter: () => void;
  onFind: () => void;
  onMerge: () => void;
  onNote: () => void;
}

/** The keyboard of the orders desk, by physical keys. */
export function useDeskKeys(desk: Desk) {
  const { selection, focusId, focusRow } = desk;
  const move = (by: number, extend = false) => {
    const id = desk.step(by);
    if (!id) return;
    if (extend && focusId) selection.add([focusId, id]);
    desk.focus(id);
  };
  const digits: HotkeyMap = {};
  desk.views.slice(0, 9).forEach((view, i) => {
    digits[`Digit${i + 1}`] = () => desk.onView(view);
  });
  useHotkeys({
    ...digits,
    KeyJ: () => move(1),
    ArrowDown: () => move(1),
    KeyK: () => move(-1),
    ArrowUp: () => move(-1),
    'shift+ArrowDown': () => move(1, true),
    'shift+ArrowUp': () => move(-1, true),
    PageDown: () => move(15),
    PageUp: () => move(-15),
    Home: () => move(-desk.rows.length),
    End: () => move(desk.rows.length),
    KeyX: () => (focusId ? selection.toggle(focusId) : false),
    'shift+KeyX': desk.onGroup,
    'mod+KeyA': selection.takeAll,
    Space: () => desk.onPeek(!desk.peek),
    Enter: () => (focusRow ? desk.onOpen(focusRow) : false),
    KeyC: () => desk.onRun('confirm'),
    KeyW: () => desk.onRun('assemble'),
    KeyA: () => desk.onAsk('assign'),
    'shift+KeyA': desk.onNext,
    KeyS: () => desk.onAsk('status'),
    'shift+KeyC': () => desk.onAsk('cancel'),
    KeyH: () => desk.onAsk('hold'),
    KeyP: () => desk.onAsk('labels'),
    KeyN: desk.onNote,
    KeyT: () => desk.onAsk('tag'),
    KeyV: desk.onViewMenu,
    KeyF: desk.onFilter,
    Slash: desk.onFind,
    KeyU: desk.onMerge,
    Escape: () => {
      if (desk.peek) desk.onPeek(false);
      else if (selection.count > 0) selection.clear();
      else return false;
    },
  });
}
