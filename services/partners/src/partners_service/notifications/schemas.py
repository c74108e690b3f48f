"""What is sent and answered about notifications. Outputs have no default."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from partners_service.notifications.kinds import NotificationChannel, NotificationKind


class NotificationOut(BaseModel):
    """Something that happened to a request or to an appointment, which is read where it is."""

    id: UUID
    kind: NotificationKind
    request_id: UUID | None
    appointment_id: UUID | None
    at: datetime
    read_at: datetime | None


class Unread(BaseModel):
    """How many are unread; `more` says the counting stopped there."""

    count: int
    more: bool


class ReadIn(BaseModel):
    """Which are read; null: all of them."""

    model_config = ConfigDict(extra="forbid")

    ids: Annotated[list[UUID], Field(min_length=1, max_length=100)] | None


class Choice(BaseModel):
    """How a kind reaches me."""

    model_config = ConfigDict(extra="forbid")

    kind: NotificationKind
    channel: NotificationChannel


class ChoicesIn(BaseModel):
    """Every choice to change; the others stay."""

    model_config = ConfigDict(extra="forbid")

    choices: Annotated[list[Choice], Field(min_length=1, max_length=20)]


class UndeliveredMail(BaseModel):
    """An e-mail that did not arrive: to whom, and with which refusal of the mail server, if any."""

    id: UUID
    account_id: UUID
    display_name: str
    email: str
    structure_id: UUID | None
    attempts: int
    refused_with: int | None
    created_at: datetime
