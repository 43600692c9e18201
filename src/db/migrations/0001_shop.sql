-- One database holds one shop. Choices are stored as their text names; instants are UTC milliseconds; money is minor units.

-- both
CREATE TABLE settings (
    key    TEXT NOT NULL PRIMARY KEY,
    value  TEXT NOT NULL
);

-- People and programs that sign in ------------------------------------------------------------------------------------

CREATE TABLE users (
    id             BIGINT NOT NULL PRIMARY KEY,
    login          TEXT NOT NULL UNIQUE,              -- folded: lower case, trimmed
    name           TEXT NOT NULL,
    password_hash  TEXT NOT NULL,
    roles          TEXT NOT NULL,                     -- "owner,manager"
    accounts       TEXT NOT NULL,                     -- ids of channel accounts in scope, comma between; '' = all
    state          TEXT NOT NULL CHECK (state IN ('active', 'blocked')),
    language       TEXT NOT NULL,
    time_zone      TEXT NOT NULL,                     -- '' = the shop's
    theme          TEXT NOT NULL,
    density        TEXT NOT NULL,
    hold_s         BIGINT NOT NULL,
    keys_off       BIGINT NOT NULL CHECK (keys_off IN (0, 1)),
    last_seen_at   BIGINT,
    version        BIGINT NOT NULL,
    created_at     BIGINT NOT NULL,
    updated_at     BIGINT NOT NULL
);

CREATE TABLE sessions (
    id            BIGINT NOT NULL PRIMARY KEY,
    digest        TEXT NOT NULL UNIQUE,               -- of the cookie's token
    user_id       BIGINT NOT NULL REFERENCES users (id),
    csrf          TEXT NOT NULL,
    created_at    BIGINT NOT NULL,
    last_seen_at  BIGINT NOT NULL,
    expires_at    BIGINT NOT NULL,
    address       TEXT NOT NULL,
    agent         TEXT NOT NULL
);
CREATE INDEX sessions_user ON sessions (user_id);

CREATE TABLE api_keys (
    id            BIGINT NOT NULL PRIMARY KEY,
    name          TEXT NOT NULL,
    digest        TEXT NOT NULL UNIQUE,
    scopes        TEXT NOT NULL,                      -- permission names, comma between
    accounts      TEXT NOT NULL,
    created_by    BIGINT NOT NULL,
    created_at    BIGINT NOT NULL,
    last_used_at  BIGINT,
    revoked_at    BIGINT
);

CREATE TABLE login_throttle (
    key            TEXT NOT NULL PRIMARY KEY,         -- digest of login or address
    failures       BIGINT NOT NULL,
    first_at       BIGINT NOT NULL,
    blocked_until  BIGINT NOT NULL
);

CREATE TABLE audit_entries (
    id           BIGINT NOT NULL PRIMARY KEY,
    at           BIGINT NOT NULL,
    actor_kind   TEXT NOT NULL,
    actor_id     BIGINT,
    actor_name   TEXT NOT NULL,
    action       TEXT NOT NULL,
    entity       TEXT NOT NULL,
    entity_id    BIGINT,
    before_json  TEXT NOT NULL,
    after_json   TEXT NOT NULL,
    address      TEXT NOT NULL
);
CREATE INDEX audit_entity ON audit_entries (entity, entity_id, id);
CREATE INDEX audit_actor ON audit_entries (actor_id, id);

CREATE TABLE idempotency_keys (
    actor        TEXT NOT NULL,
    key          TEXT NOT NULL,
    request      TEXT NOT NULL,                       -- digest of method, path and body
    status       BIGINT NOT NULL,
    body         TEXT NOT NULL,
    created_at   BIGINT NOT NULL,
    PRIMARY KEY (actor, key)
);
CREATE INDEX idempotency_age ON idempotency_keys (created_at);

CREATE TABLE views (
    id          BIGINT NOT NULL PRIMARY KEY,
    owner_id    BIGINT NOT NULL,
    name        TEXT NOT NULL,
    query       TEXT NOT NULL,
    shared      BIGINT NOT NULL CHECK (shared IN (0, 1)),
    position    BIGINT NOT NULL,
    version     BIGINT NOT NULL,
    created_at  BIGINT NOT NULL,
    updated_at  BIGINT NOT NULL
);

-- Channels ------------------------------------------------------------------------------------------------------------

