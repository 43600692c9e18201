import type { ClaimAction, ClaimCard, ClaimState } from '../../../api/types';

/* What may be done with a claim, and what has to be said with it. */

const next: Partial<Record<ClaimState, ClaimAction>> = {
  open: 'gather',
  evidence: 'submit',
  submitted: 'review',
  appealed: 'review',
  in_review: 'win',
  won: 'settle',
  partly_won: 'settle',
  lost: 'settle',
};
const order: ClaimAction[] = [
  'gather',
  'submit',
  'review',
  'win',
  'part',
  'lose',
  'ask',
  'appeal',
  'settle',
  'withdraw',
];
export const allowed = (card: Pick<ClaimCard, 'actions'>): ClaimAction[] =>
  order.filter((a) => card.actions.includes(a));
export function mainOf(card: Pick<ClaimCard, 'actions' | 'state'>): ClaimAction | null {
  const main = next[card.state];
  return main && card.actions.includes(main) ? main : null;
}

export interface Asks {
  text?: 'must' | 'may';
  money?: 'must';
  date?: 'must';
}
/** What a step asks for before it is taken; a claim that brought nothing is closed with a reason. */
export function asksOf(action: ClaimAction, card: Pick<ClaimCard, 'money_effect'>): Asks | null {
  switch (action) {
    case 'part':
      return { money: 'must', text: 'may' };
    case 'lose':
    case 'appeal':
      return { text: 'may' };
    case 'ask':
      return { date: 'must', text: 'may' };
    case 'withdraw':
      return { text: 'must' };
    case 'settle':
      return Number(card.money_effect ?? 0) === 0 ? { text: 'must' } : null;
    default:
      return null;
  }
}
