CREATE TABLE letter_templates (
    caisse text NOT NULL,
    id uuid NOT NULL,
    kind text NOT NULL,
    language text NOT NULL,
    number integer NOT NULL,
    state text NOT NULL,
    version integer NOT NULL,
    subject text NOT NULL,
    body text NOT NULL,
    note text,
    valid_from date,
    created_by text NOT NULL,
    created_at timestamptz NOT NULL,
    updated_by text NOT NULL,
    updated_at timestamptz NOT NULL,
    published_by text,
    published_at timestamptz,
    CONSTRAINT pk_letter_templates PRIMARY KEY (caisse, id),
    CONSTRAINT uq_letter_templates_caisse_kind_language_number UNIQUE (caisse, kind, language, number),
    CONSTRAINT ck_letter_templates_state CHECK (state IN ('draft', 'published')),
    CONSTRAINT ck_letter_templates_published_whole CHECK ((state = 'published') =
        (num_nonnulls(note, valid_from, published_by, published_at) = 4))
);
CREATE UNIQUE INDEX uq_letter_templates_draft ON letter_templates (caisse, kind, language) WHERE state = 'draft';

CREATE TABLE letterheads (
    caisse text NOT NULL,
    number integer NOT NULL,
    head jsonb NOT NULL,
    created_by text NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT pk_letterheads PRIMARY KEY (caisse, number)
);

CREATE TABLE letter_batches (
    caisse text NOT NULL,
    id uuid NOT NULL,
    kind text NOT NULL,
    total integer NOT NULL,
    printed integer NOT NULL,
    refused integer NOT NULL,
    created_by text NOT NULL,
    created_at timestamptz NOT NULL,
    finished_at timestamptz,
    CONSTRAINT pk_letter_batches PRIMARY KEY (caisse, id),
    CONSTRAINT ck_letter_batches_counted CHECK (printed >= 0 AND refused >= 0 AND printed + refused <= total)
);

CREATE TABLE letters (
    caisse text NOT NULL,
    id uuid NOT NULL,
    about uuid NOT NULL,
    structure_id uuid,
    batch_id uuid,
    kind text NOT NULL,
    language text NOT NULL,
    template_number integer NOT NULL,
    snapshot jsonb NOT NULL,
    sha256 bytea,
    refusal text,
    made_by text NOT NULL,
    made_at timestamptz NOT NULL,
    CONSTRAINT pk_letters PRIMARY KEY (caisse, id),
    CONSTRAINT ck_letters_printed_or_refused CHECK (sha256 IS NULL OR refusal IS NULL),
    CONSTRAINT fk_letters_caisse_batch_id_letter_batches FOREIGN KEY (caisse, batch_id)
        REFERENCES letter_batches (caisse, id)
);
CREATE INDEX ix_letters_about ON letters (caisse, about, id);
CREATE UNIQUE INDEX uq_letters_batch ON letters (caisse, batch_id, about) WHERE batch_id IS NOT NULL;
CREATE INDEX ix_letters_to_print ON letters (caisse, batch_id, id) WHERE sha256 IS NULL AND refusal IS NULL;