CREATE TABLE channel_accounts (
    id           BIGINT NOT NULL PRIMARY KEY,
    channel      TEXT NOT NULL,
    name         TEXT NOT NULL,
    base_url     TEXT NOT NULL,
    mode         TEXT NOT NULL CHECK (mode IN ('live', 'read_only')),
    state        TEXT NOT NULL CHECK (state IN ('active', 'paused', 'auth_failed', 'degraded')),
    sealed       TEXT NOT NULL,                       -- secret settings, sealed
    options      TEXT NOT NULL,                       -- other settings, JSON object
    accepted_means_assembling  BIGINT NOT NULL CHECK (accepted_means_assembling IN (0, 1)),
    hook_digest  TEXT NOT NULL,                       -- of the secret part of the webhook address
    last_ok_at   BIGINT,
    error_code   TEXT NOT NULL,
    error_text   TEXT NOT NULL,
    error_since  BIGINT,
    version      BIGINT NOT NULL,
    created_at   BIGINT NOT NULL,
    updated_at   BIGINT NOT NULL
);

CREATE TABLE stream_cursors (
    account_id   BIGINT NOT NULL REFERENCES channel_accounts (id),
    stream       TEXT NOT NULL,
    cursor       TEXT NOT NULL,
    last_run_at  BIGINT,
    next_run_at  BIGINT NOT NULL,
    deep_day     BIGINT NOT NULL,                     -- local day of the last nightly pass
    failures     BIGINT NOT NULL,
    taken_by     TEXT NOT NULL,
    lease_until  BIGINT NOT NULL,
    PRIMARY KEY (account_id, stream)
);

CREATE TABLE status_maps (                            -- what the seller changed; the rest is in the connector's table
    account_id  BIGINT NOT NULL REFERENCES channel_accounts (id),
    key         TEXT NOT NULL,
    hub_status  TEXT NOT NULL,
    PRIMARY KEY (account_id, key)
);

CREATE TABLE intake_events (
    id           BIGINT NOT NULL PRIMARY KEY,
    account_id   BIGINT NOT NULL,
    stream       TEXT NOT NULL,
    event_key    TEXT NOT NULL,
    external_id  TEXT NOT NULL,
    order_id     BIGINT,
    state        TEXT NOT NULL CHECK (state IN ('applied', 'parked', 'dropped')),
    tries        BIGINT NOT NULL,
    problem_code TEXT NOT NULL,
    problem      TEXT NOT NULL,
    status_key   TEXT NOT NULL,                       -- of a parked unknown status
    received_at  BIGINT NOT NULL,
    payload      TEXT NOT NULL                        -- as received; emptied after the retention time
);
CREATE UNIQUE INDEX intake_key ON intake_events (account_id, event_key);
CREATE INDEX intake_parked ON intake_events (account_id, id) WHERE state = 'parked';
CREATE INDEX intake_order ON intake_events (order_id, id);

-- Customers -----------------------------------------------------------------------------------------------------------

CREATE TABLE customers (
    id              BIGINT NOT NULL PRIMARY KEY,
    name            TEXT NOT NULL,
    phone           TEXT NOT NULL,                    -- E.164 or ''
    email           TEXT NOT NULL,
    city            TEXT NOT NULL,
    currency        TEXT NOT NULL,
    orders_count    BIGINT NOT NULL,                  -- orders not cancelled
    net_spent       BIGINT NOT NULL,
    first_order_at  BIGINT,
    last_order_at   BIGINT,
    state           TEXT NOT NULL CHECK (state IN ('active', 'erased')),
    version         BIGINT NOT NULL,
    created_at      BIGINT NOT NULL,
    updated_at      BIGINT NOT NULL
);
CREATE INDEX customers_recent ON customers (last_order_at, id);

CREATE TABLE customer_sources (
    id           BIGINT NOT NULL PRIMARY KEY,
    account_id   BIGINT NOT NULL,
    external_id  TEXT NOT NULL,
    customer_id  BIGINT NOT NULL,
    rule         TEXT NOT NULL,                       -- why it belongs there: "first", "phone", "email"
    name         TEXT NOT NULL,
    phone        TEXT NOT NULL,                       -- E.164 or ''
    phone_raw    TEXT NOT NULL,
    email        TEXT NOT NULL,
    address      TEXT NOT NULL,
    city         TEXT NOT NULL,
    masked       BIGINT NOT NULL CHECK (masked IN (0, 1)),
    first_seen   BIGINT NOT NULL,
    last_seen    BIGINT NOT NULL
);
CREATE UNIQUE INDEX customer_sources_external ON customer_sources (account_id, external_id);
CREATE INDEX customer_sources_customer ON customer_sources (customer_id, id);

