-- A second factor of the sign-in: a secret that an authenticator app holds, codes for when the telephone is gone, and who must have one.

-- both
ALTER TABLE users ADD COLUMN second_factor_at BIGINT;  -- since when; not set: the password alone

CREATE TABLE second_factors (
    user_id     BIGINT NOT NULL PRIMARY KEY REFERENCES users (id),
    sealed      TEXT NOT NULL,                        -- the secret, sealed
    last_step   BIGINT NOT NULL,                      -- of the newest code that was taken: no code up to it is taken again
    created_at  BIGINT NOT NULL
);

CREATE TABLE recovery_codes (
    user_id     BIGINT NOT NULL REFERENCES users (id),
    digest      TEXT NOT NULL,
    used_at     BIGINT,
    PRIMARY KEY (user_id, digest)
);

CREATE TABLE second_factor_roles (                    -- who has one of these must have a second factor
    role        TEXT NOT NULL PRIMARY KEY             -- "owner", or the id of an own role
);
