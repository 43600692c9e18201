/* Two people change one thing: what only one of them changed is taken over, what both changed is asked. */
import { act, renderHook } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { ApiError } from '../src/api/client';
import { startI18n } from '../src/base/i18n';
import { merge, useForm } from '../src/ui/useForm';

const base = { name: 'Будни', minutes: 60, days: ['пн', 'вт'] };

describe('merge', () => {
  it('takes over what only the other person changed', () => {
    expect(merge(base, base, { ...base, minutes: 90 })).toEqual({ merged: { ...base, minutes: 90 }, fields: [] });
  });
  it('keeps what only I changed', () => {
    const mine = { ...base, name: 'Смена' };
    expect(merge(base, mine, base)).toEqual({ merged: mine, fields: [] });
  });
  it('joins changes of different fields without asking', () => {
    const { merged, fields } = merge(base, { ...base, name: 'Смена' }, { ...base, minutes: 90 });
    expect(merged).toEqual({ ...base, name: 'Смена', minutes: 90 });
    expect(fields).toEqual([]);
  });
  it('asks about a field that both changed differently, and keeps mine until then', () => {
    const { merged, fields } = merge(base, { ...base, minutes: 30 }, { ...base, minutes: 90 });
    expect(fields).toEqual(['minutes']);
    expect(merged.minutes).toBe(30);
  });
  it('does not ask when both wrote the same', () => {
    const both = { ...base, days: ['пн'] };
    expect(merge(base, both, { ...base, days: ['пн'] })).toEqual({ merged: both, fields: [] });
  });
  it('leaves alone what the answer does not carry', () => {
    const mine = { ...base, name: 'Смена' };
    expect(merge(base, mine, {})).toEqual({ merged: mine, fields: [] });
  });
});

const old = (current: object) =>
  new ApiError({ title: 'old', status: 412, code: 'version.old', current } as ConstructorParameters<typeof ApiError>[0]);

describe('a form over a row that somebody changed', () => {
  startI18n();
  const form = (version: number) => renderHook(() => useForm(base, { version }));

  it('sends the joined values with the new version', async () => {
    const { result } = form(1);
    const sent: unknown[] = [];
    act(() => result.current.set('name', 'Смена'));
    await act(() =>
      result.current.submit(async (values, version) => {
        sent.push({ ...values, version });
        if (version === 1) throw old({ ...base, minutes: 90, version: 2 });
      }),
    );
    expect(sent.at(-1)).toEqual({ ...base, name: 'Смена', minutes: 90, version: 2 });
    expect(result.current.clash).toBeNull();
  });

  it('waits for a choice, and saves the chosen over the other person\'s', async () => {
    const { result } = form(1);
    const sent: unknown[] = [];
    act(() => result.current.set('minutes', 30));
    await act(() =>
      result.current.submit(async (values, version) => {
        sent.push({ minutes: values.minutes, version });
        if (version === 1) throw old({ ...base, minutes: 90, version: 5 });
      }),
    );
    const clash = result.current.clash;
    expect(clash?.fields).toEqual(['minutes']);
    expect([clash?.mine.minutes, clash?.theirs.minutes]).toEqual([30, 90]);
    await act(async () => result.current.settle(clash!.mine));
    expect(sent).toEqual([{ minutes: 30, version: 1 }, { minutes: 30, version: 5 }]);
    expect(result.current.clash).toBeNull();
  });

  it('keeps what was typed when the choice is put off', async () => {
    const { result } = form(1);
    act(() => result.current.set('minutes', 30));
    await act(() =>
      result.current.submit(async (_values, version) => {
        if (version === 1) throw old({ ...base, minutes: 90, version: 2 });
      }),
    );
    act(() => result.current.settle(null));
    expect(result.current.values.minutes).toBe(30);
    expect(result.current.clash).toBeNull();
  });
});
