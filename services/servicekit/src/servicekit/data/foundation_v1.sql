-- Tables every service has beside its own, as its first migration makes them. Frozen: later changes are later
-- migrations (`tables.py` mirrors the present state and the drift check holds the two together).
CREATE TABLE facts (
    id uuid CONSTRAINT pk_facts PRIMARY KEY,
    written bigint GENERATED ALWAYS AS IDENTITY,
    position bigint CONSTRAINT uq_facts_position UNIQUE,
    type text NOT NULL,
    version integer NOT NULL,
    at timestamptz NOT NULL,
    caisse text NOT NULL,
    subject jsonb NOT NULL,
    payload jsonb NOT NULL
);
CREATE INDEX ix_facts_unstamped ON facts (written) WHERE position IS NULL;

CREATE TABLE cursors (
    source text CONSTRAINT pk_cursors PRIMARY KEY,
    cursor text,
    moved_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE idempotency (
    client text,
    sub text,
    route text,
    key uuid,
    body_sha256 bytea NOT NULL,
    status integer,
    response bytea,
    etag text,
    expires_at timestamptz NOT NULL DEFAULT now() + interval '72 hours',
    CONSTRAINT pk_idempotency PRIMARY KEY (client, sub, route, key)
);
CREATE INDEX ix_idempotency_expires_at ON idempotency (expires_at);

CREATE TABLE journal (
    id uuid CONSTRAINT pk_journal PRIMARY KEY,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    actor text NOT NULL,
    client text NOT NULL,
    audience text NOT NULL,
    role text NOT NULL,
    caisse text NOT NULL,
    structure uuid,
    unit text,
    session_hash text NOT NULL,
    txn text NOT NULL,
    purpose text NOT NULL,
    kind text NOT NULL,
    action text NOT NULL,
    resource text,
    resource_ids uuid[] NOT NULL,
    subjects uuid[] NOT NULL,
    fields text[] NOT NULL,
    status integer NOT NULL,
    before_sha256 bytea,
    after_sha256 bytea
);
CREATE INDEX ix_journal_at ON journal (at);
CREATE INDEX ix_journal_subjects ON journal USING gin (subjects);

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is write-once', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER journal_is_write_once BEFORE UPDATE OR DELETE ON journal
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER journal_is_never_emptied BEFORE TRUNCATE ON journal
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