-- Look-up keys of customers: kind 'phone' (digits reversed, so that last digits are a prefix), 'email', 'word' (folded word of a
-- name). Compared by bytes on both databases.
-- only sqlite
CREATE TABLE customer_keys (
    kind         TEXT NOT NULL,
    value        TEXT NOT NULL,
    customer_id  BIGINT NOT NULL,
    PRIMARY KEY (kind, value, customer_id)
) WITHOUT ROWID;
-- only postgres
CREATE TABLE customer_keys (
    kind         TEXT COLLATE "C" NOT NULL,
    value        TEXT COLLATE "C" NOT NULL,
    customer_id  BIGINT NOT NULL,
    PRIMARY KEY (kind, value, customer_id)
);
-- both
CREATE INDEX customer_keys_customer ON customer_keys (customer_id, kind, value);

-- Orders --------------------------------------------------------------------------------------------------------------

CREATE TABLE orders (
    id               BIGINT NOT NULL PRIMARY KEY,
    account_id       BIGINT NOT NULL,
    channel          TEXT NOT NULL,
    external_id      TEXT NOT NULL,
    number           TEXT NOT NULL,
    number_tail      TEXT NOT NULL,                   -- digits of the number, reversed: last digits are a prefix
    group_number     TEXT NOT NULL,
    scheme           TEXT NOT NULL,
    status           TEXT NOT NULL CHECK (status IN ('new', 'confirmed', 'assembling', 'ready_to_ship', 'in_delivery',
                       'at_pickup', 'delivered', 'completed', 'partly_returned', 'returning', 'returned', 'cancelled')),
    closed           BIGINT NOT NULL CHECK (closed IN (0, 1)),
    external_status  TEXT NOT NULL,
    status_key       TEXT NOT NULL,
    payment          TEXT NOT NULL,
    marks            BIGINT NOT NULL,
    customer_id      BIGINT,
    source_id        BIGINT,
    customer_name    TEXT NOT NULL,
    recipient_name   TEXT NOT NULL,
    recipient_phone  TEXT NOT NULL,
    delivery_method  TEXT NOT NULL,
    delivery_address TEXT NOT NULL,
    city             TEXT NOT NULL,
    point_id         TEXT NOT NULL,
    carrier          TEXT NOT NULL,
    track            TEXT NOT NULL,
    promised_from    BIGINT,
    promised_to      BIGINT,
    currency         TEXT NOT NULL,
    has_total        BIGINT NOT NULL CHECK (has_total IN (0, 1)),
    goods_total      BIGINT NOT NULL,
    discount_total   BIGINT NOT NULL,
    delivery_total   BIGINT NOT NULL,
    grand_total      BIGINT NOT NULL,
    title            TEXT NOT NULL,                   -- of the first line, for lists
    lines_count      BIGINT NOT NULL,
    units            BIGINT NOT NULL,
    cancel_reason    TEXT NOT NULL,
    cancel_side      TEXT NOT NULL,
    comment_buyer    TEXT NOT NULL,
    comment          TEXT NOT NULL,
    tags             TEXT NOT NULL,                   -- comma before, between and after: ",gift,vip,"
    assignee_id      BIGINT,
    placed_at        BIGINT,
    sort_at          BIGINT NOT NULL,                 -- placed_at, or when it was first seen; never shown
    changed_at       BIGINT,                          -- the market's own change time
    confirmed_at     BIGINT,
    channel_confirm_by  BIGINT,
    channel_ship_by     BIGINT,
    deadline_step    TEXT NOT NULL,
    policy_id        BIGINT,
    deadline_start   BIGINT,
    deadline_total   BIGINT NOT NULL,                 -- milliseconds of the rule's clock
    deadline_used    BIGINT NOT NULL,                 -- used before a pause
    deadline_at      BIGINT,
    yellow_at        BIGINT,
    red_at           BIGINT,
    zone             TEXT NOT NULL CHECK (zone IN ('breached', 'red', 'yellow', 'green', 'none')),
    zone_next_at     BIGINT,                          -- when the zone changes by itself
    queue_rank       BIGINT NOT NULL,                 -- zone, then deadline: the order of the queue
    draft_hash       BIGINT NOT NULL,                 -- fingerprint of what the market said last
    command_id       BIGINT,                          -- newest command to the market
    version          BIGINT NOT NULL,
    created_at       BIGINT NOT NULL,
    updated_at       BIGINT NOT NULL
);
CREATE UNIQUE INDEX orders_external ON orders (account_id, external_id);
CREATE INDEX orders_queue ON orders (queue_rank, sort_at, id) WHERE closed = 0;
CREATE INDEX orders_queue_status ON orders (status, queue_rank, sort_at, id) WHERE closed = 0;
CREATE INDEX orders_timer ON orders (zone_next_at, id) WHERE zone_next_at IS NOT NULL;
CREATE INDEX orders_customer ON orders (customer_id, sort_at, id);
CREATE INDEX orders_recent ON orders (sort_at, id);
CREATE INDEX orders_number ON orders (number_tail);

