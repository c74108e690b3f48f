"""Foundation and person register."""

from alembic import op

from servicekit.schema import SAME_CAISSE, SAME_STRUCTURE, Policy, create_foundation, secure

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

SERVICE = "referrals"

_TABLES = """
CREATE SEQUENCE person_number;

CREATE TABLE persons (
    caisse text NOT NULL,
    id uuid NOT NULL,
    number bigint NOT NULL DEFAULT nextval('person_number'),
    structure_id uuid,
    version integer NOT NULL,
    civility text,
    first_names text NOT NULL,
    last_name text NOT NULL,
    birth_name text,
    first_names_key text COLLATE "C" NOT NULL,
    last_name_key text COLLATE "C" NOT NULL,
    birth_name_key text COLLATE "C",
    birth_on date NOT NULL,
    birth_place text,
    sex text,
    phone text,
    phone_kind text,
    email text,
    address_lines text[] NOT NULL,
    postcode text,
    city text,
    department text,
    preferred_channel text NOT NULL,
    safe_hours text,
    language text NOT NULL,
    interpreter boolean NOT NULL,
    adults smallint NOT NULL,
    children_born_on date[] NOT NULL,
    household_note text,
    created_by text NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT pk_persons PRIMARY KEY (caisse, id),
    CONSTRAINT uq_persons_caisse_id_structure_id UNIQUE (caisse, id, structure_id),
    CONSTRAINT uq_persons_caisse_number UNIQUE (caisse, number),
    CONSTRAINT ck_persons_civility_code CHECK (civility IN ('madame', 'monsieur')),
    CONSTRAINT ck_persons_sex_code CHECK (sex IN ('female', 'male')),
    CONSTRAINT ck_persons_phone_kind_code
        CHECK (phone_kind IN ('own_mobile', 'own_landline', 'relative', 'structure')),
    CONSTRAINT ck_persons_preferred_channel_code
        CHECK (preferred_channel IN ('phone', 'sms', 'email', 'mail', 'via_structure')),
    CONSTRAINT ck_persons_phone_has_kind CHECK ((phone IS NULL) = (phone_kind IS NULL)),
    CONSTRAINT ck_persons_birth_on_plausible CHECK (birth_on >= DATE '1900-01-01'),
    CONSTRAINT ck_persons_birth_name_has_key CHECK ((birth_name IS NULL) = (birth_name_key IS NULL)),
    CONSTRAINT ck_persons_adults_counted CHECK (adults >= 0)
);
ALTER SEQUENCE person_number OWNED BY persons.number;
CREATE INDEX ix_persons_caisse_last_name_key_first_names_key_id
    ON persons (caisse, last_name_key, first_names_key, id);
CREATE INDEX ix_persons_caisse_birth_name_key_first_names_key_id
    ON persons (caisse, birth_name_key, first_names_key, id) WHERE birth_name_key IS NOT NULL;
CREATE INDEX ix_persons_caisse_birth_on_last_name_key ON persons (caisse, birth_on, last_name_key);
CREATE INDEX ix_persons_caisse_structure_id_last_name_key
    ON persons (caisse, structure_id, last_name_key) WHERE structure_id IS NOT NULL;

CREATE TABLE person_identifiers (
    caisse text NOT NULL,
    id uuid NOT NULL,
    person_id uuid NOT NULL,
    structure_id uuid,
    kind text NOT NULL,
    none_reason text,
    from_at timestamptz NOT NULL,
    until_at timestamptz,
    recorded_by text NOT NULL,
    CONSTRAINT pk_person_identifiers PRIMARY KEY (caisse, id),
    CONSTRAINT fk_person_identifiers_caisse_person_id_persons
        FOREIGN KEY (caisse, person_id) REFERENCES persons (caisse, id) ON DELETE CASCADE,
    CONSTRAINT fk_person_identifiers_caisse_person_id_structure_id_persons
        FOREIGN KEY (caisse, person_id, structure_id)
        REFERENCES persons (caisse, id, structure_id) ON DELETE CASCADE,
    CONSTRAINT ck_person_identifiers_kind_code CHECK (kind IN ('nir', 'nia', 'nnp', 'mig', 'none')),
    CONSTRAINT ck_person_identifiers_none_reason_code CHECK (none_reason IN (
        'not_collected', 'unknown_to_person', 'never_registered', 'registration_under_way',
        'state_medical_aid', 'dependent_minor'
    )),
    CONSTRAINT ck_person_identifiers_none_has_reason CHECK ((kind = 'none') = (none_reason IS NOT NULL))
);
CREATE UNIQUE INDEX uq_person_identifiers_present
    ON person_identifiers (caisse, person_id) WHERE until_at IS NULL;
CREATE INDEX ix_person_identifiers_caisse_person_id ON person_identifiers (caisse, person_id);

CREATE TABLE person_numbers (
    caisse text NOT NULL,
    identifier_id uuid NOT NULL,
    person_id uuid NOT NULL,
    structure_id uuid,
    key_id text NOT NULL,
    content bytea NOT NULL,
    blind_index bytea NOT NULL,
    masked text NOT NULL,
    CONSTRAINT pk_person_numbers PRIMARY KEY (caisse, identifier_id),
    CONSTRAINT fk_person_numbers_caisse_identifier_id_person_identifiers
        FOREIGN KEY (caisse, identifier_id) REFERENCES person_identifiers (caisse, id) ON DELETE CASCADE,
    CONSTRAINT fk_person_numbers_caisse_person_id_persons
        FOREIGN KEY (caisse, person_id) REFERENCES persons (caisse, id) ON DELETE CASCADE,
    CONSTRAINT fk_person_numbers_caisse_person_id_structure_id_persons
        FOREIGN KEY (caisse, person_id, structure_id)
        REFERENCES persons (caisse, id, structure_id) ON DELETE CASCADE
);
CREATE INDEX ix_person_numbers_caisse_blind_index ON person_numbers (caisse, blind_index);
CREATE INDEX ix_person_numbers_caisse_person_id ON person_numbers (caisse, person_id);

CREATE TABLE person_grants (
    caisse text NOT NULL,
    id uuid NOT NULL,
    person_id uuid NOT NULL,
    structure_id uuid,
    holder_kind text NOT NULL,
    holder text NOT NULL,
    purpose text NOT NULL,
    origin_id uuid,
    reason text,
    from_at timestamptz NOT NULL,
    until_at timestamptz,
    granted_by text NOT NULL,
    revoked_at timestamptz,
    revoked_by text,
    CONSTRAINT pk_person_grants PRIMARY KEY (caisse, id),
    CONSTRAINT fk_person_grants_caisse_person_id_persons
        FOREIGN KEY (caisse, person_id) REFERENCES persons (caisse, id) ON DELETE CASCADE,
    CONSTRAINT fk_person_grants_caisse_person_id_structure_id_persons
        FOREIGN KEY (caisse, person_id, structure_id)
        REFERENCES persons (caisse, id, structure_id) ON DELETE CASCADE,
    CONSTRAINT ck_person_grants_holder_kind_code CHECK (holder_kind IN ('account', 'unit', 'structure')),
    CONSTRAINT ck_person_grants_until_after_from CHECK (until_at > from_at),
    CONSTRAINT ck_person_grants_revoked_by_somebody CHECK ((revoked_at IS NULL) = (revoked_by IS NULL))
);
CREATE UNIQUE INDEX uq_person_grants_open
    ON person_grants (caisse, person_id, holder_kind, holder, purpose, origin_id)
    NULLS NOT DISTINCT WHERE revoked_at IS NULL AND reason IS NULL;
CREATE INDEX ix_person_grants_caisse_holder_kind_holder_person_id
    ON person_grants (caisse, holder_kind, holder, person_id) WHERE revoked_at IS NULL;
CREATE INDEX ix_person_grants_caisse_person_id ON person_grants (caisse, person_id);

CREATE TABLE number_reveals (
    caisse text NOT NULL,
    id uuid NOT NULL,
    person_id uuid NOT NULL,
    identifier_id uuid NOT NULL,
    account text NOT NULL,
    reason text NOT NULL,
    at timestamptz NOT NULL,
    CONSTRAINT pk_number_reveals PRIMARY KEY (caisse, id),
    CONSTRAINT fk_number_reveals_caisse_person_id_persons
        FOREIGN KEY (caisse, person_id) REFERENCES persons (caisse, id) ON DELETE CASCADE
);
CREATE INDEX ix_number_reveals_caisse_person_id ON number_reveals (caisse, person_id);

CREATE TABLE person_distinctions (
    caisse text NOT NULL,
    person_id uuid NOT NULL,
    other_id uuid NOT NULL,
    reason text NOT NULL,
    decided_by text NOT NULL,
    decided_at timestamptz NOT NULL,
    CONSTRAINT pk_person_distinctions PRIMARY KEY (caisse, person_id, other_id),
    CONSTRAINT fk_person_distinctions_caisse_person_id_persons
        FOREIGN KEY (caisse, person_id) REFERENCES persons (caisse, id) ON DELETE CASCADE,
    CONSTRAINT fk_person_distinctions_caisse_other_id_persons
        FOREIGN KEY (caisse, other_id) REFERENCES persons (caisse, id) ON DELETE CASCADE,
    CONSTRAINT ck_person_distinctions_ordered_pair CHECK (person_id < other_id)
);
CREATE INDEX ix_person_distinctions_caisse_other_id ON person_distinctions (caisse, other_id);

CREATE TABLE person_readings (
    caisse text NOT NULL,
    account text NOT NULL,
    person_id uuid NOT NULL,
    last_at timestamptz NOT NULL,
    CONSTRAINT pk_person_readings PRIMARY KEY (caisse, account, person_id),
    CONSTRAINT fk_person_readings_caisse_person_id_persons
        FOREIGN KEY (caisse, person_id) REFERENCES persons (caisse, id) ON DELETE CASCADE
);
CREATE INDEX ix_person_readings_account_last_at ON person_readings (account, last_at);
"""

