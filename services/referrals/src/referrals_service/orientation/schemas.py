"""What is asked of the orientation, and what it answers. Codes of questions and choices are data: see the table."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from referrals_service.orientation.codes import NextStep, RefusedMotive

Code = Annotated[str, Field(max_length=40)]


class OrientationIn(BaseModel):
    """Everything answered so far. Coded answers about somebody who is not named: send nothing else."""

    model_config = ConfigDict(extra="forbid")

    answers: Annotated[Mapping[Code, Code], Field(max_length=40)] = {}


class ChoiceOut(BaseModel):
    """One answer that may be given."""

    code: str
    label: str
    help: str | None


class QuestionOut(BaseModel):
    """The question to ask next. `departments`: the choices are a long list of departments, to be picked from."""

    code: str
    text: str
    help: str | None
    departments: bool
    choices: Sequence[ChoiceOut]


class AnsweredOut(BaseModel):
    """A question that counted, and what was answered."""

    question: str
    text: str
    answer: str
    label: str


class DestinationOut(BaseModel):
    """Who takes it. `does` says how to reach a body outside the caisse."""

    code: str
    name: str
    who: str
    does: str | None
    outside: bool


class StepOut(BaseModel):
    """What to do. `fills`: codes with which the form of that kind of request may be opened."""

    kind: NextStep
    fills: Mapping[str, str]


class AlsoOut(BaseModel):
    """Something to do beside it."""

    kind: NextStep
    text: str


class Outcome(BaseModel):
    """Where to turn, and why; `rules` are ids of the rules that say so."""

    id: str
    destination: DestinationOut
    step: StepOut
    reason: str
    also: Sequence[AlsoOut]
    self_service: str | None
    rules: Sequence[str]


class OrientationAnswer(BaseModel):
    """Either the next question or the outcome. `most_left`: how many questions at most, that one counted."""

    version: str
    path: Sequence[AnsweredOut]
    question: QuestionOut | None
    outcome: Outcome | None
    most_left: int


class AcceptedMotiveOut(BaseModel):
    """A motive that the social service takes on."""

    code: str
    label: str


class RefusedMotiveOut(BaseModel):
    """A motive that it does not take, who does, and the answers from which the orientation goes on."""

    code: RefusedMotive
    label: str
    destination: DestinationOut
    goes_on: Mapping[str, str]
    rules: Sequence[str]


class SocialServiceMotives(BaseModel):
    """What a report to the social service may be about."""

    accepted: Sequence[AcceptedMotiveOut]
    refused: Sequence[RefusedMotiveOut]


class RefusedMotiveIn(BaseModel):
    """The motive that was stopped before the form."""

    model_config = ConfigDict(extra="forbid")

    motive: RefusedMotive


class Counted(BaseModel):
    """The stop is counted, without a word on who or what."""

    on_day: date


class RefusedMotiveTimes(BaseModel):
    """How often a motive was stopped before the form."""

    motive: RefusedMotive
    times: int