-- only sqlite
CREATE TABLE order_lines (
    order_id           BIGINT NOT NULL,
    line               BIGINT NOT NULL,
    external_id        TEXT NOT NULL,
    external_offer_id  TEXT NOT NULL,
    article            TEXT NOT NULL,
    barcode            TEXT NOT NULL,
    title              TEXT NOT NULL,
    qty                BIGINT NOT NULL,
    has_price          BIGINT NOT NULL,
    unit_price         BIGINT NOT NULL,
    line_total         BIGINT NOT NULL,
    marking_required   BIGINT NOT NULL,
    PRIMARY KEY (order_id, line)
) WITHOUT ROWID;
CREATE TABLE order_history (
    order_id         BIGINT NOT NULL,
    seq              BIGINT NOT NULL,
    at               BIGINT NOT NULL,
    from_status      TEXT NOT NULL,
    to_status        TEXT NOT NULL,
    implied          BIGINT NOT NULL,
    flagged          BIGINT NOT NULL,
    actor_kind       TEXT NOT NULL,
    actor_id         BIGINT,
    actor_name       TEXT NOT NULL,
    external_status  TEXT NOT NULL,
    note             TEXT NOT NULL,
    PRIMARY KEY (order_id, seq)
) WITHOUT ROWID;
CREATE TABLE events (
    id          BIGINT NOT NULL PRIMARY KEY,
    at          BIGINT NOT NULL,
    kind        TEXT NOT NULL,
    account_id  BIGINT,
    entity_id   BIGINT,
    data        TEXT NOT NULL
);
-- only postgres
CREATE TABLE order_lines (
    order_id           BIGINT NOT NULL,
    line               BIGINT NOT NULL,
    external_id        TEXT NOT NULL,
    external_offer_id  TEXT NOT NULL,
    article            TEXT NOT NULL,
    barcode            TEXT NOT NULL,
    title              TEXT NOT NULL,
    qty                BIGINT NOT NULL,
    has_price          BIGINT NOT NULL,
    unit_price         BIGINT NOT NULL,
    line_total         BIGINT NOT NULL,
    marking_required   BIGINT NOT NULL,
    PRIMARY KEY (order_id, line)
);
CREATE TABLE order_history (
    order_id         BIGINT NOT NULL,
    seq              BIGINT NOT NULL,
    at               BIGINT NOT NULL,
    from_status      TEXT NOT NULL,
    to_status        TEXT NOT NULL,
    implied          BIGINT NOT NULL,
    flagged          BIGINT NOT NULL,
    actor_kind       TEXT NOT NULL,
    actor_id         BIGINT,
    actor_name       TEXT NOT NULL,
    external_status  TEXT NOT NULL,
    note             TEXT NOT NULL,
    PRIMARY KEY (order_id, seq)
);
CREATE TABLE events (
    id          BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
    at          BIGINT NOT NULL,
    kind        TEXT NOT NULL,
    account_id  BIGINT,
    entity_id   BIGINT,
    data        TEXT NOT NULL
);

-- both
CREATE TABLE order_notes (
    id           BIGINT NOT NULL PRIMARY KEY,
    order_id     BIGINT NOT NULL,
    at           BIGINT NOT NULL,
    author_id    BIGINT,
    author_name  TEXT NOT NULL,
    text         TEXT NOT NULL
);
CREATE INDEX order_notes_order ON order_notes (order_id, id);

CREATE TABLE tasks (
    id           BIGINT NOT NULL PRIMARY KEY,
    title        TEXT NOT NULL,
    kind         TEXT NOT NULL,                       -- 'person', 'pick' (made by confirming), 'dead_command', 'parked'
    order_id     BIGINT,
    assignee_id  BIGINT,
    due_at       BIGINT,
    state        TEXT NOT NULL CHECK (state IN ('open', 'done', 'cancelled')),
    rule         TEXT NOT NULL,
    version      BIGINT NOT NULL,
    created_at   BIGINT NOT NULL,
    updated_at   BIGINT NOT NULL,
    created_by   BIGINT
);
CREATE INDEX tasks_order ON tasks (order_id, id);
CREATE INDEX tasks_open ON tasks (assignee_id, due_at, id) WHERE state = 'open';

