import { keys } from '../../api/keys';
import type { CustomerRow } from '../../api/types';

export const tagMax = 60;
export const tagKey = keys.customerTags;

/** What the server takes for a tag. */
export const cleanTag = (text: string): string =>
  text.replace(/[,%_]/g, ' ').replace(/\s+/g, ' ').trim().slice(0, tagMax);

export const sameTag = (a: string, b: string) => a.toLocaleLowerCase() === b.toLocaleLowerCase();

export interface KnownTag {
  name: string;
  on: 'all' | 'some' | 'none';
}

/** Tags to choose from: those of the chosen cards first, then all others. */
export function knownTags(chosen: Pick<CustomerRow, 'tags'>[], names: string[]): KnownTag[] {
  const all: string[] = [];
  for (const name of [...chosen.flatMap((c) => c.tags), ...names])
    if (!all.some((known) => sameTag(known, name))) all.push(name);
  return all.map((name) => {
    const n = chosen.filter((c) => c.tags.some((tag) => sameTag(tag, name))).length;
    return { name, on: n === 0 ? 'none' : n === chosen.length ? 'all' : 'some' };
  });
}
