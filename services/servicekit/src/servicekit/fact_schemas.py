"""The published contract of facts: one JSON schema a type and version, under `openapi/facts/`.

What a schema cannot close, a person's name could enter: a text field that is neither an enumeration nor a
formatted value is refused here, so that no fact type can be declared with room for free text.
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

from servicekit.facts import Fact

_CLOSED = frozenset({"const", "enum", "format", "pattern"})


class OpenFact(TypeError):
    """A fact type leaves room for free text, or does not say what it holds."""


def fact_types(module: ModuleType) -> list[type[Fact[object, object]]]:
    """Return the fact types that a module defines."""
    return [
        kind
        for kind in vars(module).values()
        if isinstance(kind, type)
        and issubclass(kind, Fact)
        and kind.__module__ == module.__name__
        and "[" not in kind.__name__  # pydantic leaves `Fact[…]` itself among the names of the module
    ]


def fact_schemas(module: ModuleType) -> dict[str, dict[str, Any]]:
    """Return the schema of each fact type of a module, by file name (`request.taken.v1.json`).

    Raises `OpenFact` for a type that leaves room for what must not travel.
    """
    schemas = {}
    for kind in fact_types(module):
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


def write_fact_schemas(module: ModuleType, folder: Path) -> None:
    """Write the schemas of a module's facts into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, schema in fact_schemas(module).items():
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
