"""The agenda: calendars, their hours, what is offered, appointments and rentals."""

from alembic import op

from servicekit.schema import SAME_CAISSE, SAME_STRUCTURE, Policy, secure

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

SERVICE = "accompaniments"

_TABLES = """
CREATE EXTENSION IF NOT EXISTS btree_gist;

CREATE TABLE calendars (
    caisse text NOT NULL,
    id uuid NOT NULL,
    version integer NOT NULL,
    kind text NOT NULL,
    label text NOT NULL,
    account uuid,
    unit text,
    zone text,
    place text,
    accessible boolean NOT NULL,
    capacity smallint NOT NULL,
    open_to_partners boolean NOT NULL,
    subjects text[] NOT NULL,
    active boolean NOT NULL,
    changed_at timestamptz NOT NULL,
    CONSTRAINT pk_calendars PRIMARY KEY (caisse, id),
    CONSTRAINT ck_calendars_kind_code CHECK (kind IN ('adviser', 'ces', 'equipment', 'reception', 'room',
        'social_worker')),
    CONSTRAINT ck_calendars_subjects_codes CHECK (subjects <@ ARRAY['ame', 'c2s', 'diabete', 'effet_seuil_c2s',
        'eps', 'invalidite', 'numerique', 'other', 'psychologue', 'tabacologue']::text[]),
    CONSTRAINT ck_calendars_capacity_plausible CHECK (capacity BETWEEN 1 AND 200),
    CONSTRAINT ck_calendars_only_people_hold_one CHECK (kind IN ('adviser', 'social_worker') OR account IS NULL),
    CONSTRAINT ck_calendars_opened_to_partners CHECK (NOT open_to_partners OR kind NOT IN ('social_worker', 'room',
        'equipment'))
);
CREATE INDEX ix_calendars_caisse_kind_label_id ON calendars (caisse, kind, label, id);

CREATE TABLE calendar_rules (
    caisse text NOT NULL,
    calendar_id uuid NOT NULL,
    id uuid NOT NULL,
    weekday smallint NOT NULL,
    from_time time NOT NULL,
    until_time time NOT NULL,
    from_on date NOT NULL,
    until_on date,
    CONSTRAINT pk_calendar_rules PRIMARY KEY (caisse, calendar_id, id),
    CONSTRAINT fk_calendar_rules_caisse_calendar_id_calendars FOREIGN KEY (caisse, calendar_id) REFERENCES
        calendars (caisse, id) ON DELETE CASCADE,
    CONSTRAINT ck_calendar_rules_weekday CHECK (weekday BETWEEN 0 AND 6),
    CONSTRAINT ck_calendar_rules_hours_in_order CHECK (from_time < until_time),
    CONSTRAINT ck_calendar_rules_days_in_order CHECK (until_on IS NULL OR from_on <= until_on)
);

CREATE TABLE calendar_exceptions (
    caisse text NOT NULL,
    calendar_id uuid NOT NULL,
    id uuid NOT NULL,
    kind text NOT NULL,
    reason text NOT NULL,
    from_on date NOT NULL,
    until_on date NOT NULL,
    from_time time,
    until_time time,
    CONSTRAINT pk_calendar_exceptions PRIMARY KEY (caisse, calendar_id, id),
    CONSTRAINT fk_calendar_exceptions_caisse_calendar_id_calendars FOREIGN KEY (caisse, calendar_id) REFERENCES
        calendars (caisse, id) ON DELETE CASCADE,
    CONSTRAINT ck_calendar_exceptions_kind_code CHECK (kind IN ('closed', 'extra')),
    CONSTRAINT ck_calendar_exceptions_reason_code CHECK (reason IN ('closure', 'leave', 'other', 'outreach',
        'training')),
    CONSTRAINT ck_calendar_exceptions_days_in_order CHECK (from_on <= until_on),
    CONSTRAINT ck_calendar_exceptions_hours_in_order CHECK ((from_time IS NULL) = (until_time IS NULL) AND
        (from_time IS NULL OR from_time < until_time))
);

CREATE TABLE appointment_kinds (
    caisse text NOT NULL,
    id uuid NOT NULL,
    version integer NOT NULL,
    label text NOT NULL,
    mode text NOT NULL,
    calendars text[] NOT NULL,
    minutes smallint NOT NULL,
    interpreter_minutes smallint NOT NULL,
    accessibility_minutes smallint NOT NULL,
    notice_hours smallint NOT NULL,
    horizon_days smallint NOT NULL,
    open_to_partners boolean NOT NULL,
    active boolean NOT NULL,
    CONSTRAINT pk_appointment_kinds PRIMARY KEY (caisse, id),
    CONSTRAINT ck_appointment_kinds_mode_code CHECK (mode IN ('home_visit', 'office', 'partner_site', 'phone')),
    CONSTRAINT ck_appointment_kinds_calendars_codes CHECK (cardinality(calendars) > 0 AND calendars <@
        ARRAY['adviser', 'ces', 'equipment', 'reception', 'room', 'social_worker']::text[]),
    CONSTRAINT ck_appointment_kinds_minutes_plausible CHECK (minutes BETWEEN 5 AND 480),
    CONSTRAINT ck_appointment_kinds_interpreter_minutes_plausible CHECK (interpreter_minutes BETWEEN 0 AND 240),
    CONSTRAINT ck_appointment_kinds_accessibility_minutes_plausible CHECK (accessibility_minutes BETWEEN 0 AND 240),
    CONSTRAINT ck_appointment_kinds_notice_hours_plausible CHECK (notice_hours BETWEEN 0 AND 720),
    CONSTRAINT ck_appointment_kinds_horizon_days_plausible CHECK (horizon_days BETWEEN 1 AND 365)
);

CREATE TABLE calendar_feeds (
    caisse text NOT NULL,
    id uuid NOT NULL,
    calendar_id uuid NOT NULL,
    account uuid NOT NULL,
    token_sha256 bytea NOT NULL,
    created_at timestamptz NOT NULL,
    revoked_at timestamptz,
    CONSTRAINT pk_calendar_feeds PRIMARY KEY (caisse, id),
    CONSTRAINT fk_calendar_feeds_caisse_calendar_id_calendars FOREIGN KEY (caisse, calendar_id) REFERENCES
        calendars (caisse, id) ON DELETE CASCADE,
    CONSTRAINT uq_calendar_feeds_token_sha256 UNIQUE (token_sha256),
    CONSTRAINT ck_calendar_feeds_token_hashed CHECK (length(token_sha256) = 32)
);

CREATE TABLE appointments (
    caisse text NOT NULL,
    id uuid NOT NULL,
    version integer NOT NULL,
    state text NOT NULL,
    calendar_id uuid NOT NULL,
    place smallint NOT NULL,
    during tstzrange NOT NULL,
    starts_at timestamptz NOT NULL,
    kind_id uuid,
    mode text NOT NULL,
    subject text,
    activity text,
    person_id uuid,
    request_id uuid,
    structure_id uuid,
    interpreter boolean NOT NULL,
    language text,
    accessibility boolean NOT NULL,
    not_autonomous boolean NOT NULL,
    side text NOT NULL,
    booked_by text NOT NULL,
    booked_at timestamptz NOT NULL,
    moved_from uuid,
    reminder_due_on date,
    reminded_at timestamptz,
    CONSTRAINT pk_appointments PRIMARY KEY (caisse, id),
    CONSTRAINT fk_appointments_caisse_calendar_id_calendars FOREIGN KEY (caisse, calendar_id) REFERENCES calendars
        (caisse, id),
    CONSTRAINT fk_appointments_caisse_kind_id_appointment_kinds FOREIGN KEY (caisse, kind_id) REFERENCES
        appointment_kinds (caisse, id),
    CONSTRAINT fk_appointments_caisse_moved_from_appointments FOREIGN KEY (caisse, moved_from) REFERENCES
        appointments (caisse, id),
    CONSTRAINT uq_appointments_caisse_id_structure_id UNIQUE (caisse, id, structure_id),
    CONSTRAINT uq_appointments_caisse_moved_from UNIQUE (caisse, moved_from),
    CONSTRAINT ex_appointments_taken EXCLUDE USING gist (caisse WITH =, calendar_id WITH =, place WITH =, during
        WITH &&) WHERE (state IN ('booked', 'excused', 'no_show', 'seen')),
    CONSTRAINT ck_appointments_state_code CHECK (state IN ('booked', 'cancelled_by_person', 'cancelled_by_service',
        'excused', 'moved', 'no_show', 'seen')),
    CONSTRAINT ck_appointments_mode_code CHECK (mode IN ('home_visit', 'office', 'partner_site', 'phone')),
    CONSTRAINT ck_appointments_subject_code CHECK (subject IN ('ame', 'c2s', 'diabete', 'effet_seuil_c2s', 'eps',
        'invalidite', 'numerique', 'other', 'psychologue', 'tabacologue')),
    CONSTRAINT ck_appointments_activity_code CHECK (activity IN ('maintenance', 'meeting', 'outreach', 'rental',
        'sitting', 'training', 'workshop')),
    CONSTRAINT ck_appointments_side_code CHECK (side IN ('caisse', 'partner', 'system')),
    CONSTRAINT ck_appointments_during_bounded CHECK (NOT isempty(during) AND NOT lower_inf(during) AND NOT
        upper_inf(during)),
    CONSTRAINT ck_appointments_starts_with_its_time CHECK (starts_at = lower(during)),
    CONSTRAINT ck_appointments_a_person_or_an_activity CHECK ((person_id IS NULL) = (activity IS NOT NULL)),
    CONSTRAINT ck_appointments_kind_for_a_person CHECK ((person_id IS NULL) = (kind_id IS NULL)),
    CONSTRAINT ck_appointments_partner_has_structure CHECK (side <> 'partner' OR structure_id IS NOT NULL)
);
CREATE INDEX ix_appointments_person ON appointments (caisse, person_id, starts_at DESC);
CREATE INDEX ix_appointments_sent ON appointments (caisse, structure_id, starts_at DESC, id DESC);
CREATE INDEX ix_appointments_to_remind ON appointments (reminder_due_on, id) WHERE state = 'booked' AND reminded_at
        IS NULL AND reminder_due_on IS NOT NULL;
CREATE INDEX ix_appointments_week ON appointments (caisse, calendar_id, starts_at, id);

CREATE TABLE appointment_events (
    caisse text NOT NULL,
    appointment_id uuid NOT NULL,
    id uuid NOT NULL,
    structure_id uuid,
    at timestamptz NOT NULL,
    side text NOT NULL,
    actor text NOT NULL,
    role text NOT NULL,
    verb text NOT NULL,
    from_state text,
    to_state text NOT NULL,
    reason text,
    CONSTRAINT pk_appointment_events PRIMARY KEY (caisse, appointment_id, id),
    CONSTRAINT fk_appointment_events_caisse_appointment_id_appointments FOREIGN KEY (caisse, appointment_id)
        REFERENCES appointments (caisse, id) ON DELETE CASCADE,
    CONSTRAINT fk_appointment_events_caisse_appointment_id_structure_i_6382 FOREIGN KEY (caisse, appointment_id,
        structure_id) REFERENCES appointments (caisse, id, structure_id) ON DELETE CASCADE,
    CONSTRAINT ck_appointment_events_verb_code CHECK (verb IN ('book', 'cancel_by_service', 'cancel_for_person',
        'excuse', 'miss', 'move', 'see')),
    CONSTRAINT ck_appointment_events_side_code CHECK (side IN ('caisse', 'partner', 'system')),
    CONSTRAINT ck_appointment_events_reason_code CHECK (reason IN ('done_elsewhere', 'mistake', 'no_longer_needed',
        'other', 'person_unavailable', 'place_closed', 'staff_absent'))
);

CREATE TABLE rentals (
    caisse text NOT NULL,
    appointment_id uuid NOT NULL,
    organisation text NOT NULL,
    contract_reference text NOT NULL,
    amount_cents integer NOT NULL,
    CONSTRAINT pk_rentals PRIMARY KEY (caisse, appointment_id),
    CONSTRAINT fk_rentals_caisse_appointment_id_appointments FOREIGN KEY (caisse, appointment_id) REFERENCES
        appointments (caisse, id) ON DELETE CASCADE,
    CONSTRAINT ck_rentals_amount_not_negative CHECK (amount_cents >= 0)
);
"""

