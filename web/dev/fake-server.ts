import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Plugin } from 'vite';
import type { OrderAction, Session, StatusRow } from '../src/api/types';
import * as data from './fake-data.ts';
import { FakeOrders } from './fake-orders.ts';
import { accounts, iso } from './fixture.ts';

/* docs/api.md in memory, for `npm run dev` and the tests. Never part of the build. */

export interface Reply {
  status: number;
  body?: unknown;
}
const ok = (body: unknown): Reply => ({ status: 200, body });
const bad = (status: number, code: string, errors?: object[]): Reply => ({
  status,
  body: { title: code, status, code, errors },
});
type Body = Record<string, unknown>;
type Handler = (ids: string[], query: URLSearchParams, body: Body) => Reply;

export class FakeServer {
  streams = new Set<ServerResponse>();
  signedIn = true;
  needsOwner = false;
  session: Session = structuredClone(data.session);
  private eventId = 0;
  orders = new FakeOrders((name, payload) => this.emit(name, payload));
  accounts = structuredClone(accounts);
  views = structuredClone(data.views);
  policies = structuredClone(data.policies);
  calendars = structuredClone(data.calendars);
  users = structuredClone(data.people);
  keys = structuredClone(data.apiKeys);
  parked = structuredClone(data.parked);
  statuses: Record<string, StatusRow[]> = structuredClone(data.statuses);

  emit(name: string, payload: object) {
    const text = `id: ${++this.eventId}\nevent: ${name}\ndata: ${JSON.stringify(payload)}\n\n`;
    this.streams.forEach((s) => s.write(text));
  }

  private sessionNow = () => ({
    ...this.session,
    now: this.orders.nowIso(),
    accounts: this.accounts.map(({ id, channel, name }) => ({ id, channel, name })),
  });
  private order = (
    id: string | undefined,
    run: (o: NonNullable<ReturnType<FakeOrders['find']>>) => Reply,
  ): Reply => {
    const found = this.orders.find(id ?? '');
    return found ? run(found) : bad(404, 'not_found');
  };

  private overview() {
    const counts = this.orders.counts(new URLSearchParams('status=new'));
    const byChannel = this.accounts.map((a) => ({
      account_id: a.id,
      channel: a.channel,
      name: a.name,
      count: this.orders.filtered(new URLSearchParams(`status=new&account_id=${a.id}`)).length,
    }));
    const urgent = this.orders.page(new URLSearchParams('status=new&zone=breached,red&limit=12'), true).items;
    const path = (['new', 'assembling', 'ready_to_ship', 'in_delivery'] as const).map((status) => ({
      status,
      ...this.orders.counts(new URLSearchParams(`status=${status}`)).total,
    }));
    const next =
      this.orders.page(new URLSearchParams('status=new&zone=yellow,green&limit=1'), true).items[0]
        ?.deadline_at ?? null;
    const base = '2026-12-09';
    return {
      now: this.orders.nowIso(),
      new: {
        count: counts.total.count,
        sum: counts.total.sum,
        currency: 'KZT',
        channels: byChannel,
        zones: counts.zones,
      },
      urgent,
      next_deadline_at: next,
      path,
      waiting: [
        { kind: 'parked', count: this.parked.length, query: 'account_id=a-wb' },
        { kind: 'problem', count: 6, query: 'mark=problem' },
        { kind: 'tasks', count: 3, query: 'mine=1&state=open' },
      ],
      channels: this.accounts,
      figures: [
        { key: 'orders_today', value: '129', base: '115', base_day: base, unit: 'count' },
        { key: 'sum_today', value: '1842600.00', base: '1645200.00', base_day: base, unit: 'money' },
        { key: 'confirmed_today', value: '41', base: '38', base_day: base, unit: 'count' },
        { key: 'cancelled_today', value: '2', base: '4', base_day: base, unit: 'count' },
        { key: 'minutes_to_confirm', value: '12', base: '26', base_day: base, unit: 'minutes' },
        { key: 'customers_new', value: '31', base: '27', base_day: base, unit: 'count' },
      ],
      checklist: [
        { key: 'channel', done: true },
        { key: 'statuses', done: true },
        { key: 'team', done: true },
        { key: 'deadlines', done: false },
        { key: 'first_order', done: false },
      ],
    };
  }

