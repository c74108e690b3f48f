"""Foundation, reference data, and what each caisse chose.

Reference tables have no policy: they hold no tenant's data, everybody reads them, only the loader writes.
"""

from alembic import op

from servicekit.schema import AUDIENCES, SAME_CAISSE, Policy, create_foundation, secure

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE regions (
    code text CONSTRAINT pk_regions PRIMARY KEY,
    name text NOT NULL,
    zone text NOT NULL,
    source text NOT NULL
);
CREATE TABLE departments (
    code text CONSTRAINT pk_departments PRIMARY KEY,
    name text NOT NULL,
    region text NOT NULL CONSTRAINT fk_departments_region_regions REFERENCES regions (code),
    zone text NOT NULL,
    source text NOT NULL
);
CREATE TABLE bodies (
    code text CONSTRAINT pk_bodies PRIMARY KEY,
    kind text NOT NULL,
    name text NOT NULL,
    official_code text,
    social_service text CONSTRAINT fk_bodies_social_service_bodies REFERENCES bodies (code),
    time_zone text NOT NULL,
    source text NOT NULL,
    certainty text NOT NULL,
    closed_on date
);
CREATE TABLE body_departments (
    body text CONSTRAINT fk_body_departments_body_bodies REFERENCES bodies (code),
    department text CONSTRAINT fk_body_departments_department_departments REFERENCES departments (code),
    CONSTRAINT pk_body_departments PRIMARY KEY (body, department)
);
CREATE TABLE sites (
    body text CONSTRAINT fk_sites_body_bodies REFERENCES bodies (code),
    code text,
    name text NOT NULL,
    department text NOT NULL CONSTRAINT fk_sites_department_departments REFERENCES departments (code),
    CONSTRAINT pk_sites PRIMARY KEY (body, code)
);
CREATE TABLE units (
    body text CONSTRAINT fk_units_body_bodies REFERENCES bodies (code),
    code text,
    kind text NOT NULL,
    name text NOT NULL,
    site text NOT NULL,
    CONSTRAINT pk_units PRIMARY KEY (body, code),
    CONSTRAINT fk_units_body_sites FOREIGN KEY (body, site) REFERENCES sites (body, code)
);
CREATE TABLE reference_loads (
    version integer CONSTRAINT pk_reference_loads PRIMARY KEY,
    sha256 text NOT NULL,
    loaded_at timestamptz NOT NULL
);
CREATE TABLE parameters (
    caisse text,
    key text,
    valid_from date,
    value jsonb NOT NULL,
    source text NOT NULL,
    legal_basis text,
    CONSTRAINT pk_parameters PRIMARY KEY (caisse, key, valid_from)
);
"""

REFERENCE = "regions, departments, bodies, body_departments, sites, units"


def upgrade() -> None:
    create_foundation("partners")
    op.execute(TABLES)
    everybody = ", ".join(f"partners_{audience}" for audience in AUDIENCES)
    op.execute(f"GRANT SELECT ON {REFERENCE} TO {everybody}")
    op.execute(f"GRANT SELECT, INSERT, UPDATE ON {REFERENCE}, reference_loads TO partners_system")
    secure("partners", "parameters", dict.fromkeys(AUDIENCES, Policy("SELECT", SAME_CAISSE)))


def downgrade() -> None:
    raise NotImplementedError("the first migration is not undone: drop the database")
