-- Labels that the marketplaces draw: asked for when somebody prints, fetched once, kept for as long as payloads are. The files lie apart,
-- so that lists of labels read none of their bytes.
-- A server of before that erases a buyer while both run leaves his labels for their month.
-- works with 0031

-- both
CREATE TABLE labels (
    order_id     BIGINT NOT NULL PRIMARY KEY,
    account_id   BIGINT NOT NULL,
    state        TEXT NOT NULL CHECK (state IN ('waiting', 'here', 'refused', 'forgotten')),
    type         TEXT NOT NULL CHECK (type IN ('', 'pdf', 'png', 'zpl')),
    width_mm     BIGINT NOT NULL,                     -- of the paper; 0: the file says
    height_mm    BIGINT NOT NULL,
    size         BIGINT NOT NULL,
    memory       TEXT NOT NULL,                       -- of the conversation with the market
    tries        BIGINT NOT NULL,
    due_at       BIGINT,                              -- of one that waits; a server that has taken it moves this on
    problem      TEXT NOT NULL,                       -- code of why it is not here
    words        TEXT NOT NULL,                       -- the market's own
    asked_at     BIGINT NOT NULL,
    fetched_at   BIGINT,
    prints       BIGINT NOT NULL,
    printed_at   BIGINT,                              -- last
    printed_by   BIGINT,
    printed_name TEXT NOT NULL
);
CREATE INDEX labels_due ON labels (due_at, order_id) WHERE due_at IS NOT NULL;
CREATE INDEX labels_fetched ON labels (fetched_at) WHERE fetched_at IS NOT NULL;
CREATE TABLE label_files (
    order_id BIGINT NOT NULL PRIMARY KEY,
    bytes    BYTES NOT NULL
);
