import type {
  ActionState,
  BulkReply,
  CountSum,
  OrderAction,
  OrderCard,
  QueueRow,
  Refusal,
  Zone,
} from '../src/api/types';
import { kinds } from './fake-data.ts';
import { CLOCK, fixture, iso, minute, nativeOf, type FakeOrder } from './fixture.ts';

/* Orders of the fake: lists, counts, actions with the hold window, undo. */

export type Emit = (name: string, data: object) => void;
const zones: Zone[] = ['breached', 'red', 'yellow', 'green', 'none'];
const targets: Record<OrderAction, { from: string[]; to: QueueRow['status'] }> = {
  confirm: { from: ['new'], to: 'confirmed' },
  assemble: { from: ['confirmed'], to: 'assembling' },
  release: { from: ['assembling'], to: 'confirmed' },
  ready: { from: ['assembling'], to: 'ready_to_ship' },
  hand_over: { from: ['ready_to_ship'], to: 'in_delivery' },
  cancel: { from: ['new', 'confirmed', 'assembling', 'ready_to_ship'], to: 'cancelled' },
};

const tenge = (n: number) => `${n}.00`;
const totalOf = (o: FakeOrder) => Math.round(Number(o.total ?? 0));

export class FakeOrders {
  all = fixture();
  private started = Date.now();
  private undos = new Map<string, { until: number; back: (() => void)[]; ids: string[] }>();
  constructor(private emit: Emit) {}

  now = () => CLOCK + (Date.now() - this.started);
  nowIso = () => iso(this.now());
  find = (id: string) => this.all.find((o) => o.id === id);

  filtered(query: URLSearchParams): FakeOrder[] {
    const set = (name: string) => query.get(name)?.split(',').filter(Boolean);
    const q = query.get('q')?.toLowerCase();
    const [status, channel, account, zone, who, mark, tag] = [
      'status',
      'channel',
      'account_id',
      'zone',
      'assignee_id',
      'mark',
      'tag',
    ].map(set);
    const num = (name: string) => (query.get(name) ? Number(query.get(name)) : null);
    const [min, max] = [num('total_from'), num('total_to')];
    return this.all.filter(
      (o) =>
        (!status?.length || status.includes(o.status)) &&
        (!channel?.length || channel.includes(o.channel)) &&
        (!account?.length || account.includes(o.account_id)) &&
        (!zone?.length || zone.includes(o.zone)) &&
        (!who?.length || who.includes(o.assignee_id ?? 'none')) &&
        (!mark?.length || o.marks.some((m) => mark.includes(m))) &&
        (!tag?.length || o.tags.some((t) => tag.includes(t))) &&
        (min === null || totalOf(o) >= min) &&
        (max === null || totalOf(o) <= max) &&
        (!q ||
          `${o.number} ${o.customer_name} ${o.phone} ${o.title} ${o.number.replace(/\D/g, '')}`
            .toLowerCase()
            .includes(q)),
    );
  }

  private order(a: FakeOrder, b: FakeOrder) {
    return (
      zones.indexOf(a.zone) - zones.indexOf(b.zone) ||
      (a.deadline_at ?? '').localeCompare(b.deadline_at ?? '') ||
      a.id.localeCompare(b.id)
    );
  }

  page(query: URLSearchParams, urgent: boolean) {
    const list = this.filtered(query);
    const sort = query.get('sort') ?? '-placed_at';
    const field = sort.replace('-', '') as 'placed_at' | 'total';
    const value = (o: FakeOrder) =>
      field === 'total' ? String(totalOf(o)).padStart(12, '0') : (o.placed_at ?? '');
    list.sort(
      urgent
        ? this.order
        : (a, b) =>
            sort.startsWith('-') ? value(b).localeCompare(value(a)) : value(a).localeCompare(value(b)),
    );
    const after = query.get('after');
    const limit = Math.min(200, Number(query.get('limit') ?? 100));
    const from = after ? list.findIndex((o) => o.id === after) + 1 : 0;
    const items = list.slice(from, from + limit);
    return {
      items: items.map(this.row),
      next: from + limit < list.length ? (items.at(-1)?.id ?? null) : null,
    };
  }

  counts(query: URLSearchParams) {
    const list = this.filtered(query);
    const sum = (rows: FakeOrder[]): CountSum => ({
      count: rows.length,
      sum: tenge(rows.reduce((n, o) => n + totalOf(o), 0)),
    });
    const byZone = Object.fromEntries(zones.map((z) => [z, sum(list.filter((o) => o.zone === z))]));
    return { total: { ...sum(list), currency: 'KZT' }, zones: byZone, currency: 'KZT', mixed: false };
  }

  row = (o: FakeOrder): QueueRow => {
    const { history, notes, tasks, commands, goods, phone, comment, started_at, ...row } = o;
    void [history, notes, tasks, commands, goods, phone, comment, started_at];
    return row;
  };