  private act: Handler = ([id, action], _q, body) =>
    this.order(id, (o) => {
      const refused = this.orders.refusal(o, action ?? '');
      if (refused) return bad(409, 'order.action_refused');
      const near = o.deadline_at !== null && Date.parse(o.deadline_at) - this.orders.now() < 5 * 60_000;
      const hold = near || (action === 'cancel' && !body.reason) ? 0 : this.session.user.hold_s;
      const back = this.orders.act(o, action as OrderAction, this.session.user.name, hold);
      const undo = this.orders.keepUndo([o.id], [back], hold);
      return ok({
        order: this.orders.row(o),
        command: o.command,
        undo,
        hold_until: undo ? iso(this.orders.now() + hold * 1000) : null,
      });
    });

  private customers(q: string) {
    const seen = new Map<string, Body>();
    for (const o of this.orders.all) {
      const text = `${o.customer_name} ${o.phone}`.toLowerCase();
      if (q && !text.includes(q.toLowerCase())) continue;
      const id = o.customer_id ?? '';
      if (seen.has(id)) continue;
      const rich = o.customer_orders > 10;
      seen.set(id, {
        id,
        name: o.customer_name,
        phone: o.phone,
        email: null,
        orders_count: o.customer_orders,
        total: rich ? '487000.00' : o.total,
        currency: 'KZT',
        first_order_at: '2025-09-02T08:00:00Z',
        last_order_at: o.placed_at,
        city: o.city,
        channels: rich ? ['kaspi', 'wildberries', 'ozon'] : [o.channel],
        matched: null,
      });
    }
    return [...seen.values()];
  }

  private customer(id: string): Reply {
    const row = this.customers('').find((c) => c.id === id);
    if (!row) return bad(404, 'not_found');
    const mine = this.orders.all.filter((o) => o.customer_id === id);
    const source = (o: (typeof mine)[number], n: number) => ({
      id: `src${n}`,
      channel: o.channel,
      account_id: o.account_id,
      name: o.customer_name,
      phone: o.phone,
      email: null,
      address: `${o.city}, мкр Самал-2`,
      masked: false,
      first_seen: o.placed_at,
      last_seen: o.placed_at,
      rule: n ? 'phone' : null,
    });
    return ok({ ...row, sources: mine.slice(0, 3).map(source), orders: mine.map(this.orders.row) });
  }

