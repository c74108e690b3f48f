"""The transition tables of every kind against workflows, sections 2, 3, 5 and 8."""

from itertools import product

import pytest

from referrals_service.requests import labels
from referrals_service.requests.codes import CoarseState, RequestKind, RequestState, Turn, Verb
from referrals_service.requests.lifecycle import COARSE, LIFECYCLES, OPEN, RUNNING, TransitionRefused, turn_in

SPECIFIED = {
    (RequestState.DRAFT, Verb.SUBMIT): RequestState.SUBMITTED,
    (RequestState.DRAFT, Verb.DISCARD): RequestState.WITHDRAWN,
    (RequestState.DRAFT, Verb.EXPIRE): RequestState.EXPIRED,
    (RequestState.SUBMITTED, Verb.TAKE): RequestState.RELEVANCE_REVIEW,
    (RequestState.SUBMITTED, Verb.ASSIGN): RequestState.RELEVANCE_REVIEW,
    (RequestState.SUBMITTED, Verb.WITHDRAW): RequestState.WITHDRAWN,
    (RequestState.SUBMITTED, Verb.REMIND): RequestState.SUBMITTED,
    (RequestState.RELEVANCE_REVIEW, Verb.TAKE): RequestState.RELEVANCE_REVIEW,
    (RequestState.RELEVANCE_REVIEW, Verb.ASSIGN): RequestState.RELEVANCE_REVIEW,
    (RequestState.RELEVANCE_REVIEW, Verb.RELEASE): RequestState.RELEVANCE_REVIEW,
    (RequestState.RELEVANCE_REVIEW, Verb.REMIND): RequestState.RELEVANCE_REVIEW,
    (RequestState.RELEVANCE_REVIEW, Verb.ACCEPT): RequestState.ACCEPTED,
    (RequestState.RELEVANCE_REVIEW, Verb.REFUSE): RequestState.REFUSED,
    (RequestState.RELEVANCE_REVIEW, Verb.REDIRECT): RequestState.REDIRECTED,
    (RequestState.RELEVANCE_REVIEW, Verb.WITHDRAW): RequestState.WITHDRAWN,
    (RequestState.REDIRECTED, Verb.TAKE): RequestState.REDIRECTED,
    (RequestState.ACCEPTED, Verb.ASSIGN): RequestState.ACCEPTED,
    (RequestState.REDIRECTED, Verb.ASSIGN): RequestState.REDIRECTED,
    (RequestState.REDIRECTED, Verb.RELEASE): RequestState.REDIRECTED,
}


_S, _V = RequestState, Verb

