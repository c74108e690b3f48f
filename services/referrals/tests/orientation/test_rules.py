"""What the rules say, written apart from the table: each id, a case, and where the orientation must send it."""

import pytest

from referrals_service.orientation.codes import NextStep as Step
from referrals_service.orientation.engine import walk
from referrals_service.orientation.soundness import usual_facts
from referrals_service.orientation.table import tables

TABLE = tables()[-1]
TRAINED = {"urgent_door": "open"}

EMPLOYEE = {"scheme": "regime_general"}
URGENT_C2S = {"need": "rights", "right": "c2s", "rights_state": "not_claimed", "care": "urgent"}
DAILY = {"need": "money", "expense": "daily_life"}
CARE_COST = {"need": "money", "expense": "care_cost"}
IJ = {"need": "income", "income": "daily_allowance", **EMPLOYEE}
INVALIDITY = {"need": "income", "income": "invalidity", **EMPLOYEE}
HOSPITAL = {"need": "home", "home_need": "hospital", **EMPLOYEE}
ILL = {"need": "home", "home_need": "illness", **EMPLOYEE}
ACTION = {"need": "work", "work": "paid_leave", "wish": "action", **EMPLOYEE}
DOCUMENT = {"need": "document", "document": "attestation_droits"}
CARD = {"need": "document", "document": "carte_vitale"}
C2S_OPEN = {"need": "rights", "right": "c2s", "rights_state": "open"}
CARE = {"need": "care", **EMPLOYEE, "situation": "simple"}
AME = {"need": "rights", "right": "ame"}
AGED = {"need": "home", "home_need": "autonomy_loss", "age": "60_or_more"}
MAYOTTE = {"territory": "mayotte"}

