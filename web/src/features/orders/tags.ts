import type { QueueRow } from '../../api/types';

/* Tags of several orders at once: the server changes them one order at a time, so what to send is worked out here. */

type Tagged = Pick<QueueRow, 'id' | 'version' | 'tags'>;
export interface TagChange {
  id: string;
  version: number;
  tags: string[];
  before: string[];
}

export const tagMax = 60;
/** The server's own rule: no commas, no marks of its search. */
export const cleanTag = (text: string): string =>
  text.replace(/[,%_]/g, ' ').replace(/\s+/g, ' ').trim().slice(0, tagMax);

const same = (a: string, b: string) => a.toLocaleLowerCase() === b.toLocaleLowerCase();

export function withTag(tags: string[], tag: string, on: boolean): string[] {
  const rest = tags.filter((x) => !same(x, tag));
  if (!on) return rest;
  return rest.length === tags.length ? [...tags, tag] : tags;
}

/** Only the orders that change. */
export const tagChanges = (rows: Tagged[], tag: string, on: boolean): TagChange[] =>
  rows.flatMap((row) => {
    const tags = withTag(row.tags, tag, on);
    return tags.join() === row.tags.join()
      ? []
      : [{ id: row.id, version: row.version, tags, before: row.tags }];
  });

export interface KnownTag {
  name: string;
  on: 'all' | 'some' | 'none';
}

/** Tags to choose from: first those of the picked orders, then others seen in the list. */
export function knownTags(picked: Pick<QueueRow, 'tags'>[], seen: Pick<QueueRow, 'tags'>[]): KnownTag[] {
  const names: string[] = [];
  for (const row of [...picked, ...seen])
    for (const tag of row.tags) if (!names.some((n) => same(n, tag))) names.push(tag);
  return names.map((name) => {
    const n = picked.filter((r) => r.tags.some((x) => same(x, name))).length;
    return { name, on: n === 0 ? 'none' : n === picked.length ? 'all' : 'some' };
  });
}
