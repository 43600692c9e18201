import { describe, expect, it } from 'vitest';
import { cleanTag, knownTags, tagChanges, withTag } from '../src/features/orders/tags';

const row = (id: string, ...tags: string[]) => ({ id, version: 3, tags });

describe('tags of several orders', () => {
  it('are put once, whatever the case', () => {
    expect(withTag(['vip'], 'хрупкое', true)).toEqual(['vip', 'хрупкое']);
    expect(withTag(['VIP'], 'vip', true)).toEqual(['VIP']);
  });

  it('are taken away whatever the case', () => {
    expect(withTag(['VIP', 'a'], 'vip', false)).toEqual(['a']);
    expect(withTag([], 'vip', false)).toEqual([]);
  });

  it('are sent only for the orders that change, with the version that was seen', () => {
    expect(tagChanges([row('1', 'vip'), row('2')], 'vip', true)).toEqual([
      { id: '2', version: 3, tags: ['vip'], before: [] },
    ]);
    expect(tagChanges([row('1', 'vip'), row('2')], 'vip', false)).toEqual([
      { id: '1', version: 3, tags: [], before: ['vip'] },
    ]);
  });

  it('say whether all, some or none of the picked have them', () => {
    const list = knownTags([row('1', 'a', 'b'), row('2', 'A')], [row('3', 'c'), row('1', 'a')]);
    expect(list).toEqual([
      { name: 'a', on: 'all' },
      { name: 'b', on: 'some' },
      { name: 'c', on: 'none' },
    ]);
    expect(knownTags([], [row('3', 'c')])).toEqual([{ name: 'c', on: 'none' }]);
  });

  it.each([
    ['  два   слова ', 'два слова'],
    ['a,b', 'a b'],
    ['50%_off', '50 off'],
    [',', ''],
    ['я'.repeat(80), 'я'.repeat(60)],
  ])('are written as the server takes them: %j', (text, want) => {
    expect(cleanTag(text)).toBe(want);
  });
});