CASES: list[tuple[str, dict[str, str], dict[str, str], str, Step]] = [
    # rule, facts, answers, who takes it, what to do
    ("ESP-02", {}, {"need": "follow_up", "autonomy": "not_alone"}, "peu", Step.FOLLOW_UP),
    ("ESP-02", {}, {"need": "prevention", "age": "26_59"}, "ces", Step.APPOINTMENT),
    ("ESP-03", {}, {**URGENT_C2S, "care": "can_wait", "autonomy": "not_alone"}, "gdb", Step.SEND_FILE),
    ("ESP-05", {}, {**CARD, "autonomy": "not_alone"}, "accueil", Step.APPOINTMENT),
    ("ESP-06", {}, {**DOCUMENT, "autonomy": "blocked"}, "gdb", Step.DOCUMENT),
    ("ESP-10", {}, {"need": "question"}, "peu", Step.CONTACT),
    ("ESP-11", {}, {**DOCUMENT, "autonomy": "alone"}, "cpam_ameli", Step.SELF_SERVICE),
    ("ESP-11", {}, {**C2S_OPEN, "autonomy": "alone"}, "cpam_ameli", Step.SELF_SERVICE),
    ("ESP-13", {}, {"need": "rights", "right": "c2s", "rights_state": "in_progress"}, "peu", Step.FOLLOW_UP),
    ("LUP-01", TRAINED, URGENT_C2S, "lup", Step.URGENT),
    ("LUP-01", {}, URGENT_C2S, "gdb", Step.SEND_FILE),
    ("LUP-02", TRAINED, {**URGENT_C2S, "rights_state": "ending"}, "lup", Step.URGENT),
    ("LUP-02", TRAINED, {**URGENT_C2S, "care": "can_wait", "autonomy": "not_alone"}, "gdb", Step.SEND_FILE),
    ("LUP-02", TRAINED, {**URGENT_C2S, "rights_state": "open", "autonomy": "not_alone"}, "gdb", Step.SEND_FILE),
    ("LUP-03", TRAINED, {"need": "follow_up", "care": "urgent"}, "lup", Step.URGENT),
    ("LUP-04", TRAINED, {**IJ, "payment": "unpaid_over_30"}, "lup", Step.URGENT),
    ("LUP-04", TRAINED, {**IJ, "payment": "unpaid_under_30"}, "peu", Step.FOLLOW_UP),
    ("LUP-05", TRAINED, {**INVALIDITY, "pension": "suspended"}, "lup", Step.URGENT),
    ("LUP-05", TRAINED, {**INVALIDITY, "pension": "request_over_2_months"}, "lup", Step.URGENT),
    ("LUP-05", TRAINED, {**INVALIDITY, "pension": "request_under_2_months"}, "peu", Step.FOLLOW_UP),
    ("LUP-07", TRAINED, {**AME, "rights_state": "ending", "care": "urgent"}, "lup", Step.URGENT),
    ("LUP-08", TRAINED, {"need": "care", "scheme": "none", "care": "urgent"}, "lup", Step.URGENT),
    ("MIS-02", {}, {**CARE, "obstacle": "procedures"}, "misas", Step.MISAS_REFERRAL),
    ("MIS-13", {}, {"need": "care", "scheme": "ti", "obstacle": "cost"}, "misas", Step.MISAS_REFERRAL),
    ("MIS-15", {}, {"need": "care", **EMPLOYEE, "situation": "complex"}, "ss", Step.SS_REFERRAL),
    ("ALD-01", {}, {**CARE, "obstacle": "no_doctor"}, "misas", Step.MISAS_REFERRAL),
    ("ASS-05", {}, {"need": "life", "topic": "family"}, "caf", Step.OUTSIDE),
    ("ASS-13", {}, {"need": "money", "expense": "disability"}, "mdph", Step.OUTSIDE),
    ("AFD-01", {}, {**DAILY, **EMPLOYEE, "leave": "none"}, "ccas", Step.OUTSIDE),
    ("AFD-02", {}, {**DAILY, **EMPLOYEE, "leave": "long_paid", "previous_aid": "none"}, "ass", Step.AID),
    ("AFD-02", {}, {**DAILY, **EMPLOYEE, "leave": "short"}, "ss", Step.SS_REFERRAL),
    ("AFD-03", {}, {**DAILY, **EMPLOYEE, "leave": "long_paid", "previous_aid": "recent"}, "ccas", Step.OUTSIDE),
    ("TI-01", {}, {**DAILY, "scheme": "ti"}, "ass", Step.AID),
    ("TER-01", {}, {"need": "money", "expense": "trauma", **EMPLOYEE}, "ass", Step.AID),
    ("ALDA-01", {}, {"need": "money", "expense": "ald", **EMPLOYEE}, "ass", Step.AID),
    ("PDPA-01", {}, {"need": "money", "expense": "work_bonus", **EMPLOYEE}, "ass", Step.AID),
    ("OC-01", {}, {"need": "money", "expense": "top_up", **EMPLOYEE, "cover": "refused"}, "ass", Step.AID),
    ("TEC-01", {}, {**CARE_COST, **EMPLOYEE, "cover": "mutual"}, "ass", Step.AID),
    ("TEC-02", {}, {**CARE_COST, "scheme": "msa"}, "own_scheme", Step.OUTSIDE),
    ("TEC-02", {}, {**CARE_COST, "scheme": "slm", "cover": "mutual"}, "ass", Step.AID),
    ("TEC-03", {}, {**CARE_COST, **EMPLOYEE, "cover": "c2s", "basket": "yes"}, "misas", Step.MISAS_REFERRAL),
    ("TEC-03", {}, {**CARE_COST, **EMPLOYEE, "cover": "c2s", "basket": "no"}, "ass", Step.AID),
    ("TEC-04", {}, {**CARE_COST, "scheme": "ame"}, "misas", Step.MISAS_REFERRAL),
    ("DOM-01", {}, {**ILL, "retired": "no", "child": "no"}, "ass", Step.AID),
    ("DOM-01", {}, {"need": "home", "home_need": "daily_help", "retired": "no"}, "ccas", Step.OUTSIDE),
    ("DOM-02", {}, {**ILL, "retired": "no", "child": "yes"}, "caf", Step.OUTSIDE),
    ("DOM-02", {}, {**HOSPITAL, "retired": "no", "child": "yes"}, "caf", Step.OUTSIDE),
    ("DOM-03", {}, {**ILL, "retired": "yes"}, "caisse_retraite", Step.OUTSIDE),
    ("DOM-04", {}, {**ILL, "retired": "no", "child": "no"}, "ass", Step.AID),
    ("SP-01", {}, {"need": "home", "home_need": "end_of_life", **EMPLOYEE, "home_hospital": "yes"}, "ass", Step.AID),
    ("SP-01", {}, {"need": "home", "home_need": "end_of_life", **EMPLOYEE, "home_hospital": "no"}, "dac", Step.OUTSIDE),
    ("SS-01", {}, {"need": "care", "scheme": "msa"}, "own_scheme", Step.OUTSIDE),
    ("SS-01", {}, {"need": "work", "work": "self_employed", "scheme": "ti"}, "ss", Step.SS_REFERRAL),
    ("SS-03", {}, {"need": "life", "topic": "aidant", **EMPLOYEE}, "ss", Step.SS_REFERRAL),
    ("SS-04", {}, {**IJ, "payment": "paid"}, "ss", Step.SS_REFERRAL),
    ("SS-04", {}, {**INVALIDITY, "pension": "info"}, "ss", Step.SS_REFERRAL),
    ("SS-14", {}, {**HOSPITAL, "retired": "no", "child": "no"}, "ass", Step.HOSPITAL_DISCHARGE),
    ("SS-15", {}, {**HOSPITAL, "retired": "yes"}, "carsat", Step.HOSPITAL_DISCHARGE),
    ("SS-17", {}, {"need": "work", "work": "no_contract"}, "france_travail", Step.OUTSIDE),
    ("SS-20", {}, {"need": "care", **EMPLOYEE, "situation": "complex"}, "ss", Step.SS_REFERRAL),
    ("SS-20", {}, {**C2S_OPEN, "autonomy": "blocked"}, "misas", Step.MISAS_REFERRAL),
    ("PDP-01", {}, {**ACTION, "residence": "75"}, "pdp", Step.PDP),
    ("PDP-01", {}, {**ACTION, "work": "other_contract"}, "ss", Step.SS_REFERRAL),
    ("PDP-04", {}, {**ACTION, "residence": "95"}, "pdp", Step.PDP),
    ("PDP-04", {}, {**ACTION, "residence": "63"}, "carsat", Step.OUTSIDE),
    ("COL-04", {}, {"need": "prevention", "age": "16_25"}, "ces", Step.APPOINTMENT),
    # The ten of SS-05, by the way through the questions.
    ("SS-05", {}, {"need": "rights", "right": "top_up_choice"}, "misas", Step.MISAS_REFERRAL),
    ("SS-05", {}, {**AME, "rights_state": "open"}, "cpam_ame_pass", Step.SEND_FILE),
    ("SS-05", {}, {**CARE_COST, **EMPLOYEE, "cover": "refused"}, "ass", Step.AID),
    ("SS-05", {}, {"need": "life", "topic": "maternity"}, "cpam_maternite", Step.CONTACT),
    ("SS-05", {}, {"need": "income", "income": "retirement"}, "carsat", Step.OUTSIDE),
    ("SS-05", {}, {"need": "document", "document": "attestation_employeur"}, "employeur_cpam", Step.OUTSIDE),
    ("SS-05", {}, {"need": "home", "home_need": "daily_help", "retired": "yes"}, "caisse_retraite", Step.OUTSIDE),
    ("SS-05", {}, {"need": "life", "topic": "housing"}, "siao_ccas", Step.OUTSIDE),
    ("SS-05", {}, AGED, "conseil_departemental", Step.OUTSIDE),
    ("SS-05", {}, {**CARD, "autonomy": "alone"}, "cpam_ameli", Step.SELF_SERVICE),
    # The AME does not exist in Mayotte, whatever else is answered.
    ("ESP-02", MAYOTTE, {"need": "rights", "right": "ame"}, "cssm", Step.OUTSIDE),
]  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "facts", "answers", "to", "step"), CASES, ids=[f"{case[0]}-{n}" for n, case in enumerate(CASES)]
)
def test_a_rule_sends_where_it_says(
    rule: str, facts: dict[str, str], answers: dict[str, str], to: str, step: Step
) -> None:
    found = walk(TABLE, usual_facts() | facts, answers)
    assert found.row is not None, found.question
    assert (found.row.to, found.row.step) == (to, step), (rule, found.row.id)


