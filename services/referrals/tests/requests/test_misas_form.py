"""What a MisAS referral must hold to be sent (workflows, section 3), on the two printed examples."""

from copy import deepcopy
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from referrals_service.requests import statements
from referrals_service.requests.codes import CareType, ReferralScope, RenunciationReason
from referrals_service.requests.forms.misas import MisasForm, MisasFormIn, coded
from referrals_service.requests.forms.parts import Circumstances, require_complete, warnings_of
from servicekit.errors import Invalid

TODAY = date(2026, 3, 12)
VERSION = statements.current_statement(TODAY).version

# Worked example 1: renounces care globally, out-of-pocket cost, complex procedures, daughter's health first.
DIEGO: dict[str, Any] = {
    "kind": "misas_referral",
    "scopes": ["renoncement_soins", "acces_droits"],
    "motives": ["attribuer_expliciter_droits", "plan_aide_financiere"],
    "renounced_care": [
        {
            "care_type": "other",
            "detail": "soins globalement",
            "reasons": ["out_of_pocket", "complex_procedures", "priority_to_relative"],
        }
    ],
    "situation_note": "En instance de divorce, a la garde de sa fille. Perdu dans les démarches en ligne.",
    "informed": {
        "informed_on": "2026-03-10",
        "agrees_to_be_called": True,
        "channel": "in_person",
        "statement_version": VERSION,
    },
    "phone": "06 12 34 56 78",
    "best_time": "après 18 h",
}

# Worked example 2: needs prosthetic dental care; out-of-pocket cost too high, no top-up insurance.
VANESSA: dict[str, Any] = DIEGO | {
    "renounced_care": [{"care_type": "dental_prosthesis", "reasons": ["out_of_pocket", "no_complementary"]}],
    "motives": ["attribuer_expliciter_droits", "orienter_ps", "plan_aide_financiere"],
    "situation_note": "Mère d'un enfant de 2 ans, étudiante. Carte Vitale perdue, pas de médecin traitant.",
}


def sent(form: dict[str, Any], today: date = TODAY) -> MisasForm:
    typed = MisasFormIn.model_validate(form)
    require_complete(typed, Circumstances(today, "31"))
    return coded(typed)


def refused(form: dict[str, Any]) -> dict[str, str | None]:
    with pytest.raises(Invalid) as refusal:
        sent(form)
    errors = refusal.value.extra["errors"]
    assert isinstance(errors, list)
    found: dict[str, str | None] = {}
    for error in errors:
        assert isinstance(error, dict)
        assert error["message"]
        field, rule = error["field"], error["rule"]
        assert isinstance(field, str)
        assert rule is None or isinstance(rule, str)
        found[field] = rule
    return found


def test_the_first_worked_example_can_be_sent() -> None:
    form = sent(DIEGO)
    assert form.scopes == (ReferralScope.RENONCEMENT_SOINS, ReferralScope.ACCES_DROITS)
    [care] = form.renounced_care
    assert (care.care_type, care.detail) == (CareType.OTHER, "soins globalement")
    assert care.reasons == (
        RenunciationReason.OUT_OF_POCKET,
        RenunciationReason.COMPLEX_PROCEDURES,
        RenunciationReason.PRIORITY_TO_RELATIVE,
    )
    assert form.phone == "+33612345678"
    assert form.informed_on == date(2026, 3, 10)


def test_the_second_worked_example_can_be_sent() -> None:
    [care] = sent(VANESSA).renounced_care
    assert care.care_type is CareType.DENTAL_PROSTHESIS
    assert care.reasons == (RenunciationReason.OUT_OF_POCKET, RenunciationReason.NO_COMPLEMENTARY)


def test_an_empty_form_is_refused_with_every_error_at_once() -> None:
    assert refused({"kind": "misas_referral"}) == {
        "scopes": "MIS-02",
        "motives": "MIS-03",
        "informed.informed_on": "MIS-22",
        "informed.agrees_to_be_called": "MIS-22",
        "informed.channel": "MIS-22",
        "informed.statement_version": "MIS-22",
        "phone": "MIS-06",
    }


def with_(**changes: Any) -> dict[str, Any]:
    form = deepcopy(DIEGO)
    for path, value in changes.items():
        *parents, last = path.split("__")
        place: Any = form
        for parent in parents:
            place = place[int(parent) if parent.isdecimal() else parent]
        place[last] = value
    return form


