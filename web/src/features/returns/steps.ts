import type { ReturnAction, ReturnCard, ReturnRow } from '../../api/types';

/* What may be done with a return, and how it is asked for. */

/** These say why to the buyer; a refusal must. */
export const withText: Partial<Record<ReturnAction, 'must' | 'may'>> = {
  reject: 'must',
  send_back: 'must',
  ask: 'may',
};
/** These say something of each line. */
export const withLines: ReturnAction[] = ['inspect', 'partial', 'dispose'];
/** What a hand on the keyboard reaches, by the usual key. */
export const actionKeys: [action: ReturnAction, key: string, shown: string][] = [
  ['exchange', 'KeyE', 'E'],
  ['ask', 'KeyQ', 'Q'],
  ['keep', 'KeyL', 'L'],
];
export const refusals: ReturnAction[] = ['reject', 'send_back', 'cancel'];

const order: ReturnAction[] = [
  'approve',
  'receive',
  'inspect',
  'accept',
  'partial',
  'exchange',
  'replace',
  'refund',
  'ask',
  'keep',
  'keep_part',
  'check',
  'lose',
  'dispose',
  'reject',
  'send_back',
  'close',
  'cancel',
];

export const allowed = (card: Pick<ReturnCard, 'actions'>): ReturnAction[] =>
  order.filter((name) => card.actions.some((a) => a.action === name && a.allowed));

/** The step that the main button takes; none when this person may not take it. */
export function mainOf(card: Pick<ReturnCard, 'actions' | 'next'>): ReturnAction | null {
  const open = allowed(card);
  return card.next && open.includes(card.next) ? card.next : null;
}

/** The key printed beside an action. */
export function keyOf(action: ReturnAction, main: ReturnAction | null): string | null {
  if (action === main) return 'C';
  if (refusals.includes(action) && action !== 'cancel') return 'Shift C';
  return actionKeys.find(([name]) => name === action)?.[2] ?? null;
}

/** From a row of the list it is not known what this person may do; the server says no where it must. */
export const quick = (row: Pick<ReturnRow, 'next'>): ReturnAction | null =>
  row.next && !withText[row.next] && !withLines.includes(row.next) ? row.next : null;

/** What may be done to many at once. */
export type BulkStep = 'check' | 'approve' | 'reject' | 'receive' | 'close';
export type BulkAsk = BulkStep | 'assign';
/** What most people do next with the first that is selected. */
export const mainStep = (row: Pick<ReturnRow, 'next'> | undefined): BulkStep =>
  row?.next === 'receive' || row?.next === 'close' || row?.next === 'check' ? row.next : 'approve';
