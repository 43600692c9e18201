-- Returns: goods that come back, why, what became of them, and what is paid for it. Claims beside them.

-- both
CREATE TABLE returns (
    id               BIGINT NOT NULL PRIMARY KEY,
    account_id       BIGINT NOT NULL,
    channel          TEXT NOT NULL,
    external_id      TEXT NOT NULL,                   -- the market's; of one that was made here "own:<id>", of an order's fate "order:<id>"
    order_id         BIGINT,                          -- not set: an order we have not seen; joined when it comes
    order_external   TEXT NOT NULL,
    order_number     TEXT NOT NULL,
    number_tail      TEXT NOT NULL,                   -- digits of the order's number, reversed
    kind             TEXT NOT NULL CHECK (kind IN ('return', 'refusal_at_door', 'exchange', 'defect', 'not_ordered', 'cancellation')),
    state            TEXT NOT NULL,
    closed           BIGINT NOT NULL CHECK (closed IN (0, 1)),
    external_state   TEXT NOT NULL,
    reason           TEXT NOT NULL,                   -- code of return_reasons; '' = the market's word is not explained yet
    external_reason  TEXT NOT NULL,
    buyer_text       TEXT NOT NULL,
    comment          TEXT NOT NULL,
    decision_text    TEXT NOT NULL,
    route            TEXT NOT NULL CHECK (route IN ('to_seller', 'to_channel', 'keep')),
    track            TEXT NOT NULL,
    place            TEXT NOT NULL,
    title            TEXT NOT NULL,
    lines_count      BIGINT NOT NULL,
    units            BIGINT NOT NULL,
    photos           BIGINT NOT NULL,
    currency         TEXT NOT NULL,
    refund_amount    BIGINT NOT NULL,
    problem          TEXT NOT NULL,                   -- what does not fit, in words: more units than were bought
    rule             TEXT NOT NULL,                   -- the rule that decided, '' = a person or the market
    rule_inputs      TEXT NOT NULL,                   -- JSON
    exchange_order_id BIGINT,
    assignee_id      BIGINT,
    requested_at     BIGINT NOT NULL,
    changed_at       BIGINT,                          -- the market's own change time
    decided_at       BIGINT,
    received_at      BIGINT,
    refunded_at      BIGINT,
    ended_at         BIGINT,
    channel_by       BIGINT,                          -- given by the market, of the present step
    deadline_step    TEXT NOT NULL,
    deadline_source  TEXT NOT NULL,
    deadline_total   BIGINT NOT NULL,
    deadline_at      BIGINT,
    yellow_at        BIGINT,
    red_at           BIGINT,
    zone             TEXT NOT NULL CHECK (zone IN ('breached', 'red', 'yellow', 'green', 'none')),
    zone_next_at     BIGINT,
    due_rank         BIGINT NOT NULL,                 -- the deadline, all ones when there is none: the order of the queue
    sum_rank         BIGINT NOT NULL,                 -- the amount, the largest first
    draft_hash       BIGINT NOT NULL,
    command_id       BIGINT,
    version          BIGINT NOT NULL,
    created_at       BIGINT NOT NULL,
    updated_at       BIGINT NOT NULL,
    created_by       BIGINT
);
CREATE UNIQUE INDEX returns_external ON returns (account_id, external_id);
CREATE INDEX returns_queue ON returns (due_rank, sum_rank, id) WHERE closed = 0;
CREATE INDEX returns_ended ON returns (requested_at, id);
CREATE INDEX returns_order ON returns (order_id, id);
CREATE INDEX returns_orphan ON returns (account_id, order_external) WHERE order_id IS NULL;
CREATE INDEX returns_number ON returns (number_tail);
CREATE INDEX returns_timer ON returns (zone_next_at, id) WHERE zone_next_at IS NOT NULL;
CREATE INDEX returns_unexplained ON returns (channel, external_reason) WHERE reason = '';

CREATE TABLE return_lines (
    return_id          BIGINT NOT NULL,
    line               BIGINT NOT NULL,               -- from 1
    order_line         BIGINT NOT NULL,               -- 0 = not known which
    external_offer_id  TEXT NOT NULL,
    article            TEXT NOT NULL,
    title              TEXT NOT NULL,
    qty                BIGINT NOT NULL,
    amount             BIGINT NOT NULL,               -- what is paid back for the units of this line
    condition          TEXT NOT NULL,
    disposition        TEXT NOT NULL,
    disposition_at     BIGINT,
    restocked_qty      BIGINT NOT NULL,
    PRIMARY KEY (return_id, line)
);
CREATE INDEX return_lines_article ON return_lines (article, return_id);

CREATE TABLE return_history (
    return_id       BIGINT NOT NULL,
    seq             BIGINT NOT NULL,
    at              BIGINT NOT NULL,
    from_state      TEXT NOT NULL,
    to_state        TEXT NOT NULL,
    implied         BIGINT NOT NULL,
    flagged         BIGINT NOT NULL,
    actor_kind      TEXT NOT NULL,
    actor_id        BIGINT,
    actor_name      TEXT NOT NULL,
    external_state  TEXT NOT NULL,
    note            TEXT NOT NULL,
    PRIMARY KEY (return_id, seq)
);

