"""Bodies and units as they are shown, the same to every audience."""

from pydantic import BaseModel

from partners_service.codes import BodyKind, UnitKind


class BodyOut(BaseModel):
    """A caisse, or the social service of a region; `social_service` is the body that carries it for a caisse."""

    code: str
    name: str
    kind: BodyKind
    departments: list[str]
    social_service: str | None


class UnitOut(BaseModel):
    """A team of a body; several may be of one kind."""

    code: str
    name: str
    kind: UnitKind
    site: str