# Whoever looks for a free slot must know which places are taken, and nothing of who took them: a partner sees no
# row of another structure. So the answer comes from a function that reads past the policies, in one caisse.
_HELD = """
CREATE FUNCTION held_places(wanted uuid, first timestamptz, last timestamptz)
RETURNS TABLE (place smallint, from_at timestamptz, until_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = '' AS $$
    SELECT a.place, lower(a.during), upper(a.during) FROM public.appointments AS a
    WHERE a.caisse = current_setting('app.caisse', true) AND a.calendar_id = wanted
        AND a.during OPERATOR(pg_catalog.&&) tstzrange(first, last)
        AND a.state IN ('booked', 'excused', 'no_show', 'seen')
$$;
REVOKE ALL ON FUNCTION held_places(uuid, timestamptz, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION held_places(uuid, timestamptz, timestamptz)
    TO accompaniments_partner, accompaniments_agent, accompaniments_system;
"""


def upgrade() -> None:
    op.execute(_TABLES)
    op.execute(_HELD)
    change, add = "SELECT, INSERT, UPDATE", "SELECT, INSERT"
    ours = Policy(change, SAME_CAISSE)
    for table in ("calendars", "appointment_kinds"):
        secure(SERVICE, table, {"partner": Policy("SELECT", SAME_CAISSE), "agent": ours})
    for table in ("calendar_rules", "calendar_exceptions"):
        replaced = Policy("SELECT, INSERT, DELETE", SAME_CAISSE)
        secure(SERVICE, table, {"partner": Policy("SELECT", SAME_CAISSE), "agent": replaced})
    secure(SERVICE, "calendar_feeds", {"agent": ours})
    secure(SERVICE, "appointments", {"partner": Policy(change, SAME_STRUCTURE), "agent": ours})
    # What happened, and what was agreed, is added to and never changed.
    secure(SERVICE, "appointment_events", {"partner": Policy(add, SAME_STRUCTURE), "agent": Policy(add, SAME_CAISSE)})
    secure(SERVICE, "rentals", {"agent": Policy(add, SAME_CAISSE)})


def downgrade() -> None:
    op.execute("DROP FUNCTION held_places(uuid, timestamptz, timestamptz)")
    for table in (
        "rentals",
        "appointment_events",
        "appointments",
        "calendar_feeds",
        "appointment_kinds",
        "calendar_exceptions",
        "calendar_rules",
        "calendars",
    ):
        op.execute(f"DROP TABLE {table}")