  private routes: [string, RegExp, Handler][] = [
    [
      'GET',
      /^\/api\/setup$/,
      () =>
        ok({
          needs_owner: this.needsOwner,
          demo: true,
          version: '0.1.0',
          demo_login: { login: 'demo', password: 'demo' },
        }),
    ],
    [
      'POST',
      /^\/api\/setup$/,
      (_i, _q, b) => {
        if (String(b.password ?? '').length < 8)
          return bad(422, 'body.invalid', [{ field: 'password', text: 'too short' }]);
        this.needsOwner = false;
        this.signedIn = true;
        return ok(this.sessionNow());
      },
    ],
    [
      'POST',
      /^\/api\/session$/,
      (_i, _q, b) => {
        if (b.password !== 'demo') return bad(401, 'credentials');
        this.signedIn = true;
        return ok(this.sessionNow());
      },
    ],
    ['GET', /^\/api\/session$/, () => (this.signedIn ? ok(this.sessionNow()) : bad(401, 'sign_in'))],
    [
      'PATCH',
      /^\/api\/session$/,
      (_i, _q, b) => {
        Object.assign(this.session.user, b);
        return ok(this.sessionNow());
      },
    ],
    [
      'DELETE',
      /^\/api\/session$/,
      () => {
        this.signedIn = false;
        return { status: 204 };
      },
    ],
    [
      'GET',
      /^\/api\/sessions$/,
      () =>
        ok([
          {
            id: 's1',
            created_at: this.orders.nowIso(),
            last_seen_at: this.orders.nowIso(),
            address: '10.0.0.12',
            agent: 'Chromium, Linux',
            current: true,
          },
          {
            id: 's2',
            created_at: '2026-12-12T05:00:00Z',
            last_seen_at: '2026-12-15T13:00:00Z',
            address: '10.0.0.31',
            agent: 'Safari, iPhone',
            current: false,
          },
        ]),
    ],
    ['GET', /^\/api\/queue$/, (_i, q) => ok(this.orders.page(q, true))],
    ['GET', /^\/api\/queue\/counts$/, (_i, q) => ok(this.orders.counts(q))],
    ['GET', /^\/api\/orders$/, (_i, q) => ok(this.orders.page(q, false))],
    ['GET', /^\/api\/orders\/([^/]+)$/, ([id]) => this.order(id, (o) => ok(this.orders.card(o)))],
    [
      'PATCH',
      /^\/api\/orders\/([^/]+)$/,
      ([id], _q, b) =>
        this.order(id, (o) => {
          Object.assign(o, b);
          o.version++;
          return ok(this.orders.card(o));
        }),
    ],
    [
      'POST',
      /^\/api\/orders\/([^/]+)\/assign$/,
      ([id], _q, b) =>
        this.order(id, (o) => {
          this.orders.assign(o, (b.assignee_id as string) ?? null);
          return ok(this.orders.row(o));
        }),
    ],
    [
      'POST',
      /^\/api\/orders\/([^/]+)\/notes$/,
      ([id], _q, b) =>
        this.order(id, (o) => {
          const note = {
            id: `n${Date.now()}`,
            at: this.orders.nowIso(),
            author: this.session.user.name,
            text: String(b.text),
          };
          o.notes.unshift(note);
          return ok(note);
        }),
    ],
    [
      'POST',
      /^\/api\/orders\/([^/]+)\/tasks$/,
      ([id], _q, b) =>
        this.order(id, (o) => {
          const task = {
            id: `t${Date.now()}`,
            title: String(b.title),
            assignee_id: null,
            due_at: null,
            state: 'open' as const,
            rule: null,
            version: 1,
          };
          o.tasks.push(task);
          return ok(task);
        }),
    ],
    [
      'PATCH',
      /^\/api\/tasks\/([^/]+)$/,
      ([id], _q, b) => {
        const task = this.orders.all.flatMap((o) => o.tasks).find((t) => t.id === id);
        if (task) Object.assign(task, b);
        return task ? ok(task) : bad(404, 'not_found');
      },
    ],
    ['POST', /^\/api\/orders\/([^/]+)\/([a-z_]+)$/, this.act],
    [
      'GET',
      /^\/api\/tasks$/,
      () => ok({ items: this.orders.all.flatMap((o) => o.tasks).slice(0, 50), next: null }),
    ],
    [
      'POST',
      /^\/api\/bulk$/,
      (_i, _q, b) => ok(this.orders.bulk(b as never, this.session.user.name, this.session.user.hold_s)),
    ],
    ['POST', /^\/api\/undo$/, (_i, _q, b) => ok(this.orders.undo(String(b.token)))],
    [
      'GET',
      /^\/api\/search$/,
      (_i, q) => {
        const text = q.get('q') ?? '';
        return ok({
          customers: this.customers(text)
            .slice(0, 5)
            .map((c) => ({ ...c, matched: text })),
          orders: this.orders.page(new URLSearchParams({ q: text, limit: '5' }), true).items,
          exact: null,
        });
      },
    ],
    ['GET', /^\/api\/overview$/, () => ok(this.overview())],
    [
      'GET',
      /^\/api\/views$/,
      () =>
        ok(
          this.views.map((v) => {
            const c = this.orders.counts(new URLSearchParams(v.query));
            return {
              ...v,
              count: c.total.count,
              red:
                v.query.includes('status=new') &&
                !v.query.includes('channel') &&
                !v.query.includes('assignee')
                  ? c.zones.red!.count + c.zones.breached!.count
                  : 0,
            };
          }),
        ),
    ],
    [
      'POST',
      /^\/api\/views$/,
      (_i, _q, b) => {
        const view = {
          ...data.views[5]!,
          id: `v${Date.now()}`,
          name: String(b.name),
          query: String(b.query),
          position: this.views.length + 1,
        };
        this.views.push(view);
        return ok(view);
      },
    ],
    [
      'PATCH',
      /^\/api\/views\/(.+)$/,
      ([id], _q, b) => ok(Object.assign(this.views.find((v) => v.id === id) ?? {}, b)),
    ],
    [
      'DELETE',
      /^\/api\/views\/(.+)$/,
      ([id]) => {
        this.views = this.views.filter((v) => v.id !== id);
        return { status: 204 };
      },
    ],
    ['GET', /^\/api\/channel-kinds$/, () => ok(data.kinds)],
    ['GET', /^\/api\/accounts$/, () => ok(this.accounts)],
    [
      'POST',
      /^\/api\/accounts$/,
      (_i, _q, b) => {
        const made = {
          ...data.emptyAccount(`a${Date.now()}`, String(b.channel), String(b.name)),
          mode: b.mode as 'live',
        };
        this.accounts.push(made);
        return ok(made);
      },
    ],
    [
      'POST',
      /^\/api\/accounts\/check$/,
      (_i, _q, b) => ok(this.check(JSON.stringify(b.settings ?? {}).includes('bad'))),
    ],
    ['POST', /^\/api\/accounts\/([^/]+)\/check$/, () => ok(this.check(false))],
    [
      'PATCH',
      /^\/api\/accounts\/([^/]+)$/,
      ([id], _q, b) =>
        ok(Object.assign(this.accounts.find((a) => a.id === id) ?? {}, { ...b, settings: {} })),
    ],
    [
      'DELETE',
      /^\/api\/accounts\/([^/]+)$/,
      ([id]) => {
        this.accounts = this.accounts.filter((a) => a.id !== id);
        return { status: 204 };
      },
    ],
    [
      'POST',
      /^\/api\/accounts\/([^/]+)\/(fetch|pause|resume)$/,
      ([id, what]) => {
        const found = this.accounts.find((a) => a.id === id);
        if (found)
          Object.assign(
            found,
            what === 'fetch'
              ? { last_ok_at: this.orders.nowIso(), lag_s: 1, state: 'active', error: null }
              : { state: what === 'pause' ? 'paused' : 'active' },
          );
        this.emit('account', { id, state: found?.state });
        return ok(found);
      },
    ],
    [
      'GET',
      /^\/api\/accounts\/([^/]+)\/quota$/,
      ([id]) =>
        ok([
          {
            family: 'orders',
            per_minute: 100,
            used: id === 'a-ozon' ? 100 : 12,
            left: id === 'a-ozon' ? 0 : 88,
            waiting: id === 'a-ozon' ? 3 : 0,
            blocked_until: id === 'a-ozon' ? iso(this.orders.now() + 30_000) : null,
          },
          { family: 'commands', per_minute: 60, used: 4, left: 56, waiting: 0, blocked_until: null },
        ]),
    ],
    ['GET', /^\/api\/accounts\/([^/]+)\/statuses$/, ([id]) => ok(this.statuses[id ?? ''] ?? [])],
    [
      'PUT',
      /^\/api\/accounts\/([^/]+)\/statuses$/,
      ([id], _q, b) => {
        for (const r of b.rows as StatusRow[]) {
          const row = this.statuses[id ?? '']?.find((s) => s.key === r.key);
          if (row) Object.assign(row, { hub_status: r.hub_status, changed: true, unknown: 0 });
        }
        return ok(this.statuses[id ?? ''] ?? []);
      },
    ],
    [
      'GET',
      /^\/api\/parked$/,
      (_i, q) => ok(this.parked.filter((p) => !q.get('account_id') || p.account_id === q.get('account_id'))),
    ],
    [
      'POST',
      /^\/api\/parked\/([^/]+)\/(retry|drop)$/,
      ([id]) => {
        this.parked = this.parked.filter((p) => p.id !== id);
        return ok({});
      },
    ],
    ['POST', /^\/api\/commands\/([^/]+)\/(retry|drop)$/, () => ok({})],
    ['GET', /^\/api\/customers$/, (_i, q) => ok({ items: this.customers(q.get('q') ?? ''), next: null })],
    ['GET', /^\/api\/customers\/(.+)$/, ([id]) => this.customer(id ?? '')],
    ['GET', /^\/api\/users$/, () => ok(this.users)],
    [
      'POST',
      /^\/api\/users$/,
      (_i, _q, b) =>
        ok(
          this.users[
            this.users.push({ ...data.people[0]!, ...b, id: `u${Date.now()}`, last_seen_at: null } as never) -
              1
          ],
        ),
    ],
    [
      'PATCH',
      /^\/api\/users\/(.+)$/,
      ([id], _q, b) => ok(Object.assign(this.users.find((u) => u.id === id) ?? {}, b)),
    ],
    ['GET', /^\/api\/keys$/, () => ok(this.keys)],
    [
      'POST',
      /^\/api\/keys$/,
      (_i, _q, b) => {
        const key = {
          id: `k${Date.now()}`,
          name: String(b.name),
          scopes: b.scopes as never,
          created_at: this.orders.nowIso(),
          last_used_at: null,
        };
        this.keys.push(key);
        return ok({ ...key, secret: 'sauda_7f3kq0x9m2v8b1n5c4z6l7p0' });
      },
    ],
    [
      'DELETE',
      /^\/api\/keys\/(.+)$/,
      ([id]) => {
        this.keys = this.keys.filter((k) => k.id !== id);
        return { status: 204 };
      },
    ],
    ['GET', /^\/api\/audit$/, () => ok({ items: data.audit, next: null })],
    ['GET', /^\/api\/policies$/, () => ok(this.policies)],
    [
      'POST',
      /^\/api\/policies$/,
      (_i, _q, b) =>
        ok(this.policies[this.policies.push({ ...b, id: `s${Date.now()}`, version: 1 } as never) - 1]),
    ],
    [
      'PATCH',
      /^\/api\/policies\/(.+)$/,
      ([id], _q, b) => ok(Object.assign(this.policies.find((p) => p.id === id) ?? {}, b)),
    ],
    [
      'DELETE',
      /^\/api\/policies\/(.+)$/,
      ([id]) => {
        this.policies = this.policies.filter((p) => p.id !== id);
        return { status: 204 };
      },
    ],
    ['GET', /^\/api\/calendars$/, () => ok(this.calendars)],
    [
      'PUT',
      /^\/api\/calendars\/(.+)$/,
      ([id], _q, b) => ok(Object.assign(this.calendars.find((c) => c.id === id) ?? {}, b)),
    ],
    [
      'GET',
      /^\/api\/settings$/,
      () =>
        ok({
          shop_name: 'Карапуз',
          country: 'KZ',
          currency: 'KZT',
          time_zone: 'Asia/Almaty',
          hold_s: 5,
          version: 1,
        }),
    ],
    [
      'POST',
      /^\/api\/dev\/arrive$/,
      (_i, q) => {
        this.orders.arrive(Number(q.get('n') ?? 1));
        return ok({});
      },
    ],
    [
      'POST',
      /^\/api\/dev\/state$/,
      (_i, _q, b) => {
        Object.assign(this, b);
        return ok({});
      },
    ],
  ];