# A budget is an account's, whatever caisse it acts for at the moment.
_OWN_ACCOUNT = "account = current_setting('app.sub', true)"


def upgrade() -> None:
    create_foundation(SERVICE)
    op.execute(_TABLES)
    op.execute("GRANT USAGE ON SEQUENCE person_number TO referrals_partner, referrals_agent, referrals_system")
    change = "SELECT, INSERT, UPDATE"
    both = {"partner": Policy(change, SAME_STRUCTURE), "agent": Policy(change, SAME_CAISSE)}
    for table in ("persons", "person_identifiers", "person_grants"):
        secure(SERVICE, table, both)
    secure(
        SERVICE,
        "person_numbers",
        {"partner": Policy("INSERT", SAME_STRUCTURE), "agent": Policy("SELECT, INSERT", SAME_CAISSE)},
    )
    # A structure finds its own persons by number; content and mask are not in what it may read.
    op.execute("GRANT SELECT (caisse, person_id, identifier_id, blind_index) ON person_numbers TO referrals_partner")
    op.execute(
        f"CREATE POLICY partner_select ON person_numbers FOR SELECT TO referrals_partner USING ({SAME_STRUCTURE})"
    )
    secure(
        SERVICE,
        "number_reveals",
        {"agent": Policy("INSERT", f"{SAME_CAISSE} AND {_OWN_ACCOUNT}")},
        system="SELECT",
    )
    secure(SERVICE, "person_distinctions", {"agent": Policy("SELECT, INSERT", SAME_CAISSE)})
    secure(
        SERVICE,
        "person_readings",
        dict.fromkeys(("partner", "agent"), Policy("SELECT, INSERT, UPDATE, DELETE", _OWN_ACCOUNT)),
    )


def downgrade() -> None:
    raise NotImplementedError("the first migration is not undone: drop the database")
