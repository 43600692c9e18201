import { useRef, useState } from 'react';
import { ApiError } from '../api/client';
import { useFieldText, useProblemText } from '../base/problem';

/** Somebody saved the same thing meanwhile: what both of us changed, to be chosen field by field. */
export interface Clash<T> {
  fields: (keyof T & string)[];
  mine: T;
  theirs: T;
  version: number;
}

const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);

/** What both changed differently; what only one side changed is taken over without asking. */
export function merge<T extends object>(base: T, mine: T, theirs: Partial<T>) {
  const merged = { ...mine };
  const fields: (keyof T & string)[] = [];
  for (const name of Object.keys(mine) as (keyof T & string)[]) {
    if (!(name in theirs) || same(theirs[name], base[name])) continue;
    if (same(mine[name], base[name])) merged[name] = theirs[name] as T[typeof name];
    else if (!same(mine[name], theirs[name])) fields.push(name);
  }
  return { merged, fields };
}

interface Options<T> {
  /** Of the row that is edited: it goes out as If-Match. */
  version?: number;
  /** Reads the row again, for answers that do not carry it. */
  current?: () => Promise<Partial<T> & { version: number }>;
}

/** Sends the values; a form that stays open gives back the version it was saved as. */
type Run<T> = (values: T, version?: number) => Promise<number | void>;

/** The one pattern of forms: values, the server's errors at their fields all at once, one general sentence, and the choice between
 * two people's changes (shown by ConflictDialog). */
export function useForm<T extends object>(initial: T, options: Options<T> = {}) {
  const [values, setValues] = useState(initial);
  const [errors, setErrors] = useState<Record<string, string>>({});
  const [general, setGeneral] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const [clash, setClash] = useState<Clash<T> | null>(null);
  const base = useRef({ values: initial, version: options.version });
  const last = useRef<Run<T>>(undefined);
  const problem = useProblemText();
  const words = useFieldText();
  const set = <K extends keyof T>(name: K, value: T[K]) => {
    setValues((v) => ({ ...v, [name]: value }));
    setErrors((e) => ({ ...e, [name as string]: '' }));
  };

  const show = (error: unknown, sent: T) => {
    const list = error instanceof ApiError ? (error.problem.errors ?? []) : [];
    const at: Record<string, string> = {};
    for (const e of list) {
      const name = e.field.split(/[.[]/)[0] ?? '';
      if (name in sent && !at[name]) at[name] = words(e.text);
      // What is wrong within a part is told at that place too.
      if (name in sent && !at[e.field]) at[e.field] = words(e.text);
    }
    setErrors(at);
    const first = Object.keys(at)[0];
    if (first) document.querySelector<HTMLElement>(`[name="${first}"]`)?.focus();
    if (!first || list.some((e) => !((e.field.split(/[.[]/)[0] ?? '') in sent))) setGeneral(problem(error));
  };

  const send = async (sent: T, tries: number): Promise<void> => {
    const version = base.current.version;
    try {
      const saved = await last.current?.(sent, version);
      base.current = { values: sent, version: saved ?? version };
    } catch (error) {
      const old = error instanceof ApiError && error.code === 'version.old' && version !== undefined;
      if (!old || tries > 3) return show(error, sent);
      const told = error.problem.current as (Partial<T> & { version: number }) | undefined;
      const now = options.current ? await options.current() : told;
      if (!now) return show(error, sent);
      const { merged, fields } = merge(base.current.values, sent, now);
      const theirs = { ...base.current.values, ...pick(now, Object.keys(sent)) };
      base.current = { values: theirs, version: now.version };
      setValues(merged);
      if (fields.length) return setClash({ fields, mine: merged, theirs, version: now.version });
      return send(merged, tries + 1);
    }
  };
  const start = async (sent: T) => {
    setBusy(true);
    setGeneral(null);
    setErrors({});
    try {
      await send(sent, 0);
    } catch (error) {
      show(error, sent);
    } finally {
      setBusy(false);
    }
  };
  const submit = (run: Run<T>) => {
    last.current = run;
    return start(values);
  };
  /** The choice of each field is made: it is saved over what the other person saved. */
  const settle = (chosen: T | null) => {
    setClash(null);
    if (!chosen) return;
    setValues(chosen);
    void start(chosen);
  };
  /** Spread on a text field. */
  const field = <K extends keyof T & string>(name: K) => ({
    name,
    value: values[name] as string,
    error: errors[name] || undefined,
    onChange: (e: React.ChangeEvent<HTMLInputElement | HTMLTextAreaElement>) =>
      set(name, e.target.value as T[K]),
  });
  return { values, set, setValues, errors, general, busy, submit, field, clash, settle };
}

/** The row that a form began with: while somebody writes in it, what comes fresh from the server does not take the words away.
 * Whoever saved an older one is asked field by field. */
export function useBegun<T>(fresh: T) {
  const [begun, setBegun] = useState<T | null>(null);
  return { kept: begun ?? fresh, begin: () => setBegun((b) => b ?? fresh), end: () => setBegun(null) };
}

const pick = <T extends object>(from: Partial<T>, names: string[]) =>
  Object.fromEntries(Object.entries(from).filter(([name]) => names.includes(name))) as Partial<T>;
