import type { ReturnAction, ReturnCard, ReturnRow } from '../../api/types';
import { useHotkeys, type HotkeyMap } from '../../base/hotkeys';
import type { Selection } from '../../base/selection';
import { ofGoods, viewsOf, type ViewName } from './query';
import { quick } from './steps';
import { decideKeys } from './useDecideKeys';

interface Keys {
  view: ViewName;
  row: ReturnRow | null;
  /** Known while the panel is open: then every decision has its key. */
  card: ReturnCard | undefined;
  peek: boolean;
  step: (by: number) => string | null;
  focus: (id: string) => void;
  onView: (view: ViewName) => void;
  onOpen: (row: ReturnRow) => void;
  onPeek: (open: boolean) => void;
  onFilter: () => void;
  onFind: () => void;
  onMerge: () => void;
  onDecide: (row: ReturnRow | ReturnCard, action: ReturnAction) => void;
  /** Nobody selects who may do nothing with what is selected. */
  selection: Selection | null;
  onAsk: (step: 'main' | 'reject' | 'assign') => void;
  onAssign: () => void;
}

/** The keyboard of the queue, by physical keys, as on the desk of the orders. */
export function useReturnKeys(k: Keys) {
  const { selection } = k;
  const many = selection !== null && selection.count > 0;
  const move = (by: number, extend = false) => {
    const id = k.step(by);
    if (!id) return;
    if (extend && k.row) selection?.add([k.row.id, id]);
    k.focus(id);
  };
  const digits: HotkeyMap = {};
  viewsOf(ofGoods(k.view)).forEach((view, i) => {
    digits[`Digit${i + 1}`] = () => k.onView(view);
  });
  const card = k.card?.id === k.row?.id ? k.card : undefined;
  // Without the panel the next step alone is known; whatever asks for words or goods opens it first.
  const plain: HotkeyMap = {
    KeyC: () => {
      if (!k.row) return false;
      const next = quick(k.row);
      if (next) k.onDecide(k.row, next);
      else k.onOpen(k.row);
    },
    'shift+KeyC': () => k.onPeek(true),
    KeyE: () => k.onPeek(true),
    KeyQ: () => k.onPeek(true),
    KeyL: () => k.onPeek(true),
  };
  useHotkeys({
    ...digits,
    ...(card ? decideKeys(card, (action) => k.onDecide(card, action)) : plain),
    ...(many && { KeyC: () => k.onAsk('main'), 'shift+KeyC': () => k.onAsk('reject') }),
    KeyA: () => {
      if (many) k.onAsk('assign');
      else if (card) k.onAssign();
      else return false;
    },
    KeyX: () => (k.row && selection ? selection.toggle(k.row.id) : false),
    'shift+ArrowDown': () => move(1, true),
    'shift+ArrowUp': () => move(-1, true),
    'mod+KeyA': () => (selection ? selection.takeAll() : false),
    KeyJ: () => move(1),
    ArrowDown: () => move(1),
    KeyK: () => move(-1),
    ArrowUp: () => move(-1),
    PageDown: () => move(12),
    PageUp: () => move(-12),
    Home: () => move(-100000),
    End: () => move(100000),
    Space: () => k.onPeek(!k.peek),
    Enter: () => (k.row ? k.onOpen(k.row) : false),
    KeyF: k.onFilter,
    Slash: k.onFind,
    KeyU: k.onMerge,
    Escape: () => {
      if (many) selection?.clear();
      else if (k.peek) k.onPeek(false);
      else return false;
    },
  });
}