PORTAL = {
    (_S.DRAFT, _V.SUBMIT): _S.SUBMITTED,
    (_S.DRAFT, _V.DISCARD): _S.WITHDRAWN,
    (_S.DRAFT, _V.EXPIRE): _S.EXPIRED,
    (_S.SUBMITTED, _V.TAKE): _S.IN_PROGRESS,
    (_S.SUBMITTED, _V.ASSIGN): _S.IN_PROGRESS,
    (_S.SUBMITTED, _V.WITHDRAW): _S.WITHDRAWN,
    (_S.SUBMITTED, _V.REMIND): _S.SUBMITTED,
    (_S.SUBMITTED, _V.VOID): _S.ENTERED_IN_ERROR,
    (_S.IN_PROGRESS, _V.TAKE): _S.IN_PROGRESS,
    (_S.IN_PROGRESS, _V.ASSIGN): _S.IN_PROGRESS,
    (_S.IN_PROGRESS, _V.RELEASE): _S.IN_PROGRESS,
    (_S.IN_PROGRESS, _V.REMIND): _S.IN_PROGRESS,
    (_S.IN_PROGRESS, _V.ASK): _S.WAITING_PARTNER,
    (_S.IN_PROGRESS, _V.ANSWER): _S.ANSWERED,
    (_S.IN_PROGRESS, _V.REJECT): _S.REJECTED,
    (_S.IN_PROGRESS, _V.REDIRECT): _S.SUBMITTED,
    (_S.IN_PROGRESS, _V.TRANSFER): _S.REDIRECTED,
    (_S.IN_PROGRESS, _V.WITHDRAW): _S.WITHDRAWN,
    (_S.IN_PROGRESS, _V.VOID): _S.ENTERED_IN_ERROR,
    (_S.WAITING_PARTNER, _V.TAKE): _S.WAITING_PARTNER,
    (_S.WAITING_PARTNER, _V.ASSIGN): _S.WAITING_PARTNER,
    (_S.WAITING_PARTNER, _V.RELEASE): _S.WAITING_PARTNER,
    (_S.WAITING_PARTNER, _V.REMIND): _S.WAITING_PARTNER,
    (_S.WAITING_PARTNER, _V.COMPLETE): _S.IN_PROGRESS,
    (_S.WAITING_PARTNER, _V.ANSWER): _S.ANSWERED,
    (_S.WAITING_PARTNER, _V.REJECT): _S.REJECTED,
    (_S.WAITING_PARTNER, _V.CLOSE): _S.CLOSED,
    (_S.WAITING_PARTNER, _V.WITHDRAW): _S.WITHDRAWN,
    (_S.WAITING_PARTNER, _V.VOID): _S.ENTERED_IN_ERROR,
    (_S.ANSWERED, _V.CLOSE): _S.CLOSED,
    (_S.ANSWERED, _V.REOPEN): _S.IN_PROGRESS,
    (_S.ANSWERED, _V.ASSIGN): _S.ANSWERED,
    (_S.CLOSED, _V.REOPEN): _S.IN_PROGRESS,
    (_S.REJECTED, _V.REOPEN): _S.IN_PROGRESS,
}
URGENT = {
    step: to for step, to in PORTAL.items() if step[0] is not _S.SUBMITTED and step[1] not in {_V.REDIRECT, _V.TRANSFER}
} | {
    (_S.DRAFT, _V.MAKE_ORDINARY): _S.DRAFT,
    (_S.SUBMITTED, _V.TAKE): _S.QUALIFICATION,
    (_S.SUBMITTED, _V.ASSIGN): _S.QUALIFICATION,
    (_S.SUBMITTED, _V.WITHDRAW): _S.WITHDRAWN,
    (_S.SUBMITTED, _V.REMIND): _S.SUBMITTED,
    (_S.SUBMITTED, _V.VOID): _S.ENTERED_IN_ERROR,
    (_S.QUALIFICATION, _V.TAKE): _S.QUALIFICATION,
    (_S.QUALIFICATION, _V.ASSIGN): _S.QUALIFICATION,
    (_S.QUALIFICATION, _V.RELEASE): _S.QUALIFICATION,
    (_S.QUALIFICATION, _V.REMIND): _S.QUALIFICATION,
    (_S.QUALIFICATION, _V.QUALIFY): _S.IN_PROGRESS,
    (_S.QUALIFICATION, _V.MAKE_ORDINARY): _S.SUBMITTED,
    (_S.QUALIFICATION, _V.REJECT): _S.REJECTED,
    (_S.QUALIFICATION, _V.WITHDRAW): _S.WITHDRAWN,
    (_S.QUALIFICATION, _V.VOID): _S.ENTERED_IN_ERROR,
}
SOCIAL = {
    (_S.DRAFT, _V.SUBMIT): _S.SUBMITTED,
    (_S.DRAFT, _V.DISCARD): _S.WITHDRAWN,
    (_S.DRAFT, _V.EXPIRE): _S.EXPIRED,
    (_S.SUBMITTED, _V.TAKE): _S.TRIAGE,
    (_S.SUBMITTED, _V.ASSIGN): _S.TRIAGE,
    (_S.SUBMITTED, _V.WITHDRAW): _S.WITHDRAWN,
    (_S.SUBMITTED, _V.REMIND): _S.SUBMITTED,
    (_S.SUBMITTED, _V.VOID): _S.ENTERED_IN_ERROR,
    (_S.SUBMITTED, _V.TAKE_ON): _S.TAKEN_ON,
    (_S.SUBMITTED, _V.END): _S.ENDED,
    (_S.TRIAGE, _V.TAKE): _S.TRIAGE,
    (_S.TRIAGE, _V.ASSIGN): _S.TRIAGE,
    (_S.TRIAGE, _V.RELEASE): _S.TRIAGE,
    (_S.TRIAGE, _V.REMIND): _S.TRIAGE,
    (_S.TRIAGE, _V.TAKE_ON): _S.TAKEN_ON,
    (_S.TRIAGE, _V.END): _S.ENDED,
    (_S.TRIAGE, _V.WITHDRAW): _S.WITHDRAWN,
    (_S.TRIAGE, _V.VOID): _S.ENTERED_IN_ERROR,
    (_S.TAKEN_ON, _V.TAKE): _S.TAKEN_ON,
    (_S.TAKEN_ON, _V.ASSIGN): _S.TAKEN_ON,
    (_S.TAKEN_ON, _V.RELEASE): _S.TAKEN_ON,
    (_S.TAKEN_ON, _V.END): _S.ENDED,
}
BY_KIND = dict.fromkeys(RequestKind, PORTAL) | {
    RequestKind.MISAS_REFERRAL: SPECIFIED,
    RequestKind.URGENT: URGENT,
    RequestKind.SS_REFERRAL: SOCIAL,
}


