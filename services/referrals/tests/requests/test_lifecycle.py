"""The transition table of the MisAS referral against workflows, section 3."""

from itertools import product

import pytest

from referrals_service.requests import labels
from referrals_service.requests.codes import CoarseState, MisasState, RequestKind, Turn, Verb
from referrals_service.requests.lifecycle import LIFECYCLES, MISAS, OPEN, TransitionRefused

SPECIFIED = {
    (MisasState.DRAFT, Verb.SUBMIT): MisasState.SUBMITTED,
    (MisasState.DRAFT, Verb.DISCARD): MisasState.WITHDRAWN,
    (MisasState.DRAFT, Verb.EXPIRE): MisasState.EXPIRED,
    (MisasState.SUBMITTED, Verb.TAKE): MisasState.RELEVANCE_REVIEW,
    (MisasState.SUBMITTED, Verb.ASSIGN): MisasState.RELEVANCE_REVIEW,
    (MisasState.SUBMITTED, Verb.WITHDRAW): MisasState.WITHDRAWN,
    (MisasState.RELEVANCE_REVIEW, Verb.TAKE): MisasState.RELEVANCE_REVIEW,
    (MisasState.RELEVANCE_REVIEW, Verb.ASSIGN): MisasState.RELEVANCE_REVIEW,
    (MisasState.RELEVANCE_REVIEW, Verb.RELEASE): MisasState.RELEVANCE_REVIEW,
    (MisasState.RELEVANCE_REVIEW, Verb.REMIND): MisasState.RELEVANCE_REVIEW,
    (MisasState.RELEVANCE_REVIEW, Verb.ACCEPT): MisasState.ACCEPTED,
    (MisasState.RELEVANCE_REVIEW, Verb.REFUSE): MisasState.REFUSED,
    (MisasState.RELEVANCE_REVIEW, Verb.REDIRECT): MisasState.REDIRECTED,
    (MisasState.RELEVANCE_REVIEW, Verb.WITHDRAW): MisasState.WITHDRAWN,
    (MisasState.REDIRECTED, Verb.TAKE): MisasState.REDIRECTED,
    (MisasState.ACCEPTED, Verb.ASSIGN): MisasState.ACCEPTED,
    (MisasState.REDIRECTED, Verb.ASSIGN): MisasState.REDIRECTED,
    (MisasState.REDIRECTED, Verb.RELEASE): MisasState.REDIRECTED,
}


@pytest.mark.parametrize(("state", "verb"), list(product(MisasState, Verb)))
def test_every_state_and_verb_is_decided(state: MisasState, verb: Verb) -> None:
    wanted = SPECIFIED.get((state, verb))
    assert MISAS.allows(state, verb) is (wanted is not None)
    if wanted is not None:
        assert MISAS.after(state, verb) == wanted
    else:
        with pytest.raises(TransitionRefused) as refused:
            MISAS.after(state, verb)
        assert refused.value.status == 409
        assert refused.value.detail


@pytest.mark.parametrize("kind", RequestKind)
def test_each_kind_says_what_the_partner_sees_of_each_state(kind: RequestKind) -> None:
    lifecycle = LIFECYCLES[kind]
    assert set(lifecycle.coarse) == set(lifecycle.turn) == set(lifecycle.transitions)
    assert {lifecycle.coarse[state] for state in lifecycle.open} <= OPEN
    assert all(lifecycle.turn[state] is Turn.CAISSE for state in lifecycle.open)


def test_the_partner_sees_the_five_states_of_the_specification_and_never_who_reviews() -> None:
    seen = [
        MISAS.coarse[state]
        for state in (
            MisasState.SUBMITTED,
            MisasState.RELEVANCE_REVIEW,
            MisasState.ACCEPTED,
            MisasState.REFUSED,
            MisasState.REDIRECTED,
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
    assert set(labels.AGENT) == set(MisasState)