CREATE TABLE return_undo (
    token       TEXT NOT NULL,
    return_id   BIGINT NOT NULL,
    command_id  BIGINT,
    before      TEXT NOT NULL,                        -- JSON: what the step has changed
    to_state    TEXT NOT NULL,
    expires_at  BIGINT NOT NULL,
    actor_kind  TEXT NOT NULL,
    actor_id    BIGINT,
    PRIMARY KEY (token, return_id)
);
CREATE INDEX return_undo_age ON return_undo (expires_at);

CREATE TABLE refunds (
    id           BIGINT NOT NULL PRIMARY KEY,
    return_id    BIGINT NOT NULL,
    order_id     BIGINT,
    account_id   BIGINT NOT NULL,
    amount       BIGINT NOT NULL,
    points       BIGINT NOT NULL,                     -- the part that goes back as points
    delivery     BIGINT NOT NULL,                     -- the part of `amount` that is delivery
    currency     TEXT NOT NULL,
    state        TEXT NOT NULL CHECK (state IN ('proposed', 'approved', 'paid', 'cancelled')),
    by_market    BIGINT NOT NULL CHECK (by_market IN (0, 1)),
    proposed_by  BIGINT,
    approved_by  BIGINT,
    approved_at  BIGINT,
    version      BIGINT NOT NULL,
    created_at   BIGINT NOT NULL,
    updated_at   BIGINT NOT NULL
);
CREATE INDEX refunds_return ON refunds (return_id, id);
CREATE INDEX refunds_order ON refunds (order_id, id);
CREATE INDEX refunds_waiting ON refunds (id) WHERE state = 'proposed';

CREATE TABLE claims (
    id            BIGINT NOT NULL PRIMARY KEY,
    account_id    BIGINT NOT NULL,
    external_id   TEXT NOT NULL,
    side          TEXT NOT NULL CHECK (side IN ('buyer_to_us', 'channel_to_us', 'us_to_channel', 'us_to_carrier')),
    state         TEXT NOT NULL,
    order_id      BIGINT,
    return_id     BIGINT,
    subject       TEXT NOT NULL,                      -- "lost", "swapped", "missing"
    amount        BIGINT NOT NULL,
    currency      TEXT NOT NULL,
    evidence      TEXT NOT NULL,                      -- JSON: what was matched
    decision      TEXT NOT NULL,
    money_effect  BIGINT,
    appeals       BIGINT NOT NULL,
    deadline_at   BIGINT,
    version       BIGINT NOT NULL,
    created_at    BIGINT NOT NULL,
    updated_at    BIGINT NOT NULL
);
CREATE UNIQUE INDEX claims_return ON claims (return_id, subject) WHERE return_id IS NOT NULL;
CREATE INDEX claims_open ON claims (deadline_at, id) WHERE state NOT IN ('settled', 'withdrawn');

CREATE TABLE return_reasons (
    code     TEXT NOT NULL PRIMARY KEY,
    grp      TEXT NOT NULL,
    fault    TEXT NOT NULL CHECK (fault IN ('buyer', 'seller', 'channel', 'carrier')),
    position BIGINT NOT NULL
);
INSERT INTO return_reasons (code, grp, fault, position) VALUES
    ('changed_mind', 'changed_mind', 'buyer', 1), ('size', 'size', 'buyer', 2), ('defect', 'defect', 'seller', 3),
    ('not_as_described', 'not_as_described', 'seller', 4), ('wrong_item', 'wrong_item', 'seller', 5), ('incomplete', 'wrong_item', 'seller', 6),
    ('damaged_in_transit', 'damaged_in_transit', 'carrier', 7), ('late', 'late', 'carrier', 8), ('not_collected', 'other', 'buyer', 9),
    ('lost', 'other', 'carrier', 10), ('other', 'other', 'buyer', 11);

CREATE TABLE return_reason_map (                      -- word: folded; channel '' = any
    channel  TEXT NOT NULL,
    word     TEXT NOT NULL,
    native   TEXT NOT NULL,
    reason   TEXT NOT NULL,
    PRIMARY KEY (channel, word)
);
INSERT INTO return_reason_map (channel, word, native, reason) VALUES
    ('', 'changed_mind', 'changed_mind', 'changed_mind'), ('', 'покупатель передумал', 'Покупатель передумал', 'changed_mind'),
    ('', 'передумал', 'Передумал', 'changed_mind'), ('', 'передумала', 'Передумала', 'changed_mind'),
    ('', 'не подошел размер', 'Не подошёл размер', 'size'), ('', 'wrong_size', 'wrong_size', 'size'), ('', 'size', 'size', 'size'),
    ('', 'брак', 'Брак', 'defect'), ('', 'defect', 'defect', 'defect'), ('', 'неисправность', 'Неисправность', 'defect'),
    ('', 'не соответствует', 'не соответствует', 'not_as_described'), ('', 'не соответствует описанию', 'Не соответствует описанию', 'not_as_described'),
    ('', 'не как на фото', 'Не как на фото', 'not_as_described'), ('', 'not_as_described', 'not_as_described', 'not_as_described'),
    ('', 'прислали не тот товар', 'Прислали не тот товар', 'wrong_item'), ('', 'пересорт', 'Пересорт', 'wrong_item'),
    ('', 'wrong_item', 'wrong_item', 'wrong_item'), ('', 'incomplete', 'incomplete', 'incomplete'),
    ('', 'некомплект', 'Некомплект', 'incomplete'), ('', 'повреждение', 'Повреждение', 'damaged_in_transit'),
    ('', 'повреждена упаковка', 'Повреждена упаковка', 'damaged_in_transit'), ('', 'damaged', 'damaged', 'damaged_in_transit'),
    ('', 'опоздание доставки', 'Опоздание доставки', 'late'), ('', 'late', 'late', 'late'),
    ('', 'не забрал заказ', 'Не забрал заказ', 'not_collected'), ('', 'not_collected', 'not_collected', 'not_collected');

