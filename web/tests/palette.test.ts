import { describe, expect, it } from 'vitest';
import { findPart, fits, readTyped } from '../src/app/palette/typed';

const marked = (title: string, raw: string) => {
  const part = findPart(title, readTyped(raw, 'ru'));
  return part && title.slice(...part);
};

describe('what is typed into the palette', () => {
  it.each([
    ['з 438', 'orders', '438', true],
    ['к мария', 'customers', 'мария', false],
    ['> тема', 'commands', 'тема', false],
    ['>тема', 'commands', 'тема', false],
    ['p 438', 'orders', '438', true],
    ['r vfhbz', 'customers', 'vfhbz', false],
    ['4567', null, '4567', true],
    ['8 (777) 123-45-67', null, '8 (777) 123-45-67', true],
    ['+7 777 123 45 67', null, '+7 777 123 45 67', true],
    ['ңғ,.', null, '4567', true],
    ['зебра', null, 'зебра', false],
    ['', null, '', false],
  ])('%j asks %s for %j', (raw, only, text, digits) => {
    expect(readTyped(raw, 'ru')).toEqual({ only, text, digits });
  });
  it('has English letters in English', () => {
    expect(readTyped('o 438', 'en').only).toBe('orders');
    expect(readTyped('c maria', 'en').only).toBe('customers');
    expect(readTyped('p maria', 'en').only).toBeNull();
  });
});

describe('the matched part', () => {
  it.each([
    ['+7\u00a0777\u00a0123\u00a045\u00a067', '4567', '45\u00a067'],
    ['+7\u00a0777\u00a0123\u00a045\u00a067', '8 777 123-45-67', '777\u00a0123\u00a045\u00a067'],
    ['438\u00a0117\u00a0204', '7204', '7\u00a0204'],
    ['Мария Иванова', 'мария', 'Мария'],
    ['Мария Иванова', 'vfhbz', 'Мария'],
    ['Асель Нұрланова', 'нурл', 'Нұрл'],
    ['Мария Иванова', 'иванова мария', 'Иванова'],
    ['Мария Иванова', 'пётр', null],
    ['Мария', '', null],
  ])('of %j for %j is %j', (title, raw, part) => {
    expect(marked(title, raw)).toBe(part);
  });
});

it('names of commands fit in any layout', () => {
  expect(fits('Сменить тему', 'тем')).toBe(true);
  expect(fits('Сменить тему', 'ntv')).toBe(true);
  expect(fits('Settings', 'ыуее')).toBe(true);
  expect(fits('Сменить тему', 'заказ')).toBe(false);
});
