import { describe, expect, it } from 'vitest';
import {
  allColumns,
  firstChoice,
  keptColumns,
  moveColumn,
  packChoice,
  readChoice,
  resizeColumn,
  withColumns,
  type ColumnName,
} from '../src/features/orders/columnChoice';

const shown = (order: readonly ColumnName[]) => order.join(' ');

describe('columns of a view', () => {
  it.each([null, '', 'nonsense', '[]', '7', '"a"', '{"order":5,"hidden":null}', '{"order":["x",null]}'])(
    'are the usual ones when the browser kept %j',
    (text) => {
      expect(readChoice(text)).toEqual(firstChoice);
    },
  );

  it('read what was kept before the order could be chosen', () => {
    const choice = readChoice('{"city":false,"goods":true,"deadline":true,"x":true}');
    expect(choice.hidden).toEqual({ ...firstChoice.hidden, city: false, goods: true });
    expect(choice.order).toEqual(allColumns);
  });

  it('come back as they were left', () => {
    const left = moveColumn({ ...firstChoice, hidden: { ...firstChoice.hidden, tags: false } }, 'tags', -1);
    expect(readChoice(JSON.stringify(left))).toEqual(left);
    expect(left.order.indexOf('tags')).toBe(allColumns.indexOf('tags') - 1);
  });

  it('keep the deadline and the number in front', () => {
    expect(moveColumn(firstChoice, 'customer', -1)).toBe(firstChoice);
    expect(moveColumn(firstChoice, 'deadline', 1)).toBe(firstChoice);
    expect(moveColumn(firstChoice, 'placed', 1)).toBe(firstChoice);
    const kept = readChoice('{"order":["tags","deadline","order","city"],"hidden":{"deadline":true}}');
    expect(shown(kept.order)).toMatch(/^deadline order /);
    expect(kept.hidden.deadline).toBeUndefined();
    expect([...kept.order].toSorted()).toEqual([...allColumns].toSorted());
  });

  it('place a column the browser did not know yet beside its usual neighbour', () => {
    const rest = allColumns.slice(2).filter((c) => c !== 'payment');
    const kept = readChoice(JSON.stringify({ order: rest.toReversed(), hidden: {} }));
    expect(kept.order[kept.order.indexOf('payment') - 1]).toBe('delivery');
  });

  it('keep a width of their own until it is put back', () => {
    const wide = resizeColumn(resizeColumn(firstChoice, 'customer', 240), 'goods', 4000);
    expect(wide.widths).toEqual({ customer: 240, goods: 1000 });
    expect(readChoice(JSON.stringify(wide)).widths).toEqual(wide.widths);
    expect(resizeColumn(wide, 'goods', null).widths).toEqual({ customer: 240 });
    expect(readChoice('{"widths":{"customer":"wide","goods":5,"shoe":90,"total":96}}').widths).toEqual({
      total: 96,
    });
  });
});

describe('columns that the server keeps', () => {
  it('say only what a person changed, and come back whole', () => {
    expect(packChoice(firstChoice)).toBeNull();
    const hidden = { ...firstChoice, hidden: { ...firstChoice.hidden, city: false } };
    expect(packChoice(hidden)).toEqual({ hidden: { city: false } });
    const all = resizeColumn(moveColumn(hidden, 'tags', -1), 'customer', 240);
    expect(readChoice(JSON.stringify(packChoice(all)))).toEqual(all);
  });

  it('stand by view, and leave the others and what is kept beside them alone', () => {
    const one = withColumns(null, 'new', { hidden: { city: false } });
    const two = withColumns({ ...one, sort: 'x' }, '12', { hidden: {} });
    expect(two).toEqual({ sort: 'x', columns: { new: { hidden: { city: false } }, 12: { hidden: {} } } });
    expect(keptColumns(withColumns(two, 'new', null))).toEqual({ 12: { hidden: {} } });
    for (const odd of [undefined, null, 5, [], { columns: 7 }]) expect(keptColumns(odd)).toBeNull();
  });
});
