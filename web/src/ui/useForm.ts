import { useState } from 'react';
import { ApiError } from '../api/client';
import { useFieldText, useProblemText } from '../base/problem';

/** The one pattern of forms: values, the server's errors at their fields, one general sentence. */
export function useForm<T extends object>(initial: T) {
  const [values, setValues] = useState(initial);
  const [errors, setErrors] = useState<Record<string, string>>({});
  const [general, setGeneral] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const problem = useProblemText();
  const words = useFieldText();
  const set = <K extends keyof T>(name: K, value: T[K]) => {
    setValues((v) => ({ ...v, [name]: value }));
    setErrors((e) => ({ ...e, [name as string]: '' }));
  };
  const submit = async (run: (values: T) => Promise<void>) => {
    setBusy(true);
    setGeneral(null);
    setErrors({});
    try {
      await run(values);
    } catch (error) {
      const list = error instanceof ApiError ? (error.problem.errors ?? []) : [];
      const at = Object.fromEntries(
        list.filter((e) => e.field in values).map((e) => [e.field, words(e.text)]),
      );
      setErrors(at);
      const first = Object.keys(at)[0];
      if (first) document.querySelector<HTMLElement>(`[name="${first}"]`)?.focus();
      else setGeneral(problem(error));
    } finally {
      setBusy(false);
    }
  };
  /** Spread on a text field. */
  const field = <K extends keyof T & string>(name: K) => ({
    name,
    value: values[name] as string,
    error: errors[name] || undefined,
    onChange: (e: React.ChangeEvent<HTMLInputElement | HTMLTextAreaElement>) =>
      set(name, e.target.value as T[K]),
  });
  return { values, set, setValues, errors, general, busy, submit, field };
}
