import { serverClock } from '../base/clock';
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
const signedOut = new Set<Listener>();
export function onSignedOut(fn: Listener) {
  signedOut.add(fn);
  return () => void signedOut.delete(fn);
}

export const newKey = () => crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}`;

function problemOf(status: number, text: string): Problem {
  try {
    const parsed = JSON.parse(text) as Problem;
    if (parsed && typeof parsed.code === 'string') return parsed;
  } catch {
    /* not a problem document: a proxy in between */
  }
  return { title: text.slice(0, 200), status, code: status >= 500 ? 'internal' : 'unknown' };
}

/** The one way to the server. */
export async function call<T>(method: string, path: string, options: CallOptions = {}): Promise<T> {
  const headers: Record<string, string> = { Accept: 'application/json' };
  const unsafe = method !== 'GET';
  if (unsafe) headers['X-CSRF-Token'] = csrf;
  if (options.body !== undefined) headers['Content-Type'] = 'application/json';
  if (options.version !== undefined) headers['If-Match'] = String(options.version);
  if (method === 'POST') headers['Idempotency-Key'] = options.once ?? newKey();
  const query = options.query ? `?${options.query.toString()}` : '';
  let reply: Response;
  try {
    reply = await fetch(path + query, {
      method,
      headers,
      credentials: 'same-origin',
      signal: options.signal,
      body: options.body === undefined ? undefined : JSON.stringify(options.body),
    });
  } catch (cause) {
    if (options.signal?.aborted) throw cause;
    serverClock.lost();
    throw new ApiError({ title: 'offline', status: 0, code: 'offline' });
  }
  serverClock.heard();
  const text = await reply.text();
  if (!reply.ok) {
    const problem = problemOf(reply.status, text);
    if (problem.code === 'sign_in') signedOut.forEach((fn) => fn());
    const wait = Number(reply.headers.get('Retry-After'));
    throw new ApiError(problem, wait > 0 ? wait : null);
  }
  return (text ? JSON.parse(text) : undefined) as T;
}

export const get = <T>(path: string, query?: string | URLSearchParams, signal?: AbortSignal) =>
  call<T>('GET', path, { query, signal });
export const post = <T>(path: string, body: unknown = {}, once?: string) =>
  call<T>('POST', path, { body, once });
export const patch = <T>(path: string, body: unknown, version?: number) =>
  call<T>('PATCH', path, { body, version });
export const put = <T>(path: string, body: unknown, version?: number) =>
  call<T>('PUT', path, { body, version });
export const remove = <T>(path: string, version?: number) => call<T>('DELETE', path, { version });
