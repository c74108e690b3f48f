"""Reference tables. They hold no tenant's data: every role reads them, only the loader writes them."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, ForeignKeyConstraint
from sqlalchemy.orm import Mapped, mapped_column

from partners_service.base import Base, Code
from partners_service.codes import BodyKind, UnitKind


class Region(Base):
    """A region (INSEE code)."""

    __tablename__ = "regions"

    code: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    zone: Mapped[str]
    source: Mapped[str]


class Department(Base):
    """A department, or an overseas collectivity (INSEE code)."""

    __tablename__ = "departments"

    code: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    region: Mapped[str] = mapped_column(ForeignKey("regions.code"))
    zone: Mapped[str]
    source: Mapped[str]


class Body(Base):
    """A tenant. A caisse's code is its three digits, a regional social service has one of its own.

    `social_service` is the regional body that carries the social service of a caisse; overseas it is the
    general fund itself, under a second code, so that social secrets have a tenant apart.
    """

    __tablename__ = "bodies"

    code: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[BodyKind] = mapped_column(Code(BodyKind))
    name: Mapped[str]
    official_code: Mapped[str | None]
    social_service: Mapped[str | None] = mapped_column(ForeignKey("bodies.code"))
    time_zone: Mapped[str]
    source: Mapped[str]
    certainty: Mapped[str]
    closed_on: Mapped[date | None]
    """The day it was found missing from the reference files: kept, because files name it."""


class BodyDepartment(Base):
    """A department that a body serves; several caisses may share one."""

    __tablename__ = "body_departments"

    body: Mapped[str] = mapped_column(ForeignKey("bodies.code"), primary_key=True)
    department: Mapped[str] = mapped_column(ForeignKey("departments.code"), primary_key=True)


class Site(Base):
    """A place of a body; a regional social service has one in each of its departments."""

    __tablename__ = "sites"

    body: Mapped[str] = mapped_column(ForeignKey("bodies.code"), primary_key=True)
    code: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    department: Mapped[str] = mapped_column(ForeignKey("departments.code"))


class Unit(Base):
    """A team of a body, known by its code inside the body (`misas`, `ss_31`)."""

    __tablename__ = "units"
    __table_args__ = (ForeignKeyConstraint(["body", "site"], ["sites.body", "sites.code"]),)

    body: Mapped[str] = mapped_column(ForeignKey("bodies.code"), primary_key=True)
    code: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[UnitKind] = mapped_column(Code(UnitKind))
    name: Mapped[str]
    site: Mapped[str]


class ReferenceLoad(Base):
    """A version of the reference files that was loaded, with the fingerprint of its content."""

    __tablename__ = "reference_loads"

    version: Mapped[int] = mapped_column(primary_key=True)
    sha256: Mapped[str]
    loaded_at: Mapped[datetime]
