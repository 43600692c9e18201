import { describe, expect, it } from 'vitest';
import en from '../src/text/en.json';
import kk from '../src/text/kk.json';
import ru from '../src/text/ru.json';
import uk from '../src/text/uk.json';
import { stretch } from '../src/base/pseudo';
import { laterTexts } from '../vite.config';
import { askedKeys, wordsInCode } from './source';

type Tree = { [key: string]: string | Tree };
const languages: Record<string, Tree> = { ru, kk, uk, en };
const forms: Record<string, string[]> = {
  ru: ['one', 'few', 'many'],
  uk: ['one', 'few', 'many'],
  kk: ['one', 'other'],
  en: ['one', 'other'],
};
const plural = /_(one|few|many|other)$/;

function flat(tree: Tree, prefix = ''): Map<string, string> {
  const out = new Map<string, string>();
  for (const [key, value] of Object.entries(tree)) {
    if (typeof value === 'string') out.set(prefix + key, value);
    else for (const [k, v] of flat(value, `${prefix}${key}.`)) out.set(k, v);
  }
  return out;
}

const texts = Object.fromEntries(Object.entries(languages).map(([lang, tree]) => [lang, flat(tree)]));
/** `problem.too_many` only looks like a plural: a real one has its `_one` as well. */
const baseOf = (list: Map<string, string>, key: string) => {
  const base = key.replace(plural, '');
  return list.has(`${base}_one`) ? base : key;
};
const baseKeys = (lang: string) => {
  const list = texts[lang] ?? new Map<string, string>();
  return new Set([...list.keys()].map((k) => baseOf(list, k)));
};
const places = (text: string) => [...text.matchAll(/\{\{(\w+)\}\}/g)].map((m) => m[1]).toSorted();

describe('texts', () => {
  it.each(['kk', 'uk', 'en'])('%s has the same keys as Russian', (lang) => {
    expect([...baseKeys(lang)].toSorted()).toEqual([...baseKeys('ru')].toSorted());
  });

  it.each(Object.keys(languages))('%s has every plural form of its language', (lang) => {
    const list = texts[lang] ?? new Map<string, string>();
    const counted = [...list.keys()].filter((k) => baseOf(list, k) !== k).map((k) => k.replace(plural, ''));
    for (const key of new Set(counted))
      for (const form of forms[lang] ?? [])
        expect(list.has(`${key}_${form}`), `${lang} ${key}_${form}`).toBe(true);
  });

  it.each(['kk', 'uk', 'en'])('%s uses the same placeholders as Russian', (lang) => {
    for (const [key, text] of texts.ru ?? []) {
      const base = key.replace(plural, '');
      const other = texts[lang]?.get(key) ?? texts[lang]?.get(`${base}_other`);
      if (other) expect(places(other), `${lang} ${key}`).toEqual(places(text));
    }
  });

  it('has no empty text and no arrows or ticks that the font lacks', () => {
    for (const [lang, list] of Object.entries(texts))
      for (const [key, text] of list) {
        expect(text.trim(), `${lang} ${key}`).not.toBe('');
        expect(text, `${lang} ${key}`).not.toMatch(/[→←✓!]/);
      }
  });

  const { asked, used } = askedKeys();

  it('contains every key that the code asks for', () => {
    const known = [...baseKeys('ru')];
    expect(asked.length).toBeGreaterThan(200);
    const missing = asked.filter(({ key }) =>
      typeof key === 'string' ? !known.includes(key) : !known.some((k) => key.test(k)),
    );
    expect(missing.map((m) => `${m.where} ${String(m.key)}`)).toEqual([]);
  });

  it('contains no key that the code never asks for', () => {
    const literal = new Set(used.filter((u) => typeof u === 'string'));
    const patterns = used.filter((u) => u instanceof RegExp);
    const unused = [...baseKeys('ru')].filter((k) => !literal.has(k) && !patterns.some((p) => p.test(k)));
    expect(unused).toEqual([]);
  });

  it('that come later than the rest are said only by the pages that bring them', () => {
    const places = new RegExp(
      '^(features/(analytics|channels|deadlines|people|profile|shop|outbox|overview|returns|start|customers)/|ui/returns/|ui/factor/|base/returnActions|features/orders/board/|' +
        'features/orders/(OrderPage|OrderNews|OrderHistory|OrderHead|DocumentsBox|PrintSheet)|' +
        'features/auth/(FirstRun|Join|DueFactor)|app/SettingsPage|base/deadlineWords)',
    );
    const early = asked.filter(({ key, where }) => {
      const section = (typeof key === 'string' ? key : key.source.replace(/^\^/, '')).split(/[.\\]/)[0] ?? '';
      return laterTexts.includes(section) && !places.test(where);
    });
    expect(early.map((e) => `${e.where} ${String(e.key)}`)).toEqual([]);
  });

  it('are the only place of words for people', () => {
    const found = wordsInCode(['base/layout.ts', 'base/i18n.ts', 'app/palette/typed.ts']);
    expect(found.map((f) => `${f.where} ${f.text}`)).toEqual([]);
  });

  it.each(Object.keys(languages))('%s can be stretched by a third without losing a placeholder', (lang) => {
    for (const [key, text] of texts[lang] ?? []) {
      expect(places(stretch(text)), key).toEqual(places(text));
      const words = text.replace(/\{\{\w+\}\}/g, '');
      if (/\p{L}{3}/u.test(words)) expect(stretch(text).length, key).toBeGreaterThanOrEqual(text.length + 1);
    }
    const all = [...(texts[lang]?.values() ?? [])].join(' ').replace(/\{\{\w+\}\}/g, '');
    expect(stretch(all).length / all.length).toBeGreaterThan(1.35);
  });

  it('names every code of the contract in every language', () => {
    const codes = {
      status: [
        'new',
        'confirmed',
        'assembling',
        'ready_to_ship',
        'in_delivery',
        'at_pickup',
        'delivered',
        'completed',
        'partly_returned',
        'returning',
        'returned',
        'cancelled',
      ],
      payment: ['pending', 'authorised', 'paid', 'partly_refunded', 'refunded', 'failed'],
      mark: [
        'hold',
        'cancel_requested',
        'return_requested',
        'claim',
        'problem',
        'preorder',
        'express',
        'lines_pending',
        'outside',
      ],
      command: ['held', 'queued', 'sending', 'done', 'refused', 'dead'],
      action: ['confirm', 'assemble', 'release', 'ready', 'hand_over', 'cancel', 'assign'],
      zone: ['breached', 'red', 'yellow', 'green', 'none', 'paused'],
      step: ['confirm', 'assemble', 'hand_over'],
      role: ['owner', 'manager', 'picker', 'accountant', 'marketer', 'support'],
      side: ['nobody', 'buyer', 'seller', 'channel', 'carrier'],
    };
    for (const lang of Object.keys(languages))
      for (const [family, names] of Object.entries(codes))
        for (const name of names)
          expect(texts[lang]?.has(`${family}.${name}`), `${lang} ${family}.${name}`).toBe(true);
  });
});
