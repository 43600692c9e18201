/* Shapes of docs/api.md. One file, so that the generated schema can take its place. */

export type Zone = 'breached' | 'red' | 'yellow' | 'green' | 'none';
export type Step = 'confirm' | 'assemble' | 'hand_over';
export type HubStatus =
  | 'new'
  | 'confirmed'
  | 'assembling'
  | 'ready_to_ship'
  | 'in_delivery'
  | 'at_pickup'
  | 'delivered'
  | 'completed'
  | 'partly_returned'
  | 'returning'
  | 'returned'
  | 'cancelled';
export type Payment = 'pending' | 'authorised' | 'paid' | 'partly_refunded' | 'refunded' | 'failed';
export type Mark =
  | 'hold'
  | 'cancel_requested'
  | 'return_requested'
  | 'claim'
  | 'problem'
  | 'preorder'
  | 'express'
  | 'lines_pending'
  | 'outside';
export type CommandState = 'held' | 'queued' | 'sending' | 'done' | 'refused' | 'dead';
export type OrderAction = 'confirm' | 'assemble' | 'release' | 'ready' | 'hand_over' | 'cancel';
export type BulkAction = OrderAction | 'assign';
export type Permission =
  | 'orders.see'
  | 'orders.work'
  | 'orders.cancel'
  | 'picking'
  | 'prices.see'
  | 'contacts.see'
  | 'customers.see'
  | 'export'
  | 'import'
  | 'settings'
  | 'users'
  | 'audit';
export type Role = 'owner' | 'manager' | 'picker' | 'accountant' | 'marketer' | 'support';
export type Language = 'ru' | 'kk' | 'uk' | 'en';
export type Theme = 'auto' | 'light' | 'dark';
export type Density = 'compact' | 'normal' | 'roomy';

export interface Page<T> {
  items: T[];
  next: string | null;
}

export interface Setup {
  needs_owner: boolean;
  demo: boolean;
  version: string;
  demo_login?: { login: string; password: string } | null;
}

export interface Session {
  user: {
    id: string;
    name: string;
    login: string;
    roles: Role[];
    permissions: Permission[];
    language: Language;
    time_zone: string;
    theme: Theme;
    density: Density;
    hold_s: number;
    keys_off?: boolean;
  };
  csrf: string;
  shop: { name: string; country: string; currency: string; time_zone: string; demo: boolean };
  now: string;
  accounts: { id: string; channel: string; name: string }[];
  users: { id: string; name: string }[];
}

export interface SignIn {
  id: string;
  created_at: string;
  last_seen_at: string;
  address: string;
  agent: string;
  current: boolean;
}

export interface RowCommand {
  id: string;
  op: OrderAction;
  state: CommandState;
  hold_until: string | null;
  text: string | null;
}

export interface QueueRow {
  id: string;
  version: number;
  account_id: string;
  channel: string;
  number: string;
  status: HubStatus;
  external_status: string;
  marks: Mark[];
  zone: Zone;
  deadline_at: string | null;
  deadline_step: Step | null;
  yellow_at: string | null;
  red_at: string | null;
  customer_id: string | null;
  customer_name: string;
  phone_last4: string | null;
  customer_orders: number;
  title: string;
  lines_count: number;
  units: number;
  total: string | null;
  currency: string | null;
  payment: Payment;
  assignee_id: string | null;
  placed_at: string | null;
  city: string | null;
  delivery_method: string | null;
  tags: string[];
  command: RowCommand | null;
}

export interface CountSum {
  count: number;
  sum: string | null;
}

export interface QueueCounts {
  total: CountSum & { currency: string | null };
  zones: Record<Zone, CountSum>;
  currency: string | null;
  mixed: boolean;
}

export interface CancelReason {
  code: string;
  native: string;
  needs_comment: boolean;
  hurts_rating: boolean;
}

export interface ActionState {
  action: OrderAction;
  allowed: boolean;
  code: string | null;
  irreversible: boolean;
  reasons?: CancelReason[];
}