  card(o: FakeOrder): OrderCard {
    const same = this.all.filter((x) => x.customer_id === o.customer_id);
    const urgent = this.filtered(new URLSearchParams(`status=${o.status}&zone=${o.zone}`)).sort(this.order);
    const due = o.deadline_at;
    return {
      ...this.row(o),
      group_number: null,
      scheme: 'fbs',
      goods_total: o.total,
      discount_total: '0.00',
      delivery_total: '0.00',
      grand_total: o.total,
      cancel_reason: null,
      cancel_side: '',
      comment_buyer: o.customer_orders > 10 ? 'Позвоните за час, пожалуйста' : null,
      comment: o.comment,
      customer: {
        id: o.customer_id ?? '',
        name: o.customer_name,
        phone: o.phone,
        phone_masked: null,
        email: null,
        orders_count: o.customer_orders,
        total: o.customer_orders > 10 ? '487000.00' : o.total,
        currency: 'KZT',
        channels: [...new Set(same.map((x) => x.channel))],
        last_orders: same
          .filter((x) => x.id !== o.id)
          .slice(0, 3)
          .map(this.row)
          .map(({ id, number, status, total, currency, placed_at, channel }) => ({
            id,
            number,
            status,
            total,
            currency,
            placed_at,
            channel,
          })),
      },
      recipient: { name: o.customer_name, phone: o.phone },
      delivery: {
        method: o.delivery_method,
        address: `${o.city}, мкр Самал-2, д. 58, кв. 41`,
        city: o.city,
        point_id: null,
        carrier: null,
        track: null,
        promised_from: null,
        promised_to: iso(Date.parse('2026-12-17T18:00:00+05:00')),
      },
      lines: o.goods.map(([title, article, qty, price], i) => ({
        id: `${o.id}-${i}`,
        external_offer_id: article,
        article,
        barcode: `87169005743${70 + i}`,
        title,
        qty,
        unit_price: tenge(price),
        line_total: tenge(price * qty),
        marking_required: false,
      })),
      history: o.history,
      notes: o.notes,
      tasks: o.tasks,
      commands: o.commands,
      deadlines:
        due && o.deadline_step
          ? [
              {
                step: o.deadline_step,
                policy: 'Kaspi, подтверждение',
                started_at: o.started_at,
                due_at: due,
                yellow_at: o.yellow_at,
                red_at: o.red_at,
                total_min: Math.round((Date.parse(due) - Date.parse(o.started_at)) / minute),
                state: 'running',
                zone: o.zone,
                source: 'channel',
                explain: {},
              },
            ]
          : [],
      actions: (Object.keys(targets) as OrderAction[]).map((action): ActionState => {
        const allowed = targets[action].from.includes(o.status);
        const reasons =
          action === 'cancel' ? kinds.find((k) => k.name === o.channel)?.cancel_reasons : undefined;
        return {
          action,
          allowed,
          code: allowed ? null : 'order.action_refused',
          irreversible: action === 'cancel',
          reasons,
        };
      }),
      position: { index: urgent.indexOf(o) + 1, total: urgent.length },
    };
  }

  refusal(o: FakeOrder, action: string): Refusal | null {
    const rule = targets[action as OrderAction];
    if (!rule || rule.from.includes(o.status)) return null;
    return { id: o.id, number: o.number, code: 'order.action_refused', text: `status is ${o.status}` };
  }

  private changed(o: FakeOrder, kind = 'changed') {
    o.version++;
    this.emit('order', {
      id: o.id,
      account_id: o.account_id,
      kind,
      status: o.status,
      zone: o.zone,
      version: o.version,
    });
  }

