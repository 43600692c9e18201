import type {
  Account,
  Mark,
  OrderCommand,
  QueueRow,
  HistoryEntry,
  NoteEntry,
  Task,
  Zone,
} from '../src/api/types';

/* The shop «Карапуз» on the morning of 16 December 2026: 129 new orders, 7 of them burning. */

export const CLOCK = Date.parse('2026-12-16T09:04:00+05:00');
export const minute = 60_000;
const at = (hhmm: string) => Date.parse(`2026-12-16T${hhmm.padStart(5, '0')}:00+05:00`);
export const iso = (ms: number) => new Date(ms).toISOString();

export interface FakeOrder extends QueueRow {
  history: HistoryEntry[];
  notes: NoteEntry[];
  tasks: Task[];
  commands: OrderCommand[];
  goods: [title: string, article: string, qty: number, price: number][];
  phone: string;
  comment: string | null;
  started_at: string;
}

export const users = [
  { id: 'u1', name: 'Айгерим Сатпаева', login: 'aigerim@karapuz.kz', roles: ['manager'] },
  { id: 'u2', name: 'Ерлан Касымов', login: 'erlan@karapuz.kz', roles: ['manager'] },
  { id: 'u3', name: 'Нурлан Ибраев', login: 'nurlan@karapuz.kz', roles: ['owner'] },
  { id: 'u4', name: 'Бекзат Омаров', login: 'sklad@karapuz.kz', roles: ['picker'] },
] as const;

const account = (id: string, channel: string, name: string, over: Partial<Account>): Account => ({
  id,
  channel,
  name,
  base_url: null,
  state: 'active',
  mode: 'live',
  last_ok_at: iso(CLOCK - 40_000),
  lag_s: 40,
  next_poll_at: iso(CLOCK + 20_000),
  error: null,
  parked: 0,
  dead: 0,
  orders_today: 0,
  settings: {},
  has_secret: true,
  accepted_means_assembling: false,
  version: 1,
  ...over,
});

export const accounts: Account[] = [
  account('a-kaspi', 'kaspi', 'Kaspi', { orders_today: 67 }),
  account('a-wb', 'wildberries', 'Wildberries', {
    orders_today: 34,
    lag_s: 60,
    last_ok_at: iso(CLOCK - 60_000),
    parked: 2,
  }),
  account('a-ozon', 'ozon', 'Ozon', {
    orders_today: 28,
    state: 'degraded',
    lag_s: 720,
    last_ok_at: iso(CLOCK - 12 * minute),
    error: { code: 'channel.busy', text: 'Too Many Requests', since: iso(CLOCK - 12 * minute) },
    settings: { client_id: '148201' },
  }),
];

