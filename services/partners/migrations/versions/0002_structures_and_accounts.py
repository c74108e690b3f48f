"""Structures, accounts, roles and invitations, and who may reach which of their rows.

Partners reach their own structure; only its administrator writes. Agents and officers reach their caisse;
only the partner desk writes structures and partners, only an administrator writes the caisse's own people.
An account is seen wherever it holds or held a role that the reader sees, so that a person who works for two
caisses has one account and one name.
"""

from alembic import op

from servicekit.schema import SAME_CAISSE, SAME_STRUCTURE, Policy, allow, secure

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE structures (
    caisse text CONSTRAINT fk_structures_caisse_bodies REFERENCES bodies (code),
    id uuid,
    state text NOT NULL CONSTRAINT ck_structures_state CHECK (state IN ('prospect', 'registration_requested',
        'refused', 'approved', 'active', 'suspended', 'closed')),
    kind text NOT NULL,
    name text NOT NULL,
    name_key text NOT NULL,
    siret text CONSTRAINT ck_structures_siret CHECK (siret IS NULL OR siret ~ '^[0-9]{14}$'),
    finess text CONSTRAINT ck_structures_finess CHECK (finess IS NULL OR finess ~ '^(2[AB]|[0-9]{2})[0-9]{7}$'),
    department text NOT NULL CONSTRAINT fk_structures_department_departments REFERENCES departments (code),
    address_lines text NOT NULL,
    postcode text NOT NULL,
    commune text NOT NULL,
    commune_key text NOT NULL,
    phone text,
    referent_first_name text,
    referent_last_name text,
    referent_job_title text,
    referent_email text,
    referent_phone text,
    nir_allowed boolean NOT NULL,
    portal_opened_on date,
    max_accounts integer NOT NULL,
    version integer NOT NULL,
    created_at timestamptz NOT NULL,
    changed_at timestamptz NOT NULL,
    CONSTRAINT pk_structures PRIMARY KEY (caisse, id),
    CONSTRAINT ck_structures_identified CHECK (state IN ('prospect', 'closed')
        OR siret IS NOT NULL OR finess IS NOT NULL),
    CONSTRAINT ck_structures_has_referent CHECK (state IN ('prospect', 'closed') OR referent_email IS NOT NULL),
    CONSTRAINT ck_structures_opened_when_active CHECK (state <> 'active' OR portal_opened_on IS NOT NULL),
    CONSTRAINT ck_structures_not_opened_before CHECK (state NOT IN ('prospect', 'registration_requested',
        'refused', 'approved') OR portal_opened_on IS NULL)
);
CREATE INDEX ix_structures_caisse_name_key ON structures (caisse, name_key, id);
CREATE UNIQUE INDEX uq_structures_id ON structures (id);
CREATE UNIQUE INDEX uq_structures_siret_in_service ON structures (caisse, siret)
    WHERE state IN ('approved', 'active', 'suspended');
CREATE UNIQUE INDEX uq_structures_name_in_service ON structures (caisse, name_key, commune_key)
    WHERE state IN ('approved', 'active', 'suspended');

CREATE TABLE accounts (
    id uuid CONSTRAINT pk_accounts PRIMARY KEY,
    caisse text NOT NULL CONSTRAINT fk_accounts_caisse_bodies REFERENCES bodies (code),
    structure_id uuid,
    audience text NOT NULL CONSTRAINT ck_accounts_audience CHECK (audience IN ('partner', 'agent', 'officer', 'pilot')),
    state text NOT NULL CONSTRAINT ck_accounts_state CHECK (state IN ('invited', 'active', 'suspended', 'closed')),
    withheld boolean NOT NULL,
    email text NOT NULL,
    email_key text NOT NULL,
    first_name text NOT NULL,
    last_name text NOT NULL,
    name_key text NOT NULL,
    job_title text NOT NULL,
    charter_version text,
    charter_accepted_at timestamptz,
    version integer NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT uq_accounts_id_audience UNIQUE (id, audience),
    CONSTRAINT ck_accounts_structure_iff_partner CHECK ((audience = 'partner') = (structure_id IS NOT NULL)),
    CONSTRAINT ck_accounts_charter_when_active CHECK (state <> 'active' OR charter_accepted_at IS NOT NULL),
    CONSTRAINT ck_accounts_withheld_never_active CHECK (NOT withheld OR state <> 'active'),
    CONSTRAINT fk_accounts_caisse_structures FOREIGN KEY (caisse, structure_id) REFERENCES structures (caisse, id)
);
CREATE INDEX ix_accounts_caisse ON accounts (caisse, structure_id);
CREATE UNIQUE INDEX uq_accounts_email_key ON accounts (email_key) WHERE NOT withheld AND state <> 'closed';

