"""What partners publishes about bodies."""

from typing import Annotated, Literal

from pydantic import Field

from partners_service.codes import BodyKind
from partners_service.facts import BodyCode, DepartmentCode, Nothing, Part
from servicekit.facts import Fact


class Body(Part):
    """A tenant: where it is, and which regional body carries its social service."""

    kind: BodyKind
    departments: list[DepartmentCode]
    social_service: BodyCode | None
    time_zone: Annotated[str, Field(pattern=r"^[A-Za-z]+/[A-Za-z_]+$")]


class BodyDescribed(Fact[Nothing, Body]):
    """A body entered the reference data or changed in it; the latest description holds."""

    type: Literal["body.described"] = "body.described"
