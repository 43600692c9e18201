import { describe, expect, it } from 'vitest';
import type { View } from '../src/api/types';
import { effective } from '../src/features/orders/address';
import { sortViews, viewRef } from '../src/features/orders/address';
import { keptQuery, lastPlace, movedPlaces } from '../src/features/orders/views';

const view = (over: Partial<View>): View => ({
  id: null,
  key: null,
  name: '',
  query: 'status=new',
  system: false,
  shared: false,
  mine: true,
  position: 0,
  count: 0,
  red: 0,
  version: 1,
  ...over,
});
const system = (key: string, position: number) => view({ key, position, system: true, mine: false });
const own = (id: string, position: number, over: Partial<View> = {}) => view({ id, position, ...over });
const refs = (list: View[]) => list.map(viewRef);

describe('saved views', () => {
  it('stand behind the system ones, whatever their place says', () => {
    const list = [own('7', 0), system('mine', 1), own('8', 1), system('new', 0)];
    expect(refs(sortViews(list))).toEqual(['new', 'mine', '7', '8']);
  });

  it('that share a place stand in the order they were made', () => {
    expect(refs(sortViews([own('10', 0), own('9', 0)]))).toEqual(['9', '10']);
  });

  it('swap places with the neighbour and touch nothing else', () => {
    const list = [system('new', 0), own('a', 1), own('b', 4), own('c', 9)];
    const places = movedPlaces(list, list[3] as View, -1).map((p) => [p.view.id, p.position]);
    expect(places).toEqual([
      ['c', 4],
      ['b', 9],
    ]);
  });

  it('get places of their own when they shared one', () => {
    const list = [own('1', 0), own('2', 0), own('3', 0)];
    const places = movedPlaces(list, list[0] as View, 1).map((p) => [p.view.id, p.position]);
    expect(places).toEqual([
      ['2', 1],
      ['1', 2],
      ['3', 3],
    ]);
  });

  it('do not move past the ends, nor past the views of others', () => {
    const list = [system('new', 0), own('1', 1), own('2', 2, { mine: false, shared: true })];
    expect(movedPlaces(list, list[1] as View, -1)).toEqual([]);
    expect(movedPlaces(list, list[1] as View, 1)).toEqual([]);
    expect(movedPlaces(list, list[2] as View, -1)).toEqual([]);
  });

  it('are added at the end', () => {
    expect(lastPlace([system('mine', 5)])).toBe(1);
    expect(lastPlace([system('mine', 5), own('1', 7)])).toBe(8);
    expect(lastPlace([own('1', 1000)])).toBe(1000);
  });

  it('may have no filter at all', () => {
    expect(keptQuery('status=new')).toBe('status=new');
    expect(effective(view({ query: keptQuery('') }), {})).toEqual({});
  });
});
