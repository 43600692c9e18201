import type {
  Account,
  ApiKey,
  AuditRow,
  Calendar,
  ChannelKind,
  Parked,
  Policy,
  Session,
  StatusRow,
  UserRow,
  View,
} from '../src/api/types';
import { CLOCK, iso, minute, users } from './fixture.ts';

/* What the sections of the settings show. */

export const session: Session = {
  user: {
    id: 'u1',
    name: 'Айгерим Сатпаева',
    login: 'aigerim@karapuz.kz',
    roles: ['owner', 'manager'],
    permissions: [
      'orders.see',
      'orders.work',
      'orders.cancel',
      'picking',
      'prices.see',
      'contacts.see',
      'customers.see',
      'export',
      'import',
      'settings',
      'users',
      'audit',
    ],
    language: 'ru',
    time_zone: 'Asia/Almaty',
    theme: 'auto',
    density: 'normal',
    hold_s: 5,
  },
  csrf: 'dev',
  shop: { name: 'Карапуз', country: 'KZ', currency: 'KZT', time_zone: 'Asia/Almaty', demo: true },
  now: iso(CLOCK),
  accounts: [],
  users: users.map((u) => ({ id: u.id, name: u.name })),
};

const view = (
  id: string,
  key: string | null,
  name: string,
  query: string,
  position: number,
  system = true,
): View => ({
  id,
  key,
  name,
  query,
  system,
  shared: system,
  mine: !system,
  position,
  count: 0,
  red: 0,
  version: 1,
});
export const views: View[] = [
  view('v1', 'new', 'Новые', 'status=new', 1),
  view('v2', 'to_assemble', 'К сборке', 'status=confirmed,assembling', 2),
  view('v3', 'ready', 'Ждут отгрузки', 'status=ready_to_ship', 3),
  view('v4', 'in_delivery', 'В доставке', 'status=in_delivery,at_pickup', 4),
  view('v5', 'problem', 'Проблемные', 'mark=problem', 5),
  view('v6', null, 'Kaspi, сегодня', 'status=new&channel=kaspi', 6, false),
  view('v7', 'mine', 'Мои', 'assignee_id=u1&status=new', 7),
];

const reasons = [
  { code: 'MERCHANT_OUT_OF_STOCK', native: 'Нет в наличии', needs_comment: false, hurts_rating: true },
  {
    code: 'BUYER_CANCELLATION_BY_MERCHANT',
    native: 'Отмена по просьбе покупателя',
    needs_comment: false,
    hurts_rating: false,
  },
  {
    code: 'BUYER_NOT_REACHABLE',
    native: 'Не дозвонились до покупателя',
    needs_comment: true,
    hurts_rating: false,
  },
];
const setting = (name: string, secret: boolean, doc: string, required = true) => ({
  name,
  secret,
  required,
  fallback: null,
  doc,
});
export const kinds: ChannelKind[] = [
  {
    name: 'kaspi',
    title: 'Kaspi',
    base_url: 'https://kaspi.kz/shop/api',
    settings: [
      setting('token', true, 'API token'),
      setting('history_days', false, 'How many days back the first run reads.', false),
    ],
    cancel_reasons: reasons,
    ops: ['confirm', 'assemble', 'hand_over', 'cancel'],
  },
  {
    name: 'wildberries',
    title: 'Wildberries',
    base_url: 'https://marketplace-api.wildberries.ru',
    settings: [setting('token', true, 'API token, category Marketplace')],
    cancel_reasons: [reasons[0]!],
    ops: ['confirm', 'cancel'],
  },
  {
    name: 'ozon',
    title: 'Ozon',
    base_url: 'https://api-seller.ozon.ru',
    settings: [setting('client_id', false, 'Client-Id'), setting('api_key', true, 'Api-Key')],
    cancel_reasons: reasons.slice(0, 2),
    ops: ['confirm', 'cancel'],
  },
];

const status = (
  key: string,
  hub: StatusRow['hub_status'],
  note: string,
  over: Partial<StatusRow> = {},
): StatusRow => ({
  key,
  hub_status: hub,
  keeps: false,
  marks: [],
  changed: false,
  note,
  unknown: 0,
  ...over,
});
export const statuses: Record<string, StatusRow[]> = {
  'a-kaspi': [
    status('APPROVED_BY_BANK', 'new', 'approved, waits for the seller'),
    status('ACCEPTED_BY_MERCHANT', 'confirmed', 'accepted by the seller'),
    status('ACCEPTED_BY_MERCHANT+assembled', 'ready_to_ship', 'packed'),
    status('ACCEPTED_BY_MERCHANT+transmitted', 'in_delivery', 'handed to the courier'),
    status('CANCELLING', null, 'the buyer asks to cancel', { keeps: true, marks: ['cancel_requested'] }),
    status('COMPLETED', 'completed', 'given to the buyer'),
    status('CANCELLED', 'cancelled', 'cancelled'),
    status('RETURNED', 'returned', 'came back'),
  ],
  'a-wb': [
    status('new/*', 'new', 'new task'),
    status('confirm/waiting', 'confirmed', 'in assembly'),
    status('confirm/sorted', 'assembling', 'sorted', { changed: true }),
    status('complete/sorted', 'in_delivery', 'at the sorting centre'),
    status('*/sold', 'completed', 'bought'),
    status('complete/postponed_delivery', null, '', { unknown: 2 }),
  ],
  'a-ozon': [
    status('awaiting_packaging', 'new', 'to be packed'),
    status('awaiting_deliver', 'confirmed', 'packed, waits for the courier'),
    status('delivering', 'in_delivery', 'on its way'),
    status('delivered', 'completed', 'given to the buyer'),
    status('cancelled', 'cancelled', 'cancelled'),
  ],
};