type Seed = [
  string,
  string,
  string,
  string,
  string,
  string,
  number,
  number,
  string,
  string,
  number,
  number,
  string?,
];
// number, channel, customer, phone, title, sku, lines, total, placed, deadline, orders, assignee index, tag
const red: Seed[] = [
  [
    '438117204',
    'kaspi',
    'Мария Иванова',
    '+77771234567',
    'Смесь Nutrilon 1, 800 г',
    'NUT-1-800',
    2,
    15200,
    '8:22',
    '9:22',
    12,
    0,
    'VIP',
  ],
  [
    '438117311',
    'kaspi',
    'Ерболат Сагынтаев',
    '+77013450212',
    'Автокресло Joie Tilt 0+',
    'JOI-TILT',
    1,
    64900,
    '8:35',
    '9:35',
    1,
    -1,
  ],
  [
    'WB-90418823',
    'wildberries',
    'Асем Кудайберген',
    '+77057721840',
    'Конструктор «Ферма», 214 дет.',
    'KON-FER-214',
    1,
    11800,
    '4:48',
    '9:48',
    3,
    1,
  ],
  [
    '0147-2206-4',
    'ozon',
    'Динара Оспанова',
    '+77475127758',
    'Подгузники Merries L, 54 шт.',
    'MER-L-54',
    3,
    28900,
    '4:56',
    '9:56',
    1,
    0,
  ],
  [
    '438117520',
    'kaspi',
    'Гульнара Ахметова',
    '+77019923105',
    'Деревянная пирамидка',
    'DER-PIR',
    1,
    6400,
    '5:11',
    '10:11',
    5,
    0,
  ],
  [
    'WB-90419107',
    'wildberries',
    'Тимур Жаксыбеков',
    '+77776416091',
    'Комбинезон зимний, 92',
    'KOM-Z-92',
    1,
    32700,
    '5:30',
    '10:30',
    1,
    -1,
  ],
  [
    '0147-2208-9',
    'ozon',
    'Алия Нурмагамбетова',
    '+77082052233',
    'Лошадка-качалка «Тулпар»',
    'LOSH-TUL',
    1,
    24500,
    '5:53',
    '10:53',
    2,
    1,
  ],
];
const yellow: Seed[] = [
  [
    '438117602',
    'kaspi',
    'Сауле Бекенова',
    '+77017768077',
    'Бутылочка Avent, 260 мл',
    'AVT-260',
    4,
    13900,
    '6:08',
    '11:08',
    1,
    -1,
  ],
  [
    '438117640',
    'kaspi',
    'Айдос Мухамеджанов',
    '+77051234420',
    'Конструктор «Космодром», 380 дет.',
    'KON-KOS-380',
    1,
    29900,
    '6:15',
    '11:15',
    7,
    0,
  ],
  [
    'WB-90419288',
    'wildberries',
    'Ольга Ким',
    '+77471111964',
    'Шапка мериносовая, 48–50',
    'SHAP-48',
    1,
    5200,
    '6:19',
    '11:19',
    1,
    -1,
  ],
  [
    '0147-2211-1',
    'ozon',
    'Руслан Идрисов',
    '+77023335518',
    'Мяч-прыгун с рожками',
    'MYACH-R',
    1,
    4900,
    '6:23',
    '11:23',
    1,
    1,
  ],
  [
    '438117688',
    'kaspi',
    'Жанна Тулегенова',
    '+77759017309',
    'Ванночка складная',
    'VAN-SKL',
    2,
    17300,
    '6:26',
    '11:26',
    2,
    -1,
  ],
  [
    '438117701',
    'kaspi',
    'Данияр Абишев',
    '+77017000486',
    'Машинка на радиоуправлении',
    'MASH-RU',
    1,
    12400,
    '6:32',
    '11:32',
    1,
    -1,
  ],
];
const green: Seed[] = [
  [
    '0147-2212-7',
    'ozon',
    'Камила Есимова',
    '+77772506651',
    'Пазл «Степь», 260 эл.',
    'PAZ-260',
    1,
    3700,
    '6:24',
    '14:24',
    1,
    -1,
  ],
  [
    'WB-90419561',
    'wildberries',
    'Нургуль Серикова',
    '+77018802773',
    'Подгузники Merries M, 64 шт.',
    'MER-M-64',
    5,
    41600,
    '6:49',
    '14:49',
    6,
    0,
    'VIP',
  ],
];

const names = [
  'Айжан Сулейменова',
  'Бауыржан Нургалиев',
  'Виктория Пак',
  'Галым Досов',
  'Дана Ермекова',
  'Евгения Цой',
  'Жандос Ахметов',
  'Зарина Маратова',
  'Ильяс Кенжебаев',
  'Карина Литвинова',
  'Лаура Тастанова',
  'Медет Оразов',
  'Наталья Гончар',
  'Олжас Бекмуханов',
  'Перизат Жумабек',
  'Рустам Валиев',
  'Салтанат Қайрат',
  'Татьяна Юн',
  'Улан Байжанов',
  'Шолпан Әбдірахман',
  'Юлия Шевченко',
  'Асхат Мусин',
];
const goods: [string, string][] = [
  ['Слинг-шарф хлопковый', 'SLI-HL'],
  ['Кубики деревянные, 40 шт.', 'KUB-40'],
  ['Ночник «Медведь»', 'NOCH-M'],
  ['Коврик развивающий', 'KOV-R'],
  ['Пюре яблочное, 12 шт.', 'PURE-12'],
  ['Стульчик для кормления', 'STUL-K'],
  ['Самокат трёхколёсный', 'SAM-3'],
  ['Бортики в кроватку', 'BORT'],
  ['Прорезыватель силиконовый', 'PROR'],
  ['Рюкзак «Динозавр»', 'RUK-D'],
  ['Книга-панорама', 'KNI-P'],
  ['Грелка с вишнёвыми косточками', 'GREL'],
  ['Смесь Nutrilon 2, 800 г', 'NUT-2-800'],
  ['Влажные салфетки, 4 уп.', 'SALF-4'],
];
const cities = ['Алматы', 'Астана', 'Шымкент', 'Караганда', 'Актобе'];
const accountOf: Record<string, string> = { kaspi: 'a-kaspi', wildberries: 'a-wb', ozon: 'a-ozon' };
const native: Record<string, Record<string, string>> = {
  kaspi: {
    new: 'APPROVED_BY_BANK',
    confirmed: 'ACCEPTED_BY_MERCHANT',
    assembling: 'ACCEPTED_BY_MERCHANT',
    ready_to_ship: 'ACCEPTED_BY_MERCHANT',
    in_delivery: 'ACCEPTED_BY_MERCHANT',
    completed: 'COMPLETED',
    cancelled: 'CANCELLED',
  },
  wildberries: {
    new: 'new/waiting',
    confirmed: 'confirm/waiting',
    assembling: 'confirm/sorted',
    ready_to_ship: 'confirm/sorted',
    in_delivery: 'complete/sorted',
    completed: 'complete/sold',
    cancelled: 'cancel/canceled',
  },
  ozon: {
    new: 'awaiting_packaging',
    confirmed: 'awaiting_deliver',
    assembling: 'awaiting_deliver',
    ready_to_ship: 'awaiting_deliver',
    in_delivery: 'delivering',
    completed: 'delivered',
    cancelled: 'cancelled',
  },
};
export const nativeOf = (channel: string, status: string) => native[channel]?.[status] ?? status;