PDP_FILE = {**ACTION, "residence": "92"}
TOLD: list[tuple[str, dict[str, str]]] = [
    ("MIS-01", {"need": "care", "scheme": "none", "obstacle": "procedures"}),
    ("MIS-10", {**CARE, "obstacle": "no_doctor"}),
    ("MIS-11", {**CARE, "obstacle": "cost"}),
    ("MIS-12", {**CARE_COST, "scheme": "none"}),
    ("MIS-14", {"need": "prevention", "age": "60_or_more"}),
    ("MIS-16", {**CARE, "obstacle": "no_doctor"}),
    ("MIS-22", {"need": "care", "scheme": "none", "obstacle": "procedures"}),
    ("ASS-02", {**CARE_COST, "scheme": "slm", "cover": "mutual"}),
    ("ASS-03", {**CARE_COST, "scheme": "slm", "cover": "mutual"}),
    ("TEC-05", {**CARE_COST, "scheme": "slm", "cover": "mutual"}),
    ("TEC-06", {**CARE_COST, "scheme": "slm", "cover": "mutual"}),
    ("PDP-02", PDP_FILE),
    ("PDP-05", PDP_FILE),
    ("PDP-06", PDP_FILE),
    ("PDP-08", PDP_FILE),
    ("PDP-09", PDP_FILE),
]


@pytest.mark.parametrize(("rule", "answers"), TOLD, ids=[rule for rule, _ in TOLD])
def test_an_outcome_names_the_rule_it_tells(rule: str, answers: dict[str, str]) -> None:
    found = walk(TABLE, usual_facts(), answers)
    assert found.row is not None, found.question
    assert rule in found.row.rules


def test_no_aid_of_the_caisse_for_who_may_not_have_one() -> None:
    """TEC-02, TEC-04, SS-01: another scheme, the AME or no rights never end in an aid or at the social service."""
    from referrals_service.orientation.engine import next_of
    from referrals_service.orientation.soundness import facts_of

    def steps(known: dict[str, str]) -> set[str]:
        row, question = next_of(TABLE, known)
        if question is None:
            return {row.step} if known.get("scheme") in {"msa", "autre", "ame", "none"} else set()
        return set().union(*(steps({**known, question.code: c.code}) for c in question.choices))

    forbidden = {Step.AID, Step.SS_REFERRAL, Step.PDP, Step.HOSPITAL_DISCHARGE}
    for facts in facts_of(TABLE):
        assert steps(facts).isdisjoint(forbidden)
