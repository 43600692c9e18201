-- Notices that leave the house: who can be told by what way, what there is to tell, what is on its way, and how far a deadline's
-- ladder has been climbed.

-- both
CREATE TABLE notice_house (
    id              BIGINT NOT NULL PRIMARY KEY CHECK (id = 1),
    telegram_base   TEXT NOT NULL,
    telegram_token  TEXT NOT NULL,                    -- sealed
    telegram_name   TEXT NOT NULL,
    mail_host       TEXT NOT NULL,
    mail_port       BIGINT NOT NULL,
    mail_safety     TEXT NOT NULL CHECK (mail_safety IN ('tls', 'starttls', 'plain')),
    mail_login      TEXT NOT NULL,
    mail_password   TEXT NOT NULL,                    -- sealed
    mail_from       TEXT NOT NULL,
    mail_from_name  TEXT NOT NULL,
    push_private    TEXT NOT NULL,                    -- sealed
    push_public     TEXT NOT NULL,
    address         TEXT NOT NULL,
    version         BIGINT NOT NULL,
    updated_at      BIGINT NOT NULL
);
INSERT INTO notice_house (id, telegram_base, telegram_token, telegram_name, mail_host, mail_port, mail_safety, mail_login, mail_password,
                          mail_from, mail_from_name, push_private, push_public, address, version, updated_at)
VALUES (1, '', '', '', '', 0, 'tls', '', '', '', '', '', '', '', 1, 1);

CREATE TABLE notice_bot (                             -- who asks the bot for news, and from where on
    id           BIGINT NOT NULL PRIMARY KEY CHECK (id = 1),
    next_update  BIGINT NOT NULL,
    not_before   BIGINT NOT NULL,                     -- ms
    lease_until  BIGINT NOT NULL                      -- ms
);
INSERT INTO notice_bot (id, next_update, not_before, lease_until) VALUES (1, 0, 0, 0);

CREATE TABLE notice_targets (
    id           BIGINT NOT NULL PRIMARY KEY,
    user_id      BIGINT NOT NULL,
    medium       TEXT NOT NULL CHECK (medium IN ('telegram', 'email', 'push')),
    address      TEXT NOT NULL,                       -- sealed
    address_key  TEXT NOT NULL,
    label        TEXT NOT NULL,
    state        TEXT NOT NULL CHECK (state IN ('waiting', 'on', 'gone')),
    code         TEXT NOT NULL,
    code_until   BIGINT NOT NULL,
    tries        BIGINT NOT NULL,
    created_at   BIGINT NOT NULL
);
CREATE INDEX notice_targets_user ON notice_targets (user_id, id);
CREATE UNIQUE INDEX notice_targets_address ON notice_targets (medium, address_key) WHERE state = 'on';
CREATE INDEX notice_targets_code ON notice_targets (code) WHERE state = 'waiting';

CREATE TABLE notices (
    id           BIGINT NOT NULL PRIMARY KEY,
    user_id      BIGINT NOT NULL,
    type         TEXT NOT NULL,
    object       TEXT NOT NULL,
    object_id    BIGINT,
    key          TEXT NOT NULL,
    title        TEXT NOT NULL,
    channel      TEXT NOT NULL,
    step         TEXT NOT NULL,
    deadline_at  BIGINT,
    at           BIGINT NOT NULL,
    acked_at     BIGINT
);
CREATE UNIQUE INDEX notices_once ON notices (user_id, key);
CREATE INDEX notices_age ON notices (at);

CREATE TABLE notice_sends (
    id           BIGINT NOT NULL PRIMARY KEY,
    user_id      BIGINT NOT NULL,
    target_id    BIGINT NOT NULL,
    medium       TEXT NOT NULL,
    type         TEXT NOT NULL,
    digest       BIGINT NOT NULL CHECK (digest IN (0, 1)),
    state        TEXT NOT NULL CHECK (state IN ('waiting', 'sending', 'done', 'failed', 'dropped')),
    not_before   BIGINT NOT NULL,
    tries        BIGINT NOT NULL,
    taken_by     TEXT NOT NULL,
    lease_until  BIGINT NOT NULL,
    text         TEXT NOT NULL,
    external     TEXT NOT NULL,
    created_at   BIGINT NOT NULL,
    done_at      BIGINT
);
CREATE INDEX notice_sends_due ON notice_sends (not_before, id) WHERE state IN ('waiting', 'sending');
CREATE INDEX notice_sends_target ON notice_sends (target_id, type, created_at);
CREATE INDEX notice_sends_age ON notice_sends (created_at) WHERE state IN ('done', 'failed', 'dropped');

CREATE TABLE notice_parts (
    send_id    BIGINT NOT NULL,
    notice_id  BIGINT NOT NULL,
    PRIMARY KEY (send_id, notice_id)
);

CREATE TABLE escalations (
    object     TEXT NOT NULL,
    object_id  BIGINT NOT NULL,
    step       TEXT NOT NULL,
    told       BIGINT NOT NULL,                       -- a bit per rung
    acked      BIGINT NOT NULL,
    next_at    BIGINT NOT NULL,                       -- ms: when the team is told; 0 = not
    PRIMARY KEY (object, object_id, step)
);
CREATE INDEX escalations_next ON escalations (next_at) WHERE next_at > 0;
