import { serverClock } from '../base/clock';
import { takeAhead } from './ahead';
import type { Problem } from './types';

/** What the server said was wrong; screens choose their words by `code`. */
export class ApiError extends Error {
  readonly code: string;
  readonly status: number;
  constructor(
    readonly problem: Problem,
    readonly retryAfter: number | null = null,
  ) {
    super(problem.detail ?? problem.title);
    this.code = problem.code;
    this.status = problem.status;
  }
}

export interface CallOptions {
  query?: string | URLSearchParams;
  body?: unknown;
  /** A file, sent as it is in place of a body. */
  file?: Blob;
  /** Version of the row that is being changed. */
  version?: number;
  /** Repeating the call with the same key does the thing once. */
  once?: string;
  signal?: AbortSignal;
}

let csrf = '';
export const setCsrf = (token: string) => {
  csrf = token;
};

type Listener = () => void;
const listeners = () => {
  const all = new Set<Listener>();
  return {
    tell: () => all.forEach((fn) => fn()),
    on: (fn: Listener) => {
      all.add(fn);
      return () => void all.delete(fn);
    },
  };
};
const signedOut = listeners();
export const onSignedOut = signedOut.on;
const slow = listeners();
/** A request has waited for longer than a server needs: is there one? */
export const onSlow = slow.on;
const slowMs = 1200;

/* When the session is over, requests wait for the next sign-in and are sent again then, each with its own key, so nothing that a
 * person has written is lost and nothing is done twice. */
let waiting: { promise: Promise<boolean>; end: (again: boolean) => void } | null = null;
function signedInAgain(): Promise<boolean> {
  if (!waiting) {
    let end: (again: boolean) => void = () => undefined;
    const promise = new Promise<boolean>((done) => (end = done));
    waiting = { promise, end };
    signedOut.tell();
  }
  return waiting.promise;
}
/** The same person is back: what waits is sent. Somebody else is not: it ends as what it was, a refusal. */
export function endWaiting(samePerson: boolean) {
  waiting?.end(samePerson);
  waiting = null;
}

export const newKey = () => crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}`;

function problemOf(status: number, text: string): Problem {
  try {
    const parsed = JSON.parse(text) as Problem;
    if (parsed && typeof parsed.code === 'string') return parsed;
  } catch {
    /* not a problem document: a proxy in between */
  }
  const gone = status === 502 || status === 504;
  return {
    title: text.slice(0, 200),
    status,
    code: gone ? 'unreachable' : status >= 500 ? 'internal' : 'unknown',
  };
}

/** The one way to the server. */
export async function call<T>(method: string, path: string, options: CallOptions = {}): Promise<T> {
  const headers: Record<string, string> = { Accept: 'application/json' };
  const unsafe = method !== 'GET';
  const once = options.once ?? newKey();
  if (unsafe) headers['X-CSRF-Token'] = csrf;
  if (options.body !== undefined) headers['Content-Type'] = 'application/json';
  // Tables come under many names; a picture under its own.
  const type = options.file?.type ?? '';
  if (options.file) headers['Content-Type'] = type.startsWith('image/') ? type : 'text/csv';
  if (options.version !== undefined) headers['If-Match'] = String(options.version);
  if (method === 'POST') headers['Idempotency-Key'] = once;
  const query = options.query ? `?${options.query.toString()}` : '';
  const late = setTimeout(slow.tell, slowMs);
  let reply: Response;
  try {
    const ahead = unsafe ? undefined : takeAhead(path + query);
    reply = await (ahead ??
      fetch(path + query, {
        method,
        headers,
        credentials: 'same-origin',
        signal: options.signal,
        body: options.file ?? (options.body === undefined ? undefined : JSON.stringify(options.body)),
      }));
  } catch (cause) {
    if (options.signal?.aborted) throw cause;
    serverClock.lost();
    throw new ApiError({ title: 'offline', status: 0, code: 'offline' });
  } finally {
    clearTimeout(late);
  }
  const text = await reply.text();
  if (!reply.ok) {
    const problem = problemOf(reply.status, text);
    // A proxy that answers for a server which is gone.
    if (problem.code === 'unreachable') serverClock.lost();
    else serverClock.heard();
    if (problem.code === 'sign_in' && csrf && (await signedInAgain()) && !options.signal?.aborted)
      return call<T>(method, path, { ...options, once });
    const wait = Number(reply.headers.get('Retry-After'));
    throw new ApiError(problem, wait > 0 ? wait : null);
  }
  serverClock.heard();
  return (text ? JSON.parse(text) : undefined) as T;
}

export const get = <T>(path: string, query?: string | URLSearchParams, signal?: AbortSignal) =>
  call<T>('GET', path, { query, signal });
/** A file of ours, as it is. */
export async function getFile(path: string): Promise<Uint8Array> {
  let reply: Response;
  try {
    reply = await fetch(path, { credentials: 'same-origin' });
  } catch {
    serverClock.lost();
    throw new ApiError({ title: 'offline', status: 0, code: 'offline' });
  }
  if (reply.ok) return new Uint8Array(await reply.arrayBuffer());
  const problem = problemOf(reply.status, await reply.text());
  if (problem.code === 'sign_in' && csrf && (await signedInAgain())) return getFile(path);
  throw new ApiError(problem);
}

export const post = <T>(path: string, body: unknown = {}, once?: string) =>
  call<T>('POST', path, { body, once });
export const upload = <T>(path: string, query: URLSearchParams, file: Blob) =>
  call<T>('POST', path, { query, file });
export const patch = <T>(path: string, body: unknown, version?: number) =>
  call<T>('PATCH', path, { body, version });
export const put = <T>(path: string, body: unknown, version?: number) =>
  call<T>('PUT', path, { body, version });
export const remove = <T>(path: string, version?: number) => call<T>('DELETE', path, { version });
