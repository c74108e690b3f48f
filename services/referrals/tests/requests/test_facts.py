"""Facts about requests: closed by codes, and none with room for what people wrote."""

from servicekit.fact_schemas import fact_schemas


def test_no_fact_has_room_for_free_text() -> None:
    assert set(fact_schemas("referrals_service")) >= {
        "request.submitted.v1.json",
        "request.taken.v1.json",
        "request.released.v1.json",
        "referral.accepted.v1.json",
        "request.refused.v1.json",
        "request.redirected.v1.json",
        "request.withdrawn.v1.json",
        "request.message_posted.v1.json",
        "request.first_contact_late.v1.json",
    }