let seed = 7;
const random = () => {
  seed = (seed * 16807) % 2147483647;
  return seed / 2147483647;
};
const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;

let serial = 0;
const ulid = () => `01JFX${(++serial).toString(36).toUpperCase().padStart(6, '0')}`;

export function makeOrder(s: Seed, zone: Zone, status: QueueRow['status'] = 'new'): FakeOrder {
  const [number, channel, customer, phone, title, sku, lines, total, placed, due, orders, who, tag] = s;
  const placedMs = at(placed);
  const dueMs = due ? at(due) : null;
  const term = dueMs ? dueMs - placedMs : 0;
  const rest = Math.max(0, lines - 1);
  const list: FakeOrder['goods'] = [];
  let left = total;
  for (let i = 0; i < rest; i++) {
    const price = Math.max(100, Math.round((total * 0.2) / lines / 100) * 100);
    const [t, a] = goods[(serial + i) % goods.length] ?? ['', ''];
    list.push([t, a, 1, price]);
    left -= price;
  }
  list.unshift([title, sku, 1, left]);
  if (number === '438117204')
    list.splice(
      0,
      2,
      ['Смесь Nutrilon 1, 800 г', 'NUT-1-800', 2, 5900],
      ['Бутылочка Avent, 260 мл', 'AVT-260-BL', 1, 3400],
    );
  const marks: Mark[] = [];
  return {
    id: ulid(),
    version: 1,
    account_id: accountOf[channel] ?? 'a-kaspi',
    channel,
    number,
    status,
    external_status: nativeOf(channel, status),
    marks,
    zone,
    deadline_at: dueMs ? iso(dueMs) : null,
    deadline_step: dueMs
      ? status === 'new'
        ? 'confirm'
        : status === 'ready_to_ship'
          ? 'hand_over'
          : 'assemble'
      : null,
    yellow_at: dueMs ? iso(placedMs + term / 2) : null,
    red_at: dueMs
      ? iso(zone === 'red' ? Math.min(CLOCK - minute, dueMs - 120 * minute) : dueMs - 100 * minute)
      : null,
    customer_id: `c-${phone.slice(-6)}`,
    customer_name: customer,
    phone_last4: phone.slice(-4),
    customer_orders: orders,
    title,
    lines_count: lines,
    units: list.reduce((n, g) => n + g[2], 0),
    total: `${total}.00`,
    currency: 'KZT',
    payment: channel === 'kaspi' ? 'paid' : 'authorised',
    assignee_id: who >= 0 ? (users[who]?.id ?? null) : null,
    placed_at: iso(placedMs),
    city: pick(cities),
    delivery_method: channel === 'kaspi' ? 'Kaspi Доставка' : channel === 'ozon' ? 'Ozon FBS' : 'FBS',
    tags: tag ? [tag] : [],
    command: null,
    history: [
      {
        at: iso(placedMs),
        from: null,
        to: 'new',
        implied: false,
        actor_kind: 'channel',
        actor_name: channel,
        external_status: nativeOf(channel, 'new'),
        note: null,
      },
    ],
    notes: [],
    tasks: [],
    commands: [],
    goods: list,
    phone,
    comment: null,
    started_at: iso(placedMs),
  };
}

