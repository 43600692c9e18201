-- What a search shows of a buyer's channels stands in the index by which his records are found: no page of the records themselves is read.
-- works with 0031

-- both
DROP INDEX customer_sources_customer;
CREATE INDEX customer_sources_customer ON customer_sources (customer_id, id, account_id);