-- Totals kept in the transaction of the change: counters and tiles read these, never count a big table.
CREATE TABLE order_totals (
    account_id  BIGINT NOT NULL,
    status      TEXT NOT NULL,
    zone        TEXT NOT NULL,
    currency    TEXT NOT NULL,
    n           BIGINT NOT NULL,
    total       BIGINT NOT NULL,
    PRIMARY KEY (account_id, status, zone, currency)
);
CREATE TABLE day_totals (                             -- day = local day number of the shop
    day         BIGINT NOT NULL,
    account_id  BIGINT NOT NULL,
    figure      TEXT NOT NULL,                        -- 'orders', 'confirmed', 'cancelled', 'confirm_ms', 'customers_new'
    currency    TEXT NOT NULL,
    n           BIGINT NOT NULL,
    total       BIGINT NOT NULL,
    PRIMARY KEY (day, account_id, figure, currency)
);

-- Commands to the markets ---------------------------------------------------------------------------------------------

CREATE TABLE outbox (
    id            BIGINT NOT NULL PRIMARY KEY,
    account_id    BIGINT NOT NULL,
    order_id      BIGINT NOT NULL,                    -- the lane: commands of one order go one after the other
    op            TEXT NOT NULL,
    priority      BIGINT NOT NULL,                    -- 1 near a deadline … 6 history
    dedupe_key    TEXT NOT NULL,
    payload       TEXT NOT NULL,                      -- reason, comment, boxes, code
    state         TEXT NOT NULL CHECK (state IN ('held', 'queued', 'sending', 'done', 'refused', 'dead', 'undone', 'dropped', 'shadow')),
    not_before    BIGINT NOT NULL,
    tries         BIGINT NOT NULL,
    taken_by      TEXT NOT NULL,
    lease_until   BIGINT NOT NULL,
    from_status   TEXT NOT NULL,                      -- of the order, before the action; a refusal goes back there
    to_status     TEXT NOT NULL,
    memory        TEXT NOT NULL,                      -- the connector's, between tries
    text          TEXT NOT NULL,                      -- the market's words
    note          TEXT NOT NULL,
    actor_kind    TEXT NOT NULL,
    actor_id      BIGINT,
    actor_name    TEXT NOT NULL,
    created_at    BIGINT NOT NULL,
    sent_at       BIGINT,
    done_at       BIGINT
);
CREATE UNIQUE INDEX outbox_dedupe ON outbox (dedupe_key) WHERE state IN ('held', 'queued', 'sending');
CREATE INDEX outbox_waiting ON outbox (not_before, id) WHERE state IN ('held', 'queued', 'sending');
CREATE INDEX outbox_order ON outbox (order_id, id);
CREATE INDEX outbox_trouble ON outbox (account_id, id) WHERE state IN ('dead', 'refused');

CREATE TABLE undo_steps (
    token        TEXT NOT NULL,
    order_id     BIGINT NOT NULL,
    command_id   BIGINT,
    from_status  TEXT NOT NULL,
    to_status    TEXT NOT NULL,
    task_id      BIGINT,
    expires_at   BIGINT NOT NULL,
    PRIMARY KEY (token, order_id)
);
CREATE INDEX undo_age ON undo_steps (expires_at);

-- Deadlines -----------------------------------------------------------------------------------------------------------

CREATE TABLE calendars (
    id          BIGINT NOT NULL PRIMARY KEY,
    name        TEXT NOT NULL,
    zone        TEXT NOT NULL,
    days        TEXT NOT NULL,                        -- JSON: seven lists of ["09:00","13:00"]
    holidays    TEXT NOT NULL,                        -- JSON: [{"date","name","intervals"}]
    version     BIGINT NOT NULL,
    created_at  BIGINT NOT NULL,
    updated_at  BIGINT NOT NULL
);
CREATE TABLE policies (
    id              BIGINT NOT NULL PRIMARY KEY,
    name            TEXT NOT NULL,
    channel         TEXT NOT NULL,                    -- '' = any
    account_id      BIGINT,
    scheme          TEXT NOT NULL,                    -- '' = any
    step            TEXT NOT NULL CHECK (step IN ('confirm', 'assemble', 'hand_over')),
    minutes         BIGINT NOT NULL,
    clock           TEXT NOT NULL CHECK (clock IN ('wall', 'working')),
    calendar_id     BIGINT,
    pause_statuses  TEXT NOT NULL,                    -- names of marks or statuses in which the clock stands
    red_minutes     BIGINT NOT NULL,
    red_share_bp    BIGINT NOT NULL,
    active          BIGINT NOT NULL CHECK (active IN (0, 1)),
    version         BIGINT NOT NULL,
    created_at      BIGINT NOT NULL,
    updated_at      BIGINT NOT NULL
);
