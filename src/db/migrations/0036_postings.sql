-- Money that goes back to buyers in the form of the ledger, for whoever keeps the books: lines of debit and credit, never changed, only
-- reversed. A server of before that agrees to a payment while both run leaves it without lines; `sauda check` names it.
-- works with 0033

-- both
CREATE TABLE postings (
    doc         TEXT NOT NULL CHECK (doc IN ('refund')),
    doc_id      BIGINT NOT NULL,
    turn        BIGINT NOT NULL CHECK (turn >= 1),    -- 1: posted, 2: reversed, 3: posted anew …
    line        BIGINT NOT NULL CHECK (line >= 1),
    part        TEXT NOT NULL CHECK (part IN ('goods', 'delivery', 'points')),
    debit       TEXT NOT NULL,                        -- symbolic accounts of the handbook, §15
    credit      TEXT NOT NULL CHECK (credit <> debit),
    amount      BIGINT NOT NULL CHECK (amount > 0),
    currency    TEXT NOT NULL,
    at          BIGINT NOT NULL,
    account_id  BIGINT NOT NULL,                      -- of the channel
    order_id    BIGINT,
    return_id   BIGINT NOT NULL,
    PRIMARY KEY (doc, doc_id, turn, line)
);
CREATE INDEX postings_newest ON postings (at, doc_id, turn, line);
CREATE INDEX postings_return ON postings (return_id);
INSERT INTO postings (doc, doc_id, turn, line, part, debit, credit, amount, currency, at, account_id, order_id, return_id)
    SELECT 'refund', id, 1, 1, 'goods', 'returns', CASE WHEN by_market = 1 THEN 'receivable_marketplace' ELSE 'payable_buyers' END,
           amount - delivery, currency, approved_at, account_id, order_id, return_id
      FROM refunds WHERE state IN ('approved', 'paid') AND approved_at IS NOT NULL AND amount > delivery;
INSERT INTO postings (doc, doc_id, turn, line, part, debit, credit, amount, currency, at, account_id, order_id, return_id)
    SELECT 'refund', id, 1, 2, 'delivery', 'returns', CASE WHEN by_market = 1 THEN 'receivable_marketplace' ELSE 'payable_buyers' END,
           delivery, currency, approved_at, account_id, order_id, return_id
      FROM refunds WHERE state IN ('approved', 'paid') AND approved_at IS NOT NULL AND delivery > 0;
INSERT INTO postings (doc, doc_id, turn, line, part, debit, credit, amount, currency, at, account_id, order_id, return_id)
    SELECT 'refund', id, 1, 3, 'points', 'returns', 'points_liability', points, currency, approved_at, account_id, order_id, return_id
      FROM refunds WHERE state IN ('approved', 'paid') AND approved_at IS NOT NULL AND points > 0;