function fill(
  count: number,
  kaspi: number,
  wb: number,
  sum: number,
  from: string,
  step: number,
  termMin: number,
  zone: Zone,
  status: QueueRow['status'],
): FakeOrder[] {
  const rows: FakeOrder[] = [];
  let left = sum;
  const start = at(from);
  for (let i = 0; i < count; i++) {
    const channel = i < kaspi ? 'kaspi' : i < kaspi + wb ? 'wildberries' : 'ozon';
    const last = i === count - 1;
    const total = last
      ? left
      : Math.max(900, Math.round(((left / (count - i)) * (0.5 + random())) / 100) * 100);
    left -= total;
    const [title, sku] = pick(goods);
    const no = 117900 + serial * 7;
    const number =
      channel === 'kaspi'
        ? `438${no}`
        : channel === 'wildberries'
          ? `WB-9042${1000 + serial * 3}`
          : `0147-${2300 + serial}-${i % 9}`;
    const placed = start + Math.floor(((i * 37) % count) * step * minute);
    const hhmm = (ms: number) => iso(ms + 5 * 60 * minute).slice(11, 16);
    const phone = `+7701${String(2000000 + Math.floor(random() * 7999999))}`;
    const orders = random() < 0.25 ? 2 + Math.floor(random() * 6) : 1;
    const who = random() < 0.35 ? Math.floor(random() * 2) : -1;
    const lines = random() < 0.3 ? 2 + Math.floor(random() * 3) : 1;
    const due = termMin ? hhmm(placed + termMin * minute) : '';
    rows.push(
      makeOrder(
        [number, channel, pick(names), phone, title, sku, lines, total, hhmm(placed), due, orders, who],
        zone,
        status,
      ),
    );
  }
  return rows;
}

const sumOf = (list: Seed[]) => list.reduce((n, s) => n + s[7], 0);

/** 67 Kaspi, 34 Wildberries, 28 Ozon; zones 7 / 31 / 91 with the sums of the pictures. */
export function fixture(): FakeOrder[] {
  serial = 0;
  seed = 7;
  const orders = [
    ...red.map((s) => makeOrder(s, 'red')),
    ...yellow.map((s) => makeOrder(s, 'yellow')),
    ...fill(25, 14, 6, 442_900 - sumOf(yellow), '5:34', 1.2, 360, 'yellow', 'new'),
    ...green.map((s) => makeOrder(s, 'green')),
    ...fill(89, 46, 24, 1_215_300 - sumOf(green), '6:50', 1.45, 480, 'green', 'new'),
    ...fill(64, 30, 20, 1_004_200, '3:10', 1.5, 720, 'green', 'assembling'),
    ...fill(38, 20, 10, 611_700, '1:00', 2, 780, 'green', 'ready_to_ship'),
    ...fill(212, 110, 60, 3_180_400, '0:10', 0.8, 0, 'none', 'in_delivery'),
    ...fill(40, 25, 10, 402_100, '0:05', 1, 0, 'none', 'completed'),
  ];
  orders
    .filter((o) => o.status === 'assembling')
    .slice(0, 6)
    .forEach((o) => o.marks.push('problem'));
  const maria = orders[0];
  if (maria) {
    maria.notes.push({
      id: 'n1',
      at: iso(CLOCK - 30 * minute),
      author: 'Айгерим Сатпаева',
      text: 'Просила позвонить перед доставкой.',
    });
    maria.tags.push('позвонить');
    const dates = ['2026-11-28', '2026-10-10', '2026-09-02'];
    const earlier = ['kaspi', 'wildberries', 'ozon'].flatMap(
      (c) => orders.findLast((o) => o.channel === c && o.status === 'completed') ?? [],
    );
    for (const [i, o] of earlier.entries()) {
      o.placed_at = `${dates[i]}T06:00:00Z`;
      o.customer_id = maria.customer_id;
      o.customer_name = maria.customer_name;
      o.phone = maria.phone;
      o.phone_last4 = maria.phone_last4;
      o.customer_orders = 12;
    }
  }
  return orders;
}
