-- How the shop stands with each marketplace: what became of orders as the markets count it, their limits with dates, ratings, and the
-- deadlines that were missed.

-- both
CREATE TABLE order_outcomes (                         -- of orders that have left the hands of the shop or were cancelled
    order_id      BIGINT NOT NULL PRIMARY KEY,
    account_id    BIGINT NOT NULL,
    handed_at     BIGINT,                             -- not set: not yet, or long before we saw the order
    late          BIGINT NOT NULL CHECK (late IN (0, 1)),
    delivered_at  BIGINT,
    cancelled_at  BIGINT,
    own_fault     BIGINT NOT NULL CHECK (own_fault IN (0, 1))
);
INSERT INTO order_outcomes (order_id, account_id, handed_at, late, delivered_at, cancelled_at, own_fault)
SELECT o.id, o.account_id, h.handed_at, CASE WHEN o.channel_ship_by IS NOT NULL AND h.handed_at > o.channel_ship_by THEN 1 ELSE 0 END,
       h.delivered_at, h.cancelled_at, CASE WHEN o.status = 'cancelled' AND o.cancel_side = 'seller' THEN 1 ELSE 0 END
  FROM orders o JOIN (SELECT order_id,
                             MIN(at) FILTER (WHERE seq > 1 AND to_status IN ('in_delivery', 'at_pickup', 'delivered', 'completed')) AS handed_at,
                             MIN(at) FILTER (WHERE to_status IN ('delivered', 'completed')) AS delivered_at,
                             MAX(at) FILTER (WHERE to_status = 'cancelled') AS cancelled_at
                        FROM order_history WHERE flagged = 0 GROUP BY order_id) h ON h.order_id = o.id
 WHERE o.status NOT IN ('new', 'confirmed', 'assembling', 'ready_to_ship');
CREATE INDEX order_outcomes_handed ON order_outcomes (handed_at, account_id, late) WHERE handed_at IS NOT NULL;
CREATE INDEX order_outcomes_late ON order_outcomes (account_id, handed_at) WHERE late = 1;
CREATE INDEX order_outcomes_own ON order_outcomes (cancelled_at, account_id) WHERE own_fault = 1;
CREATE INDEX order_outcomes_delivered ON order_outcomes (delivered_at, order_id) WHERE delivered_at IS NOT NULL;

CREATE TABLE violations (                             -- a deadline that has passed with its step not done
    object       TEXT NOT NULL,
    object_id    BIGINT NOT NULL,
    step         TEXT NOT NULL,
    account_id   BIGINT NOT NULL,
    person_id    BIGINT,                              -- who had it then
    cause        TEXT NOT NULL CHECK (cause IN ('came_late', 'channel_down', 'problem', 'nobody', 'person')),
    at           BIGINT NOT NULL,                     -- the deadline
    ended_at     BIGINT,
    PRIMARY KEY (object, object_id, step)
);
CREATE INDEX violations_at ON violations (at);

CREATE TABLE standing_limits (                        -- dated; the newest that holds counts
    id          BIGINT NOT NULL PRIMARY KEY,
    channel     TEXT NOT NULL,
    figure      TEXT NOT NULL CHECK (figure IN ('rating', 'own_cancel', 'late_handover')),
    level       TEXT NOT NULL CHECK (level IN ('warn', 'hard')),
    value       BIGINT NOT NULL,                      -- share in hundredths of a percent; rating in hundredths
    days        BIGINT NOT NULL,                      -- over how many days it is counted
    valid_from  BIGINT NOT NULL,                      -- ms
    sure        BIGINT NOT NULL CHECK (sure IN (0, 1)),
    source      TEXT NOT NULL
);
CREATE UNIQUE INDEX standing_limits_from ON standing_limits (channel, figure, level, valid_from);
INSERT INTO standing_limits (id, channel, figure, level, value, days, valid_from, sure, source) VALUES
    (1, 'kaspi', 'rating', 'hard', 400, 90, 0, 0, 'Kaspi: rating of the seller over 90 days; to be confirmed in the cabinet'),
    (2, 'kaspi', 'own_cancel', 'warn', 300, 30, 0, 0, 'Kaspi: own-fault cancellations, warning; to be confirmed in the cabinet'),
    (3, 'kaspi', 'own_cancel', 'hard', 500, 30, 0, 0, 'Kaspi: own-fault cancellations, switch-off for 7 days, the third in 90 days ends the contract; to be confirmed'),
    (4, 'kaspi', 'late_handover', 'hard', 1000, 30, 0, 0, 'Kaspi: late hand-overs; to be confirmed in the cabinet');

CREATE TABLE standing_ratings (
    account_id  BIGINT NOT NULL,
    at          BIGINT NOT NULL,
    rating      BIGINT NOT NULL,                      -- in hundredths
    source      TEXT NOT NULL CHECK (source IN ('person', 'channel')),
    PRIMARY KEY (account_id, at)
);