  /** One order moves; the way back is kept for the hold window. */
  act(o: FakeOrder, action: OrderAction, by: string, holdS: number): () => void {
    const before = {
      status: o.status,
      external_status: o.external_status,
      zone: o.zone,
      deadline_at: o.deadline_at,
      deadline_step: o.deadline_step,
      yellow_at: o.yellow_at,
      red_at: o.red_at,
      started_at: o.started_at,
    };
    const to = targets[action].to;
    const until = this.now() + holdS * 1000;
    const outside = ['confirm', 'hand_over', 'cancel'].includes(action);
    o.status = to;
    const entry = {
      at: this.nowIso(),
      from: before.status,
      to,
      implied: false,
      actor_kind: 'user' as const,
      actor_name: by,
      external_status: null,
      note: null,
    };
    o.history.unshift(entry);
    if (outside) {
      o.command = {
        id: `cmd-${o.id}-${o.version}`,
        op: action,
        state: holdS ? 'held' : 'queued',
        hold_until: holdS ? iso(until) : null,
        text: null,
      };
      o.commands.unshift({
        ...o.command,
        at: this.nowIso(),
        tries: 0,
        next_at: null,
        sent_at: null,
        done_at: null,
      });
    }
    if (to === 'confirmed')
      o.tasks.push({
        id: `t-${o.id}`,
        title: 'Собрать заказ',
        assignee_id: null,
        due_at: o.deadline_at,
        state: 'open',
        rule: 'confirm',
        version: 1,
      });
    if (to === 'confirmed') {
      const now = this.now();
      Object.assign(o, {
        zone: 'green',
        deadline_step: 'assemble',
        deadline_at: iso(now + 360 * minute),
        yellow_at: iso(now + 180 * minute),
        red_at: iso(now + 290 * minute),
        started_at: iso(now),
      });
    }
    this.changed(o);
    let undone = false;
    const step = (state: 'queued' | 'sending' | 'done' | 'refused', after: number, run?: () => void) =>
      setTimeout(() => {
        if (undone || !o.command) return;
        o.command = {
          ...o.command,
          state,
          hold_until: null,
          text: state === 'refused' ? 'Заказ уже отменён покупателем' : null,
        };
        const kept = o.commands[0];
        if (kept)
          Object.assign(kept, {
            state,
            text: o.command.text,
            hold_until: null,
            tries: 1,
            sent_at: this.nowIso(),
            done_at: state === 'done' ? this.nowIso() : null,
          });
        run?.();
        this.changed(o, 'command');
      }, after).unref?.();
    if (outside) {
      const refuse = o.number === '438117640';
      step('sending', holdS * 1000 + 300);
      step(refuse ? 'refused' : 'done', holdS * 1000 + 1500, () => {
        if (refuse) Object.assign(o, before);
        else o.external_status = nativeOf(o.channel, to);
      });
    }
    return () => {
      undone = true;
      Object.assign(o, before);
      o.command = null;
      o.commands.shift();
      o.history.unshift({ ...entry, from: to, to: before.status, note: 'undo' });
      o.tasks = o.tasks.filter((t) => t.rule !== 'confirm');
      this.changed(o);
    };
  }

  keepUndo(ids: string[], back: (() => void)[], holdS: number): string | null {
    if (!holdS || !ids.length) return null;
    const token = `undo-${Math.random().toString(36).slice(2)}`;
    this.undos.set(token, { until: this.now() + holdS * 1000, back, ids });
    return token;
  }

  undo(token: string) {
    const kept = this.undos.get(token);
    this.undos.delete(token);
    if (!kept) return { undone: [], late: [] };
    if (this.now() > kept.until) return { undone: [], late: kept.ids };
    kept.back.forEach((fn) => fn());
    return { undone: kept.ids, late: [] };
  }

  bulk(
    body: {
      action: OrderAction | 'assign';
      ids?: string[];
      query?: string;
      except?: string[];
      dry_run?: boolean;
      assignee_id?: string | null;
    },
    by: string,
    holdS: number,
  ): BulkReply {
    const list = body.ids
      ? body.ids.flatMap((id) => this.find(id) ?? [])
      : this.filtered(new URLSearchParams(body.query)).filter((o) => !body.except?.includes(o.id));
    const refused = list.flatMap((o) => this.refusal(o, body.action) ?? []);
    const good = list.filter((o) => !refused.some((r) => r.id === o.id));
    let undo: string | null = null;
    if (!body.dry_run) {
      const back = good.map((o) => this.apply(o, body.action, body.assignee_id ?? null, by, holdS));
      undo = this.keepUndo(
        good.map((o) => o.id),
        back,
        holdS,
      );
    }
    return {
      total: list.length,
      sum: tenge(list.reduce((n, o) => n + totalOf(o), 0)),
      currency: 'KZT',
      done: body.dry_run ? [] : good.map((o) => o.id),
      refused,
      undo,
      hold_until: undo ? iso(this.now() + holdS * 1000) : null,
    };
  }

  private apply(
    o: FakeOrder,
    action: OrderAction | 'assign',
    assignee: string | null,
    by: string,
    holdS: number,
  ) {
    return action === 'assign' ? this.assign(o, assignee) : this.act(o, action, by, holdS);
  }

  assign(o: FakeOrder, to: string | null) {
    const before = o.assignee_id;
    o.assignee_id = to;
    this.changed(o, 'assigned');
    return () => {
      o.assignee_id = before;
      this.changed(o, 'assigned');
    };
  }

  /** A new order comes in, as from a marketplace. */
  arrive(n = 1) {
    for (let i = 0; i < n; i++) {
      const base = this.all[20 + i];
      if (!base) return;
      const id = `01JFZ${Date.now().toString(36).toUpperCase()}${i}`;
      const number = `438${200000 + Math.floor(Math.random() * 99999)}`;
      const fresh: FakeOrder = {
        ...structuredClone(base),
        id,
        number,
        status: 'new',
        command: null,
        placed_at: this.nowIso(),
        zone: 'yellow',
        deadline_at: iso(this.now() + 110 * minute),
        history: [],
        tasks: [],
        commands: [],
      };
      this.all.push(fresh);
      this.emit('order', {
        id,
        account_id: fresh.account_id,
        kind: 'new',
        status: 'new',
        zone: 'yellow',
        version: 1,
      });
    }
  }
}