  private check(fails: boolean) {
    const names = ['key', 'orders', 'clock', 'statuses', 'sample'];
    return {
      items: names.map((name, i) => ({
        name,
        ok: !fails || i === 2,
        text: fails && i === 0 ? 'unauthorized' : '',
      })),
    };
  }

  handle(method: string, path: string, query: URLSearchParams, body: Body): Reply {
    for (const [m, pattern, run] of this.routes) {
      const found = m === method ? pattern.exec(path) : null;
      if (!found) continue;
      const open = /setup|session$|\/dev\//.test(path);
      return this.signedIn || open ? run(found.slice(1), query, body) : bad(401, 'sign_in');
    }
    return bad(404, 'not_found');
  }
}

function readBody(req: IncomingMessage): Promise<Body> {
  return new Promise((resolve) => {
    let text = '';
    req.on('data', (chunk) => (text += chunk));
    req.on('end', () => resolve(text ? (JSON.parse(text) as Body) : {}));
  });
}

type Middlewares = {
  use: (fn: (req: IncomingMessage, res: ServerResponse, next: () => void) => void) => void;
};

function attach(middlewares: Middlewares) {
  const fake = new FakeServer();
  if (process.env.SAUDA_FAKE_ARRIVE) setInterval(() => fake.orders.arrive(1), 8000).unref();
  const answer = async (req: IncomingMessage, res: ServerResponse, url: URL) => {
    const body = await readBody(req);
    const reply = fake.handle(req.method ?? 'GET', url.pathname, url.searchParams, body);
    const type = reply.status < 400 ? 'application/json' : 'application/problem+json';
    res.writeHead(reply.status, { 'Content-Type': type });
    res.end(reply.body === undefined ? undefined : JSON.stringify(reply.body));
  };
  middlewares.use((req, res, next) => {
    const url = new URL(req.url ?? '/', 'http://local');
    if (url.pathname === '/health') return void res.end('ok');
    if (!url.pathname.startsWith('/api/')) return next();
    if (url.pathname !== '/api/live') return void answer(req, res, url);
    res.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' });
    res.write(': hello\n\n');
    fake.streams.add(res);
    req.on('close', () => fake.streams.delete(res));
  });
}

export function fakeServer(): Plugin {
  return {
    name: 'sauda-fake-server',
    apply: 'serve',
    configureServer: (server) => attach(server.middlewares),
    configurePreviewServer: (server) => attach(server.middlewares),
  };
}