CREATE TABLE return_terms (                           -- by when: dated rules of the channels; channel '' = the law of the country
    id          BIGINT NOT NULL PRIMARY KEY,
    channel     TEXT NOT NULL,
    country     TEXT NOT NULL,                        -- '' = any
    step        TEXT NOT NULL CHECK (step IN ('window', 'decide_return', 'refund', 'answer_claim')),
    days        BIGINT NOT NULL,
    valid_from  BIGINT NOT NULL,                      -- ms
    valid_to    BIGINT,
    source      TEXT NOT NULL
);
INSERT INTO return_terms (id, channel, country, step, days, valid_from, valid_to, source) VALUES
    (1, '', 'KZ', 'window', 14, 0, NULL, 'law of Kazakhstan on consumers, art. 14: goods of good quality'),
    (2, '', 'RU', 'window', 7, 0, NULL, 'law of Russia on consumers, art. 26.1: distance selling'),
    (3, '', 'UA', 'window', 14, 0, NULL, 'law of Ukraine on consumers: distance selling; to be confirmed'),
    (4, '', 'KZ', 'decide_return', 10, 0, NULL, 'law of Kazakhstan on consumers, art. 42-2: answer to a claim'),
    (5, '', 'RU', 'decide_return', 10, 0, NULL, 'law of Russia on consumers, art. 22'),
    (6, '', 'UA', 'decide_return', 14, 0, NULL, 'law of Ukraine on consumers; to be confirmed'),
    (7, '', 'KZ', 'refund', 3, 0, NULL, 'law of Kazakhstan on consumers; to be confirmed'),
    (8, '', 'RU', 'refund', 10, 0, NULL, 'law of Russia on consumers, art. 26.1'),
    (9, '', 'UA', 'refund', 7, 0, NULL, 'law of Ukraine on consumers; to be confirmed'),
    (10, '', '', 'answer_claim', 10, 0, NULL, 'house rule until the channel names a day'),
    (11, 'kaspi', '', 'window', 14, 0, NULL, 'Kaspi: 14 days for goods of good quality that are not food'),
    (12, 'wildberries', '', 'decide_return', 5, 0, NULL, 'house rule: Wildberries names no day in its claims');

CREATE INDEX order_lines_external ON order_lines (external_id) WHERE external_id <> '';    -- a market may name a return's line alone

ALTER TABLE outbox ADD COLUMN return_id BIGINT;       -- the command is of a return of this order

-- A step more for rules of deadlines: the list is in the CHECK.
-- only sqlite
CREATE TABLE policies_new (
    id              BIGINT NOT NULL PRIMARY KEY,
    name            TEXT NOT NULL,
    channel         TEXT NOT NULL,
    account_id      BIGINT,
    scheme          TEXT NOT NULL,
    step            TEXT NOT NULL CHECK (step IN ('confirm', 'assemble', 'hand_over', 'decide_return', 'refund', 'answer_claim')),
    minutes         BIGINT NOT NULL,
    clock           TEXT NOT NULL CHECK (clock IN ('wall', 'working')),
    calendar_id     BIGINT,
    pause_statuses  TEXT NOT NULL,
    red_minutes     BIGINT NOT NULL,
    red_share_bp    BIGINT NOT NULL,
    active          BIGINT NOT NULL CHECK (active IN (0, 1)),
    version         BIGINT NOT NULL,
    created_at      BIGINT NOT NULL,
    updated_at      BIGINT NOT NULL
);
INSERT INTO policies_new SELECT id, name, channel, account_id, scheme, step, minutes, clock, calendar_id, pause_statuses, red_minutes,
    red_share_bp, active, version, created_at, updated_at FROM policies;
DROP TABLE policies;
ALTER TABLE policies_new RENAME TO policies;
-- only postgres
ALTER TABLE policies DROP CONSTRAINT policies_step_check;
ALTER TABLE policies ADD CONSTRAINT policies_step_check
    CHECK (step IN ('confirm', 'assemble', 'hand_over', 'decide_return', 'refund', 'answer_claim'));