export interface OrderLine {
  id: string;
  external_offer_id: string;
  article: string;
  barcode: string;
  title: string;
  qty: number;
  unit_price: string | null;
  line_total: string | null;
  marking_required: boolean;
}

export interface HistoryEntry {
  at: string;
  from: HubStatus | null;
  to: HubStatus | null;
  implied: boolean;
  actor_kind: 'user' | 'rule' | 'channel' | 'system' | 'key';
  actor_name: string;
  external_status: string | null;
  note: string | null;
}

export interface NoteEntry {
  id: string;
  at: string;
  author: string;
  text: string;
}

export type TaskState = 'open' | 'done' | 'cancelled';

export interface Task {
  id: string;
  title: string;
  assignee_id: string | null;
  due_at: string | null;
  state: TaskState;
  rule: string | null;
  version: number;
  order_id?: string;
  order_number?: string;
}

export interface OrderCommand {
  id: string;
  op: OrderAction;
  state: CommandState;
  at: string;
  hold_until: string | null;
  tries: number;
  next_at: string | null;
  text: string | null;
  sent_at: string | null;
  done_at: string | null;
}

export interface Deadline {
  step: Step;
  policy: string | null;
  started_at: string;
  due_at: string;
  yellow_at: string | null;
  red_at: string | null;
  total_min: number;
  state: string;
  zone: Zone;
  source: 'channel' | 'policy';
  explain: Record<string, unknown>;
}

export interface OrderCard extends QueueRow {
  group_number: string | null;
  scheme: string;
  goods_total: string | null;
  discount_total: string | null;
  delivery_total: string | null;
  grand_total: string | null;
  cancel_reason: string | null;
  cancel_side: string;
  comment_buyer: string | null;
  comment: string | null;
  customer: {
    id: string;
    name: string;
    phone: string | null;
    phone_masked: string | null;
    email: string | null;
    orders_count: number;
    total: string | null;
    currency: string | null;
    channels: string[];
    last_orders: {
      id: string;
      number: string;
      status: HubStatus;
      total: string | null;
      currency: string | null;
      placed_at: string | null;
      channel: string;
    }[];
  } | null;
  recipient: { name: string | null; phone: string | null } | null;
  delivery: {
    method: string | null;
    address: string | null;
    city: string | null;
    point_id: string | null;
    carrier: string | null;
    track: string | null;
    promised_from: string | null;
    promised_to: string | null;
  };
  lines: OrderLine[];
  history: HistoryEntry[];
  notes: NoteEntry[];
  tasks: Task[];
  commands: OrderCommand[];
  deadlines: Deadline[];
  actions: ActionState[];
  position: { index: number; total: number } | null;
}

export interface ActionReply {
  order: QueueRow;
  command: RowCommand | null;
  undo: string | null;
  hold_until: string | null;
}

export interface Refusal {
  id: string;
  number: string;
  code: string;
  text: string;
}

export interface BulkReply {
  total: number;
  sum: string | null;
  currency: string | null;
  done: string[];
  refused: Refusal[];
  undo: string | null;
  hold_until: string | null;
}

export interface UndoReply {
  undone: string[];
  late: string[];
}

export interface SearchReply {
  customers: {
    id: string;
    name: string;
    phone: string | null;
    orders_count: number;
    last_order_at: string | null;
    matched: string | null;
  }[];
  orders: QueueRow[];
  exact: { kind: 'order' | 'customer'; id: string } | null;
}

export interface Account {
  id: string;
  channel: string;
  name: string;
  base_url: string | null;
  state: 'active' | 'paused' | 'auth_failed' | 'degraded';
  mode: 'live' | 'read_only';
  last_ok_at: string | null;
  lag_s: number | null;
  next_poll_at: string | null;
  error: { code: string; text: string; since: string } | null;
  parked: number;
  dead: number;
  orders_today: number;
  settings: Record<string, string>;
  has_secret: boolean;
  accepted_means_assembling: boolean;
  version: number;
}