export const parked: Parked[] = [1, 2].map((n) => ({
  id: `p${n}`,
  account_id: 'a-wb',
  external_id: `9041${n}771`,
  number: `WB-9041${n}771`,
  stream: 'new',
  received_at: iso(CLOCK - n * 17 * minute),
  problem: 'unknown status "complete/postponed_delivery"',
  tries: n,
  payload_shown: `{"id":9041${n}771,"supplierStatus":"complete","wbStatus":"postponed_delivery","article":"KON-FER-214"}`,
}));

export const people: UserRow[] = users.map((u, i) => ({
  id: u.id,
  name: u.name,
  login: u.login,
  roles: [...u.roles],
  accounts: [],
  state: 'active',
  language: i === 3 ? 'kk' : 'ru',
  last_seen_at: i === 3 ? null : iso(CLOCK - i * 47 * minute),
  version: 1,
}));

export const apiKeys: ApiKey[] = [
  {
    id: 'k1',
    name: '1С: выгрузка заказов',
    scopes: ['orders.see', 'export'],
    created_at: iso(CLOCK - 40 * 1440 * minute),
    last_used_at: iso(CLOCK - 9 * minute),
  },
];

const day: [string, string][] = [
  ['09:00', '13:00'],
  ['14:00', '18:00'],
];
export const calendars: Calendar[] = [
  {
    id: 'cal1',
    name: 'Рабочая неделя',
    zone: 'Asia/Almaty',
    days: [day, day, day, day, day, [['10:00', '15:00']], []],
    holidays: [
      { date: '2026-12-16', name: 'День независимости', intervals: [['09:00', '18:00']] },
      { date: '2027-01-01', name: 'Новый год', intervals: [] },
    ],
    version: 1,
  },
];
const policy = (
  id: string,
  name: string,
  channel: string,
  step: Policy['step'],
  minutes: number,
  clock: Policy['clock'],
): Policy => ({
  id,
  name,
  channel,
  account_id: null,
  scheme: '',
  step,
  minutes,
  clock,
  calendar_id: clock === 'working' ? 'cal1' : null,
  pause_statuses: ['hold'],
  red_minutes: 120,
  red_share_bp: 2000,
  active: true,
  version: 1,
});
export const policies: Policy[] = [
  policy('s1', 'Kaspi, подтверждение', 'kaspi', 'confirm', 480, 'wall'),
  policy('s2', 'Wildberries, сборка', 'wildberries', 'assemble', 720, 'wall'),
  policy('s3', 'Подтверждение, все каналы', '', 'confirm', 480, 'wall'),
  policy('s4', 'Сборка в рабочее время', '', 'assemble', 360, 'working'),
];

export const audit: AuditRow[] = [
  {
    id: 'l4',
    at: iso(CLOCK - 5 * minute),
    actor_kind: 'user',
    actor_name: 'Айгерим Сатпаева',
    action: 'assign',
    entity: 'order',
    entity_id: '438 117 204',
    before: { assignee: null },
    after: { assignee: 'Айгерим Сатпаева' },
    address: '10.0.0.12',
  },
  {
    id: 'l3',
    at: iso(CLOCK - 62 * minute),
    actor_kind: 'user',
    actor_name: 'Нурлан Ибраев',
    action: 'update',
    entity: 'policy',
    entity_id: 'Kaspi, подтверждение',
    before: { minutes: 360 },
    after: { minutes: 480 },
    address: '10.0.0.4',
  },
  {
    id: 'l2',
    at: iso(CLOCK - 1500 * minute),
    actor_kind: 'user',
    actor_name: 'Нурлан Ибраев',
    action: 'create',
    entity: 'account',
    entity_id: 'Ozon',
    before: null,
    after: { name: 'Ozon', mode: 'live' },
    address: '10.0.0.4',
  },
  {
    id: 'l1',
    at: iso(CLOCK - 1510 * minute),
    actor_kind: 'system',
    actor_name: 'sauda',
    action: 'start',
    entity: 'server',
    entity_id: '0.1.0',
    before: null,
    after: null,
    address: null,
  },
];

export const emptyAccount = (id: string, channel: string, name: string): Account => ({
  id,
  channel,
  name,
  base_url: null,
  state: 'active',
  mode: 'read_only',
  last_ok_at: null,
  lag_s: null,
  next_poll_at: null,
  error: null,
  parked: 0,
  dead: 0,
  orders_today: 0,
  settings: {},
  has_secret: true,
  accepted_means_assembling: false,
  version: 1,
});
