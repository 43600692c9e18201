import type { Permission, Role } from '../../api/types';

/* The blocks of the first screen: who may have which, and in what order each role begins. */

export const blockNames = [
  'figures',
  'fresh',
  'waiting',
  'channels',
  'returns',
  'warehouse',
  'money',
  'path',
  'standing',
  'stock',
  'flows',
  'reports',
] as const;
export type BlockName = (typeof blockNames)[number];

const needs: Partial<Record<BlockName, Permission[]>> = {
  // Who only picks sees the orders in hand, and no figures of all.
  figures: ['orders.work', 'orders.note', 'prices.see', 'contacts.see'],
  fresh: ['orders.work', 'picking'],
  returns: ['returns.decide', 'returns.inspect'],
  warehouse: ['picking'],
  standing: ['orders.work'],
  money: ['prices.see'],
  reports: ['prices.see'],
};

const firstFor: [Role, BlockName[]][] = [
  // Money first, urgency second.
  [
    'owner',
    ['figures', 'fresh', 'waiting', 'channels', 'returns', 'money', 'path', 'standing', 'stock', 'flows'],
  ],
  ['manager', ['fresh', 'waiting', 'channels', 'returns', 'figures', 'path', 'standing', 'stock', 'flows']],
  ['accountant', ['figures', 'money', 'reports', 'channels']],
  ['picker', ['fresh', 'warehouse', 'waiting', 'path']],
  ['support', ['waiting', 'channels', 'returns', 'path']],
];

export const mayHave = (name: BlockName, may: (p: Permission) => boolean): boolean =>
  needs[name]?.some(may) ?? true;

export function firstBlocks(roles: Role[], may: (p: Permission) => boolean): BlockName[] {
  const own = firstFor.find(([role]) => roles.includes(role))?.[1] ?? ['waiting', 'channels', 'path'];
  return own.filter((name) => mayHave(name, may));
}

/** What a person has kept, without what is unknown, forbidden or named twice; `null` when there is nothing of use. */
export function keptBlocks(value: unknown, may: (p: Permission) => boolean): BlockName[] | null {
  if (!Array.isArray(value)) return null;
  const names = value.filter((v): v is BlockName => blockNames.includes(v as BlockName));
  return [...new Set(names)].filter((name) => mayHave(name, may));
}

/** The block one place further; at the edge nothing changes. */
export function movedBlock(blocks: BlockName[], name: BlockName, by: 1 | -1): BlockName[] {
  const from = blocks.indexOf(name);
  const to = from + by;
  const other = blocks[to];
  if (from < 0 || other === undefined) return blocks;
  const next = [...blocks];
  next[from] = other;
  next[to] = name;
  return next;
}
