-- A verdict that is taken back offers its pair again, so the refused one is looked up by its two customers.

-- both
CREATE INDEX identity_suggestions_refused ON identity_suggestions (customer_a, customer_b) WHERE state = 'refused';
