"""The documentation page: every operation of every service, who may call it and what it shows, from the contracts.

One page without script nor external resource, made once at start.
"""

from collections.abc import Iterable, Mapping
from html import escape
from typing import Any, Final

from starlette.types import Send

from gateway_service.front.routing import METHODS
from gateway_service.front.security_headers import SecurityHeaders, new_nonce
from servicekit.access import Access, Audience

_AUDIENCES: Final = {
    Audience.ANYONE: "Tout le monde",
    Audience.SELF: "Toute personne connectée",
    Audience.PARTNER: "Partenaires",
    Audience.AGENT: "Agents de la caisse",
    Audience.OFFICER: "Administration et protection des données",
    Audience.PILOT: "Pilotage",
    Audience.APP: "Applications internes",
}
_GROUPS: Final = {
    "technical": "technique",
    "identity": "identité et contact",
    "nir": "NIR",
    "rights": "droits",
    "social": "situation sociale",
    "money": "ressources",
    "care_need": "besoin de soins",
    "narrative": "récit du conseiller",
    "social_secret": "secret social",
    "medical": "médical",
    "documents": "documents",
    "decision": "décision",
    "medical_conclusion": "conclusion médicale",
    "audit": "traces",
}
_STYLE: Final = """
body{font:1rem/1.5 system-ui,sans-serif;margin:0 auto;max-width:70rem;padding:1rem;color:#161616;background:#fff}
a{color:#000091}h2{border-top:2px solid #000091;margin-top:3rem;padding-top:1rem}
article{border:1px solid #929292;border-radius:.25rem;margin:1rem 0;padding:0 1rem 1rem}
h3{font-size:1rem;overflow-wrap:anywhere}
dl{display:grid;gap:.25rem 1rem;grid-template-columns:max-content 1fr;margin:0}
dt{font-weight:600}dd{margin:0}code{font-family:ui-monospace,monospace}
table{border-collapse:collapse;margin:.5rem 0;width:100%}
th,td{border:1px solid #929292;padding:.25rem .5rem;text-align:left}
.skip{left:-999rem;position:absolute}.skip:focus{left:1rem;background:#fff;padding:.5rem}
@media(max-width:40rem){dl{grid-template-columns:1fr}}
"""