@pytest.mark.parametrize(
    ("form", "field", "rule"),
    [
        (with_(scopes=[]), "scopes", "MIS-02"),
        (with_(motives=[]), "motives", "MIS-03"),
        (with_(renounced_care=[]), "renounced_care", "MIS-02"),
        (with_(renounced_care__0__reasons=[]), "renounced_care.0.reasons", "MIS-02"),
        (with_(renounced_care__0__care_type=None), "renounced_care.0.care_type", "MIS-02"),
        (with_(renounced_care__0__detail="  "), "renounced_care.0.detail", "MIS-02"),
        (with_(informed__informed_on="2026-03-13"), "informed.informed_on", "MIS-22"),
        (with_(informed__informed_on=None), "informed.informed_on", "MIS-22"),
        (with_(informed__agrees_to_be_called=False), "informed.agrees_to_be_called", "MIS-22"),
        (with_(informed__agrees_to_be_called=None), "informed.agrees_to_be_called", "MIS-22"),
        (with_(informed__channel=None), "informed.channel", "MIS-22"),
        (with_(informed__statement_version="1789-1"), "informed.statement_version", "MIS-22"),
        (with_(phone=None), "phone", "MIS-06"),
        (with_(phone="12"), "phone", "MIS-06"),
    ],
)
def test_each_datum_is_required_by_its_rule(form: dict[str, Any], field: str, rule: str) -> None:
    assert refused(form) == {field: rule}


def test_renounced_care_is_asked_for_only_when_the_scope_includes_it() -> None:
    assert sent(with_(scopes=["acces_droits"], renounced_care=[])).renounced_care == ()


def test_being_told_today_is_allowed_and_today_is_the_caisses() -> None:
    assert sent(with_(informed__informed_on="2026-03-12")).informed_on == TODAY


def test_what_is_ticked_twice_counts_once() -> None:
    assert sent(with_(scopes=["acces_droits", "acces_droits"], renounced_care=[])).scopes == (
        ReferralScope.ACCES_DROITS,
    )


@pytest.mark.parametrize(
    "spoilt",
    [
        {"scopes": ["bien_etre"]},
        {"medical_file": "…"},
        {"renounced_care": [{"care_type": "dental", "diagnosis": "…"}]},
        {"situation_note": "x" * 2001},
        {"situation_note": "Son numéro est 2 55 08 14 168 025 38"},
        {"detector_note": "NIR 178059933010817"},
        {"phone": "0" * 201},
        {"phone": "06\x00"},
        {"phone": "178059933010817"},
        {"informed": {"statement_version": "2022\x00"}},
        {"renounced_care": [{}] * 21},
    ],
)
def test_even_a_draft_takes_only_what_the_form_has(spoilt: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        MisasFormIn.model_validate(spoilt)


def test_a_medical_word_is_pointed_at_and_does_not_keep_from_sending() -> None:
    form = MisasFormIn.model_validate(with_(situation_note="Suivie pour une dépression depuis 2024."))
    [warning] = warnings_of(form)
    assert (warning.field, warning.rule) == ("situation_note", "ESP-14")
    require_complete(form, Circumstances(TODAY, "31"))
    assert list(warnings_of(MisasFormIn.model_validate(DIEGO))) == []


PARTIAL = st.fixed_dictionaries(
    {"kind": st.just("misas_referral")},
    optional={
        "scopes": st.lists(st.sampled_from(list(ReferralScope)), max_size=4),
        "motives": st.lists(st.sampled_from(["orienter_ps", "guider_parcours"]), max_size=3),
        "renounced_care": st.lists(
            st.fixed_dictionaries(
                {},
                optional={
                    "care_type": st.sampled_from([None, *CareType]),
                    "detail": st.sampled_from([None, "", "soins globalement"]),
                    "reasons": st.lists(st.sampled_from(list(RenunciationReason)), max_size=3),
                },
            ),
            max_size=3,
        ),
        "phone": st.sampled_from([None, "", "0612345678", "abc"]),
        "informed": st.just(DIEGO["informed"]),
    },
)


@given(PARTIAL)
def test_a_form_is_either_sent_whole_or_refused_with_reasons(form: dict[str, Any]) -> None:
    draft = MisasFormIn.model_validate(form)
    errors = list(draft.errors(Circumstances(TODAY, "31")))
    if errors:
        with pytest.raises(Invalid):
            require_complete(draft, Circumstances(TODAY, "31"))
        return
    done = coded(draft)
    assert done.scopes
    assert done.motives
    assert len(done.renounced_care) == len(draft.renounced_care)
    assert all(care.reasons for care in done.renounced_care)
    assert ReferralScope.RENONCEMENT_SOINS not in done.scopes or done.renounced_care
