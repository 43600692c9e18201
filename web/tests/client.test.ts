import { beforeEach, describe, expect, it, vi } from 'vitest';
import { ApiError, call, setCsrf } from '../src/api/client';

/* The one HTTP function: what it sends, and what it makes of an answer. */

let sent: { path: string; headers: Record<string, string>; body: unknown }[];
let answer: () => Response;

beforeEach(() => {
  sent = [];
  answer = () => new Response('{}');
  vi.stubGlobal('fetch', (path: string, init: RequestInit) => {
    const body: unknown = init.body ? JSON.parse(String(init.body)) : undefined;
    sent.push({ path, headers: init.headers as Record<string, string>, body });
    return Promise.resolve(answer());
  });
});
const failure = () => call('GET', '/api/orders/1').catch((e: unknown) => e) as Promise<ApiError>;

describe('the HTTP function', () => {
  it('sends the token, the version and a key of its own with unsafe calls', async () => {
    setCsrf('token');
    await call('PATCH', '/api/session', { body: { hold_s: 7 }, version: 3 });
    await call('POST', '/api/undo', { body: {} });
    await call('POST', '/api/undo', { body: {} });
    expect(sent[0]).toMatchObject({
      headers: { 'X-CSRF-Token': 'token', 'If-Match': '3' },
      body: { hold_s: 7 },
    });
    expect(sent[1]?.headers['Idempotency-Key']).toBeTruthy();
    expect(sent[2]?.headers['Idempotency-Key']).not.toBe(sent[1]?.headers['Idempotency-Key']);
  });

  it('sends no token with a question', async () => {
    await call('GET', '/api/queue', { query: 'status=new' });
    expect(sent[0]?.path).toBe('/api/queue?status=new');
    expect(sent[0]?.headers['X-CSRF-Token']).toBeUndefined();
  });

  it('gives nothing for an empty answer', async () => {
    answer = () => new Response(null, { status: 204 });
    expect(await call('DELETE', '/api/views/1')).toBeUndefined();
  });

  it('turns a problem into an error with its code and the time to wait', async () => {
    const problem = { title: 'Slow down', status: 429, code: 'too_many' };
    answer = () => new Response(JSON.stringify(problem), { status: 429, headers: { 'Retry-After': '30' } });
    const error = await failure();
    expect(error).toBeInstanceOf(ApiError);
    expect([error.code, error.status, error.retryAfter]).toEqual(['too_many', 429, 30]);
  });

  it('makes a problem of what a proxy answers in its own words', async () => {
    answer = () => new Response('<h1>Bad gateway</h1>', { status: 502 });
    expect((await failure()).code).toBe('unreachable');
  });

  it('says that the server is out of reach', async () => {
    vi.stubGlobal('fetch', () => Promise.reject(new TypeError('failed')));
    expect((await failure()).code).toBe('offline');
  });
});