@pytest.mark.parametrize("kind", RequestKind)
def test_every_state_and_verb_is_decided(kind: RequestKind) -> None:
    lifecycle = LIFECYCLES[kind]
    for state, verb in product(lifecycle.transitions, Verb):
        wanted = BY_KIND[kind].get((RequestState(state), verb))
        assert lifecycle.allows(state, verb) is (wanted is not None), (state, verb)
        if wanted is not None:
            assert lifecycle.after(state, verb) == wanted
            continue
        with pytest.raises(TransitionRefused) as refused:
            lifecycle.after(state, verb)
        assert refused.value.status == 409
        assert refused.value.detail


@pytest.mark.parametrize("kind", RequestKind)
def test_no_step_leaves_the_kind_and_every_state_is_reached(kind: RequestKind) -> None:
    lifecycle = LIFECYCLES[kind]
    reached, ahead = {lifecycle.initial}, [lifecycle.initial]
    while ahead:
        for after in lifecycle.transitions[ahead.pop()].values():
            if after not in reached:
                reached.add(after)
                ahead.append(after)
    assert reached == set(lifecycle.transitions)


def test_it_is_the_caisses_turn_while_its_clock_runs() -> None:
    assert set(COARSE) == set(RequestState)
    for state in RequestState:
        assert (turn_in(state) is Turn.CAISSE) is (COARSE[state] in RUNNING), state
    assert {CoarseState.WAITING_PARTNER} == OPEN - RUNNING
    assert turn_in(RequestState.WAITING_PARTNER) is Turn.PARTNER


def test_of_a_social_service_the_partner_sees_received_taken_on_ended_and_no_more() -> None:
    """SS-11."""
    inside = {_S.SUBMITTED, _S.TRIAGE, _S.TAKEN_ON, _S.ENDED}
    assert {labels.PARTNER[COARSE[state]] for state in inside} == {"Reçue", "Prise en charge", "Terminée"}


def test_the_partner_sees_the_five_states_of_the_specification_and_never_who_reviews() -> None:
    seen = [
        COARSE[state]
        for state in (
            RequestState.SUBMITTED,
            RequestState.RELEVANCE_REVIEW,
            RequestState.ACCEPTED,
            RequestState.REFUSED,
            RequestState.REDIRECTED,
        )
    ]
    assert [labels.PARTNER[state] for state in seen] == [
        "Reçue",
        "À l'étude",
        "Prise en charge",
        "Non prise en charge",
        "Réorientée",
    ]
    assert set(labels.PARTNER) == set(CoarseState)
    assert set(labels.AGENT) == set(RequestState)