CREATE TABLE assignments (
    caisse text CONSTRAINT fk_assignments_caisse_bodies REFERENCES bodies (code),
    id uuid,
    account_id uuid NOT NULL,
    audience text NOT NULL,
    role text NOT NULL,
    structure_id uuid,
    unit text,
    from_on date NOT NULL,
    until_on date,
    granted_by text NOT NULL,
    granted_at timestamptz NOT NULL,
    ended_on date,
    ended_by text,
    ended_at timestamptz,
    version integer NOT NULL,
    CONSTRAINT pk_assignments PRIMARY KEY (caisse, id),
    CONSTRAINT ck_assignments_structure_iff_partner CHECK ((audience = 'partner') = (structure_id IS NOT NULL)),
    CONSTRAINT ck_assignments_unit_for_agents CHECK (unit IS NULL OR audience = 'agent'),
    CONSTRAINT ck_assignments_dates_in_order CHECK (until_on IS NULL OR until_on >= from_on),
    CONSTRAINT ck_assignments_ended_on_iff_ended CHECK ((ended_at IS NULL) = (ended_on IS NULL)),
    CONSTRAINT fk_assignments_account_id_accounts FOREIGN KEY (account_id, audience)
        REFERENCES accounts (id, audience),
    CONSTRAINT fk_assignments_caisse_structures FOREIGN KEY (caisse, structure_id) REFERENCES structures (caisse, id),
    CONSTRAINT fk_assignments_caisse_units FOREIGN KEY (caisse, unit) REFERENCES units (body, code)
);
CREATE INDEX ix_assignments_caisse_structure_id ON assignments (caisse, structure_id);
CREATE INDEX ix_assignments_account_id ON assignments (account_id, caisse);
CREATE UNIQUE INDEX uq_assignments_open
    ON assignments (caisse, account_id, role, (coalesce(structure_id::text, unit, ''))) WHERE ended_at IS NULL;

CREATE TABLE invitations (
    caisse text CONSTRAINT fk_invitations_caisse_bodies REFERENCES bodies (code),
    id uuid,
    structure_id uuid,
    account_id uuid NOT NULL CONSTRAINT fk_invitations_account_id_accounts REFERENCES accounts (id),
    state text NOT NULL CONSTRAINT ck_invitations_state
        CHECK (state IN ('pending', 'accepted', 'superseded', 'cancelled')),
    expires_at timestamptz NOT NULL,
    invited_by text NOT NULL,
    invited_at timestamptz NOT NULL,
    CONSTRAINT pk_invitations PRIMARY KEY (caisse, id)
);
CREATE INDEX ix_invitations_account_id ON invitations (account_id, id);
CREATE UNIQUE INDEX uq_invitations_pending ON invitations (account_id) WHERE state = 'pending';