export interface Overview {
  now: string;
  new: CountSum & {
    currency: string | null;
    channels: { account_id: string; channel: string; name: string; count: number }[];
    zones: Record<Zone, CountSum>;
  };
  urgent: QueueRow[];
  next_deadline_at: string | null;
  waiting: {
    kind: 'parked' | 'dead' | 'tasks' | 'problem' | 'cancel_requested';
    count: number;
    query: string;
  }[];
  channels: Account[];
  path: { status: HubStatus; count: number; sum: string | null }[];
  figures: {
    key: string;
    value: string | number | null;
    base: string | number | null;
    base_day: string | null;
    unit: 'count' | 'money' | 'minutes';
  }[];
  checklist: { key: string; done: boolean }[];
}

export interface View {
  id: string;
  key: string | null;
  name: string;
  query: string;
  system: boolean;
  shared: boolean;
  mine: boolean;
  position: number;
  count: number;
  red: number;
  version: number;
}

export interface ChannelSetting {
  name: string;
  secret: boolean;
  required: boolean;
  fallback: string | null;
  doc: string;
}

export interface ChannelKind {
  name: string;
  title: string;
  base_url: string;
  settings: ChannelSetting[];
  cancel_reasons: CancelReason[];
  ops: string[];
}

export interface CheckReply {
  items: { name: string; ok: boolean; text: string }[];
}

export interface QuotaRow {
  family: string;
  per_minute: number;
  used: number;
  left: number;
  waiting: number;
  blocked_until: string | null;
}

export interface StatusRow {
  key: string;
  hub_status: HubStatus | null;
  keeps: boolean;
  marks: Mark[];
  changed: boolean;
  note: string | null;
  unknown: number;
}

export interface Parked {
  id: string;
  account_id: string;
  external_id: string | null;
  number: string | null;
  stream: string;
  received_at: string;
  problem: string;
  tries: number;
  payload_shown: string | null;
}

export interface CustomerRow {
  id: string;
  name: string;
  phone: string | null;
  phone_masked?: string | null;
  email: string | null;
  orders_count: number;
  total: string | null;
  currency: string | null;
  first_order_at: string | null;
  last_order_at: string | null;
  city: string | null;
  channels: string[];
}

export interface CustomerSource {
  id: string;
  channel: string;
  account_id: string;
  name: string;
  phone: string | null;
  email: string | null;
  address: string | null;
  masked: boolean;
  first_seen: string;
  last_seen: string;
  rule: string | null;
}

export interface CustomerCard extends CustomerRow {
  sources: CustomerSource[];
  orders: QueueRow[];
}

export interface UserRow {
  id: string;
  name: string;
  login: string;
  roles: Role[];
  accounts: string[];
  state: 'active' | 'blocked';
  language: Language;
  last_seen_at: string | null;
  version: number;
}

export interface ApiKey {
  id: string;
  name: string;
  scopes: Permission[];
  created_at: string;
  last_used_at: string | null;
  secret?: string;
}

export interface AuditRow {
  id: string;
  at: string;
  actor_kind: string;
  actor_name: string;
  action: string;
  entity: string;
  entity_id: string;
  before: unknown;
  after: unknown;
  address: string | null;
}

export interface Policy {
  id: string;
  name: string;
  channel: string;
  account_id: string | null;
  scheme: string;
  step: Step;
  minutes: number;
  clock: 'wall' | 'working';
  calendar_id: string | null;
  pause_statuses: string[];
  red_minutes: number;
  red_share_bp: number;
  active: boolean;
  version: number;
}

export type Interval = [string, string];

export interface Calendar {
  id: string;
  name: string;
  zone: string;
  days: Interval[][];
  holidays: { date: string; name: string; intervals: Interval[] }[];
  version: number;
}

export interface ShopSettings {
  shop_name: string;
  country: string;
  currency: string;
  time_zone: string;
  hold_s: number;
}

export interface Problem {
  type?: string;
  title: string;
  status: number;
  code: string;
  detail?: string;
  errors?: { field: string; text: string }[];
  request?: string;
  current?: unknown;
}
