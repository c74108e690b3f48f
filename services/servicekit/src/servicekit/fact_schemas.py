"""The published contract of facts: one JSON schema a type and version, under `openapi/facts/`.

What a schema cannot close, a person's name could enter: a text field that is neither an enumeration nor a
formatted value is refused here, so that no fact type can be declared with room for free text.
"""

import json
import pkgutil
from collections.abc import Iterator, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

from servicekit.facts import Fact

_CLOSED = frozenset({"const", "enum", "format", "pattern"})


class OpenFact(TypeError):
    """A fact type leaves room for free text, or does not say what it holds."""


def fact_types(package: str) -> list[type[Fact[object, object]]]:
    """Return the fact types that the modules of a package define."""
    for module in pkgutil.walk_packages(import_module(package).__path__, f"{package}."):
        if not module.name.endswith(".__main__"):
            import_module(module.name)
    return sorted(_published_by(package, Fact), key=lambda kind: kind.__name__)


def _published_by(package: str, kind: type[Fact[object, object]]) -> Iterator[type[Fact[object, object]]]:
    for narrower in kind.__subclasses__():
        # `Fact[…]` itself is a class too; it has no name of its own.
        if narrower.__module__.startswith(f"{package}.") and "[" not in narrower.__name__:
            yield narrower
        yield from _published_by(package, narrower)


def fact_schemas(package: str) -> dict[str, dict[str, Any]]:
    """Return the schema of each fact type of a package, by file name (`request.taken.v1.json`).

    Raises `OpenFact` for a type that leaves room for what must not travel.
    """
    schemas = {}
    for kind in fact_types(package):
        code, version = kind.model_fields["type"].default, kind.model_fields["version"].default
        if not isinstance(code, str) or not isinstance(version, int):
            raise OpenFact(f"{kind.__name__} gives no default to its type or version")
        schema = kind.model_json_schema(mode="serialization")
        open_fields = [
            path
            for member in ("subject", "payload")
            for path in _open_fields(schema["properties"][member], schema.get("$defs", {}), member)
        ]
        if open_fields:
            raise OpenFact(f"{kind.__name__} could hold free text; close by codes or a format: {open_fields}")
        schema["properties"] |= {
            "id": {"type": "string", "format": "uuid"},
            "at": {"type": "string", "format": "date-time"},
            "type": {"type": "string", "const": code},
            "version": {"type": "integer", "const": version},
        }
        schema |= {"title": code, "required": sorted(schema["properties"])}
        del schema["additionalProperties"]  # in the feed a fact comes with its cursor
        schemas[f"{code}.v{version}.json"] = schema
    return schemas


def write_fact_schemas(package: str, folder: Path) -> None:
    """Write the schemas of the facts that a package publishes into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, schema in fact_schemas(package).items():
        text = json.dumps(schema, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
        (folder / name).write_text(text, encoding="utf-8")


def _open_fields(schema: Mapping[str, Any], defined: Mapping[str, Any], path: str) -> Iterator[str]:
    """Yield the path of every value that is text without a closed form, or anything at all."""
    if "$ref" in schema:
        yield from _open_fields(defined[schema["$ref"].rsplit("/", 1)[1]], defined, path)
    elif choices := [*schema.get("anyOf", ()), *schema.get("oneOf", ())]:
        for choice in choices:
            yield from _open_fields(choice, defined, path)
    elif schema.get("type") == "object":
        for name, value in schema.get("properties", {}).items():
            yield from _open_fields(value, defined, f"{path}.{name}")
        if "properties" not in schema:
            others = schema.get("additionalProperties", True)
            yield from _open_fields({} if others is True else others, defined, f"{path}.*")
    elif schema.get("type") == "array":
        yield from _open_fields(schema.get("items", {}), defined, f"{path}[]")
    elif schema.get("type", "string") == "string" and not _CLOSED & schema.keys():
        yield path