CREATE TABLE transitions (
    caisse text,
    id uuid,
    structure_id uuid,
    account_id uuid,
    training_id uuid,
    from_state text,
    to_state text NOT NULL,
    reason text,
    by_sub text NOT NULL,
    by_role text NOT NULL,
    at timestamptz NOT NULL,
    CONSTRAINT pk_transitions PRIMARY KEY (caisse, id),
    CONSTRAINT ck_transitions_one_subject CHECK (num_nonnulls(account_id, training_id) < 2),
    CONSTRAINT ck_transitions_some_subject CHECK (structure_id IS NOT NULL OR account_id IS NOT NULL)
);
CREATE INDEX ix_transitions_caisse_structure_id ON transitions (caisse, structure_id);
CREATE INDEX ix_transitions_account_id ON transitions (account_id);
"""

# Whether an address is taken must be known across tenants, and nothing else may be: no policy lets anybody
# read another tenant's accounts, so this one question has a function of its own.
HOLDER = """
CREATE FUNCTION holder_of_address(wanted text)
    RETURNS TABLE (id uuid, caisse text, structure_id uuid, audience text, state text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
    AS $$
        SELECT a.id, a.caisse, a.structure_id, a.audience, a.state FROM public.accounts a
        WHERE a.email_key = wanted AND NOT a.withheld AND a.state <> 'closed'
    $$;
REVOKE ALL ON FUNCTION holder_of_address FROM PUBLIC;
GRANT EXECUTE ON FUNCTION holder_of_address TO partners_partner, partners_agent, partners_officer, partners_system;
"""

WHO = "current_setting('app.role', true)"
ME = "nullif(current_setting('app.sub', true), '')::uuid"
OWN = f"{SAME_CAISSE} AND id = nullif(current_setting('app.structure', true), '')::uuid"
MANAGED = f"{SAME_STRUCTURE} AND {WHO} = 'partner_admin'"
DESK = f"{SAME_CAISSE} AND {WHO} IN ('coordinateur', 'responsable_unite')"
ADMIN = f"{SAME_CAISSE} AND {WHO} IN ('admin', 'referent_si')"
OFFICER = f"{SAME_CAISSE} AND {WHO} IN ('admin', 'referent_si', 'dpo')"
PARTNERS = "audience = 'partner'"
OWN_PEOPLE = "audience <> 'partner'"
SEEN = "EXISTS (SELECT FROM assignments seen WHERE seen.account_id = accounts.id)"

READ, CHANGE, ADD, BOTH = "SELECT", "UPDATE", "INSERT", "INSERT, UPDATE"

# (table, audience, verbs, rows)
POLICIES = [
    ("structures", "partner", READ, OWN),
    ("structures", "agent", READ, SAME_CAISSE),
    ("structures", "agent", BOTH, DESK),
    ("structures", "officer", READ, SAME_CAISSE),
    ("structures", "officer", CHANGE, f"{SAME_CAISSE} AND {WHO} = 'dpo'"),
    ("accounts", "partner", READ, SEEN),
    ("accounts", "partner", BOTH, f"{MANAGED} AND {PARTNERS}"),
    ("accounts", "agent", READ, SEEN),
    ("accounts", "agent", BOTH, f"{DESK} AND {PARTNERS}"),
    ("accounts", "officer", READ, SEEN),
    ("accounts", "officer", BOTH, f"{ADMIN} AND {OWN_PEOPLE}"),
    ("accounts", "pilot", READ, SEEN),
    ("assignments", "partner", READ, SAME_STRUCTURE),
    ("assignments", "partner", BOTH, f"{MANAGED} AND {PARTNERS}"),
    ("assignments", "agent", READ, SAME_CAISSE),
    ("assignments", "agent", BOTH, f"{DESK} AND {PARTNERS}"),
    ("assignments", "officer", READ, SAME_CAISSE),
    ("assignments", "officer", BOTH, f"{ADMIN} AND {OWN_PEOPLE}"),
    ("assignments", "pilot", READ, f"{SAME_CAISSE} AND account_id = {ME}"),
    ("invitations", "partner", READ, SAME_STRUCTURE),
    ("invitations", "partner", BOTH, MANAGED),
    ("invitations", "agent", READ, SAME_CAISSE),
    ("invitations", "agent", BOTH, f"{DESK} AND structure_id IS NOT NULL"),
    ("invitations", "officer", READ, SAME_CAISSE),
    ("invitations", "officer", BOTH, f"{ADMIN} AND structure_id IS NULL"),
    ("transitions", "partner", ADD, SAME_STRUCTURE),
    ("transitions", "agent", f"{READ}, {ADD}", SAME_CAISSE),
    ("transitions", "officer", f"{READ}, {ADD}", SAME_CAISSE),
    ("transitions", "pilot", ADD, f"{SAME_CAISSE} AND account_id = {ME}"),
]


# Whoever is signed in accepts the charter, for the own account only, and comes out of it active.
SELF = f"""
CREATE POLICY self_update ON accounts FOR UPDATE TO {{people}}
    USING (id = {ME}) WITH CHECK (id = {ME} AND state = 'active');
CREATE POLICY self_select ON invitations FOR SELECT TO {{people}} USING (account_id = {ME});
CREATE POLICY self_update ON invitations FOR UPDATE TO {{people}}
    USING (account_id = {ME}) WITH CHECK (account_id = {ME} AND state = 'accepted');
GRANT UPDATE ON accounts TO {{people}};
GRANT SELECT, UPDATE ON invitations TO {{people}};
"""


def upgrade() -> None:
    op.execute(TABLES)
    op.execute(HOLDER)
    for secured in ("structures", "accounts", "assignments", "invitations", "transitions"):
        secure("partners", secured, {})
    for table, audience, verbs, rows in POLICIES:
        allow("partners", table, audience, Policy(verbs, rows))
    people = ", ".join(f"partners_{audience}" for audience in ("partner", "agent", "officer", "pilot"))
    op.execute(SELF.format(people=people))


def downgrade() -> None:
    op.execute("DROP FUNCTION holder_of_address")
    op.execute("DROP TABLE transitions, invitations, assignments, accounts, structures")
