import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FakeServer } from '../dev/fake-server';
import { call, ApiError, setCsrf } from '../src/api/client';
import type { BulkReply, OrderCard, Overview, Page, QueueRow } from '../src/api/types';

/* The one HTTP function against the fixture: the same numbers as in the pictures. */

let fake: FakeServer;
let sent: { method: string; headers: Record<string, string> }[];

beforeEach(() => {
  fake = new FakeServer();
  sent = [];
  vi.stubGlobal('fetch', (address: string, init: RequestInit) => {
    const url = new URL(address, 'http://local');
    sent.push({ method: init.method ?? 'GET', headers: init.headers as Record<string, string> });
    const body = init.body ? JSON.parse(String(init.body)) : {};
    const reply = fake.handle(init.method ?? 'GET', url.pathname, url.searchParams, body);
    return Promise.resolve(
      new Response(reply.body === undefined ? null : JSON.stringify(reply.body), { status: reply.status }),
    );
  });
});
afterEach(() => vi.unstubAllGlobals());

describe('the fixture', () => {
  it('has 129 new orders, 7 of them red for 184 400 ₸', async () => {
    const o = await call<Overview>('GET', '/api/overview');
    expect(o.new.count).toBe(129);
    expect(o.new.channels.map((c) => c.count)).toEqual([67, 34, 28]);
    expect([o.new.zones.red.count, o.new.zones.yellow.count, o.new.zones.green.count]).toEqual([7, 31, 91]);
    expect(o.new.zones.red.sum).toBe('184400.00');
    expect(o.urgent).toHaveLength(7);
  });

  it('pages by cursor through all of them once, most urgent first', async () => {
    const seen: QueueRow[] = [];
    let after = '';
    do {
      const page: Page<QueueRow> = await call('GET', '/api/queue', {
        query: `status=new&limit=50${after && `&after=${after}`}`,
      });
      seen.push(...page.items);
      after = page.next ?? '';
    } while (after);
    expect(new Set(seen.map((r) => r.id)).size).toBe(129);
    expect(seen.slice(0, 7).every((r) => r.zone === 'red')).toBe(true);
  });
});

describe('acting', () => {
  it('a dry run names refusals and changes nothing; undo inside the window takes all back', async () => {
    const red = await call<Page<QueueRow>>('GET', '/api/queue', { query: 'status=new&zone=red' });
    const other = await call<Page<QueueRow>>('GET', '/api/queue', { query: 'status=assembling&limit=1' });
    const ids = [...red.items, ...other.items].map((r) => r.id);
    const dry = await call<BulkReply>('POST', '/api/bulk', {
      body: { action: 'confirm', ids, dry_run: true },
    });
    expect(dry.refused).toHaveLength(1);
    expect(dry.done).toEqual([]);
    const done = await call<BulkReply>('POST', '/api/bulk', { body: { action: 'confirm', ids } });
    expect(done.done).toHaveLength(7);
    const held = await call<OrderCard>('GET', `/api/orders/${red.items[0]?.id}`);
    expect(held.command?.state).toBe('held');
    await call('POST', '/api/undo', { body: { token: done.undo } });
    const back = await call<OrderCard>('GET', `/api/orders/${red.items[0]?.id}`);
    expect([back.status, back.command]).toEqual(['new', null]);
  });
});

describe('the HTTP function', () => {
  it('sends the token, the version and a key of its own with unsafe calls', async () => {
    setCsrf('token');
    await call('PATCH', '/api/session', { body: { hold_s: 7 }, version: 3 });
    await call('POST', '/api/undo', { body: {} });
    expect(sent[0]?.headers).toMatchObject({ 'X-CSRF-Token': 'token', 'If-Match': '3' });
    expect(sent[1]?.headers['Idempotency-Key']).toBeTruthy();
  });

  it('turns a problem into an error with its code', async () => {
    await expect(call('GET', '/api/orders/none')).rejects.toMatchObject({ code: 'not_found', status: 404 });
  });

  it('says that the server is out of reach', async () => {
    vi.stubGlobal('fetch', () => Promise.reject(new TypeError('failed')));
    const error = await call('GET', '/api/queue').catch((e: unknown) => e);
    expect(error).toBeInstanceOf(ApiError);
    expect((error as ApiError).code).toBe('offline');
  });
});