class DocsPage:
    """The page, ready but for its nonce."""

    def __init__(self, contracts: Mapping[str, Mapping[str, Any]], security: SecurityHeaders) -> None:
        self._security = security
        self._before, self._after = _page(contracts)

    async def send(self, send: Send) -> None:
        """Answer with the page."""
        nonce = new_nonce()
        body = f"{self._before}{nonce}{self._after}".encode()
        headers = [(b"content-type", b"text/html; charset=utf-8"), (b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": 200, "headers": self._security.page(headers, nonce)})
        await send({"type": "http.response.body", "body": body})


def public_part(contract: Mapping[str, Any]) -> dict[str, Any]:
    """Return a contract without its internal routes, which nobody reaches from outside."""
    paths = {path: item for path, item in contract["paths"].items() if not path.startswith("/internal/")}
    return {**contract, "paths": paths}


def _page(contracts: Mapping[str, Mapping[str, Any]]) -> tuple[str, str]:
    before = (
        "<!doctype html><html lang='fr'><head><meta charset='utf-8'><title>Interfaces d'Aller-vers</title>"
        "<meta name='viewport' content='width=device-width, initial-scale=1'><style nonce='"
    )
    links = "".join(
        f"<li><a href='#{escape(name)}'>{escape(c['info']['title'])}</a></li>" for name, c in contracts.items()
    )
    services = "".join(_service(name, contract) for name, contract in contracts.items())
    after = (
        f"'>{_STYLE}</style></head><body><a class='skip' href='#contenu'>Aller au contenu</a><header>"
        "<p><a href='/'>Retour à l'application</a></p><h1>Interfaces d'Aller-vers</h1>"
        f"<nav aria-label='Services'><ul>{links}</ul></nav></header><main id='contenu'>{_INTRODUCTION}{services}"
        "</main></body></html>"
    )
    return before, after


_INTRODUCTION: Final = (
    "<p>Chaque adresse est réservée à un seul public, pour une seule finalité, et annonce les groupes de données "
    "qu'elle montre. Les refus suivent la norme RFC 9457.</p>"
    "<h2 id='jetons'>Applications internes</h2><p>Une application prouve son identité par "
    "<code>POST /oauth/token</code> (<code>client_credentials</code>, <code>private_key_jwt</code> signé en ES256, "
    "<code>scope=caisse:&lt;code&gt;</code>) et reçoit un jeton de cinq minutes à présenter dans "
    "<code>Authorization: Bearer</code>. Ses droits sont accordés caisse par caisse, service par service, finalité "
    "par finalité.</p>"
)


def _service(name: str, contract: Mapping[str, Any]) -> str:
    info = contract["info"]
    operations = "".join(
        _operation(method, path, item[method], contract)
        for path, item in public_part(contract)["paths"].items()
        for method in METHODS
        if method in item
    )
    link = f"/api/v1/gateway/me/openapi/{name}.json"
    return (
        f"<section aria-labelledby='{escape(name)}'><h2 id='{escape(name)}'>{escape(info['title'])}</h2>"
        f"<p>{escape(info.get('description', ''))}</p>"
        f"<p><a href='{escape(link)}'>Document OpenAPI : {escape(info['title'])}</a></p>{operations}</section>"
    )


def _operation(method: str, path: str, operation: Mapping[str, Any], contract: Mapping[str, Any]) -> str:
    access = Access.of(dict(operation))
    facts = {
        "Public": escape(_AUDIENCES.get(access.audience, str(access.audience))),
        "Rôles": _codes(access.roles) if access.roles else "tous",
        "Finalité": f"<code>{escape(access.purpose)}</code>",
        "Données montrées": escape(", ".join(_GROUPS[group] for group in sorted(access.shows))),
    }
    if access.step_up:
        facts["Second facteur"] = "à confirmer depuis moins de dix minutes"
    listed = "".join(f"<dt>{term}</dt><dd>{text}</dd>" for term, text in facts.items())
    description = operation.get("description", "")
    return (
        f"<article><h3><code>{method.upper()} {escape(path)}</code></h3>"
        f"<p lang='en'>{escape(description)}</p><dl>{listed}</dl>"
        f"{_fields(operation, contract)}</article>"
    )


def _codes(codes: Iterable[str]) -> str:
    return ", ".join(f"<code>{escape(code)}</code>" for code in sorted(codes))


def _fields(operation: Mapping[str, Any], contract: Mapping[str, Any]) -> str:
    """List what is sent and what comes back, one level deep; the OpenAPI document says the rest."""
    rows = [
        (parameter["name"], _kind(parameter.get("schema", {})), parameter.get("required", False))
        for parameter in operation.get("parameters", [])
    ]
    sent = operation.get("requestBody", {}).get("content", {})
    received = {
        status: answer.get("content", {})
        for status, answer in operation.get("responses", {}).items()
        if status.startswith("2")
    }
    parts = [_table("Paramètres", rows)] if rows else []
    parts += [_table("Envoi", _members(c["schema"], contract)) for c in sent.values() if "schema" in c]
    parts += [
        _table(f"Réponse {status}", _members(c["schema"], contract))
        for status, content in received.items()
        for c in content.values()
        if "schema" in c
    ]
    shown = "".join(part for part in parts if part)
    return f"<details><summary>Champs</summary>{shown}</details>" if shown else ""


def _table(title: str, rows: Iterable[tuple[str, str, bool]]) -> str:
    lines = "".join(
        f"<tr><th scope='row'><code>{escape(name)}</code></th><td>{escape(kind)}</td>"
        f"<td>{'oui' if required else 'non'}</td></tr>"
        for name, kind, required in rows
    )
    if not lines:
        return ""
    return (
        f"<table><caption>{escape(title)}</caption><thead><tr><th scope='col'>Nom</th><th scope='col'>Type</th>"
        f"<th scope='col'>Obligatoire</th></tr></thead><tbody>{lines}</tbody></table>"
    )


def _members(schema: Mapping[str, Any], contract: Mapping[str, Any]) -> list[tuple[str, str, bool]]:
    resolved = _resolve(schema, contract)
    required = set(resolved.get("required", []))
    return [(name, _kind(member), name in required) for name, member in resolved.get("properties", {}).items()]


def _resolve(schema: Mapping[str, Any], contract: Mapping[str, Any]) -> Mapping[str, Any]:
    reference = schema.get("$ref")
    if reference is None:
        return schema
    found: Mapping[str, Any] = contract["components"]["schemas"][reference.rpartition("/")[2]]
    return found


def _kind(schema: Mapping[str, Any]) -> str:
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    if "anyOf" in schema:
        return " ou ".join(_kind(option) for option in schema["anyOf"])
    if schema.get("type") == "array":
        return f"liste de {_kind(schema.get('items', {}))}"
    if "enum" in schema:
        return " | ".join(str(value) for value in schema["enum"])
    return str(schema.get("format") or schema.get("type") or schema.get("const") or "libre")
