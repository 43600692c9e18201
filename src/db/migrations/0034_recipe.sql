-- Names, mailboxes and addresses are read better: the keys by which buyers are compared, and those by which they are found in any
-- spelling, are made anew behind the server's back (customers/review_flow.h, sound_flow.h). A shop without buyers has nothing to make.
-- works with 0033

-- both
UPDATE settings SET value = '4' WHERE key = 'identity.keys' AND NOT EXISTS (SELECT 1 FROM customer_sources);
UPDATE settings SET value = '2' WHERE key = 'search.sounds' AND NOT EXISTS (SELECT 1 FROM customer_sources);
