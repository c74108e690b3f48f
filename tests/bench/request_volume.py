"""Answered referrals in number, one a person of the register, so that lists and numbers are searched at full size."""

from typing import Any
from uuid import UUID

import psycopg

_FILL = """
INSERT INTO requests (
    caisse, id, kind, topic, urgent, paused_days, silence,
    state, coarse, turn, queue, number, version, structure_id, author, person_id, detector_kind,
    detection_mode, detector_trained, created_at, updated_at, submitted_at, taken_at, decided_at, due_on, decision_days,
    last_event, last_event_at, unread_by_partner, unread_by_caisse
)
SELECT caisse, gen_random_uuid(), 'misas_referral', '', false, 0, 0, 'accepted', 'taken_on', 'nobody', 'misas',
       caisse || '-2025-' || lpad(number::text, 7, '0'), 4, structure_id, 'bench', id, 'association', 'external', true,
       at, at, at, at, at, at::date, 2, 'accept', at, 0, 0
FROM (
    SELECT *, timestamptz '2025-01-01 08:00+01' + number * interval '20 seconds' AS at
    FROM persons WHERE caisse = %s AND created_by = 'bench'
) AS everybody
ON CONFLICT DO NOTHING
"""


def fill(connection: psycopg.Connection[Any], caisse: str) -> int:
    """Give every person of the bench one answered referral; return how many requests there are then."""
    connection.execute("SET LOCAL session_replication_role = replica")
    connection.execute(_FILL, (caisse,))
    connection.commit()
    connection.execute("ANALYZE requests")
    connection.commit()
    row = connection.execute("SELECT count(*) FROM requests").fetchone()
    assert row is not None
    return int(row[0])


def numbers(connection: psycopg.Connection[Any], caisse: str, structure: UUID, count: int) -> list[str]:
    """Return numbers of requests of a structure."""
    found = connection.execute(
        "SELECT number FROM requests WHERE caisse = %s AND structure_id = %s AND number IS NOT NULL "
        "ORDER BY md5(number) LIMIT %s",
        (caisse, structure, count),
    )
    return [row[0] for row in found]
