-- Roles that a shop makes itself, and invitations: a link that lets one person in once.

-- both
CREATE TABLE roles (
    id           BIGINT NOT NULL PRIMARY KEY,
    name         TEXT NOT NULL UNIQUE,
    permissions  TEXT NOT NULL,                       -- names, comma between
    version      BIGINT NOT NULL,
    created_at   BIGINT NOT NULL,
    updated_at   BIGINT NOT NULL
);

ALTER TABLE users ADD COLUMN own_roles TEXT NOT NULL DEFAULT '';      -- ids of roles, comma between

CREATE TABLE invitations (
    id          BIGINT NOT NULL PRIMARY KEY,
    digest      TEXT NOT NULL UNIQUE,                 -- of the token in the link
    login       TEXT NOT NULL,                        -- folded
    name        TEXT NOT NULL,
    roles       TEXT NOT NULL,
    own_roles   TEXT NOT NULL,
    accounts    TEXT NOT NULL,
    created_by  BIGINT NOT NULL REFERENCES users (id),
    created_at  BIGINT NOT NULL,
    expires_at  BIGINT NOT NULL
);
CREATE INDEX invitations_login ON invitations (login);
