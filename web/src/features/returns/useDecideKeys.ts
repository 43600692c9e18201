import type { ReturnAction, ReturnCard } from '../../api/types';
import type { HotkeyMap } from '../../base/hotkeys';
import { actionKeys, allowed, mainOf, refusals } from './steps';

/** The keys of a decision, for a return whose card is known. */
export function decideKeys(card: ReturnCard | undefined, decide: (action: ReturnAction) => void): HotkeyMap {
  const open = card ? allowed(card) : [];
  const run = (action: ReturnAction | null | undefined) => (action ? decide(action) : false);
  const map: HotkeyMap = {
    KeyC: () => run(card && mainOf(card)),
    'shift+KeyC': () => run(open.find((a) => refusals.includes(a) && a !== 'cancel')),
  };
  for (const [action, key] of actionKeys) map[key] = () => run(open.includes(action) ? action : null);
  return map;
}
