"""The markup in which people write letters: small enough to be learnt from one example, and nothing to run.

    Bonjour {{prenom}},

    Votre demande **{{numero}}** est arrivée. Ce que vous pouvez faire :
    - nous appeler ;
    - nous *écrire*.

    ## Pour nous joindre
    1. d'abord …
    2. ensuite …

    ___ Date et signature

Paragraphs are separated by an empty line and keep their line breaks. `**…**` is strong, `*…*` is emphasis, `## `
begins a heading, `- ` and `1. ` begin items, `___ ` leaves a line to fill in by hand, `{{field}}` names a field,
and `\\*` is a star. Everything else is text. What comes out is a tree of plain data for the sheet.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from servicekit.errors import Invalid, Json
from servicekit.letters.kinds import Kind, Text, Value, written
from servicekit.letters.typography import set_text

Block = dict[str, Any]
Span = dict[str, Any]

LONGEST_BODY: Final = 12_000
LONGEST_SUBJECT: Final = 200

_FIELD = re.compile(r"\{\{\s*([^{}]*?)\s*\}\}")
_TOKEN = re.compile(r"(\\[*{}\\]|\*\*|\*|\{\{[^{}]*\}\})")
_ITEM = re.compile(r"^(?:- |(\d{1,2})[.)] )(.*)$")


class TextRefused(Invalid):
    """A text of a letter cannot be used; `errors` say where and why."""

    slug = "letter-text-refused"
    title = "Le texte de la lettre est à corriger"


@dataclass(frozen=True, slots=True)
class Mistake:
    """What is wrong, in which part, on which line (from 1)."""

    part: str
    line: int
    message: str


def check(kind: Kind, text: Text) -> None:
    """Raise `TextRefused` when `text` cannot be a letter of `kind`."""
    mistakes = [*_mistakes(kind, "subject", text.subject), *_mistakes(kind, "body", text.body)]
    if "\n" in text.subject.strip():
        mistakes.append(Mistake("subject", 1, "L’objet tient sur une seule ligne."))
    for part, said, longest in (("subject", text.subject, LONGEST_SUBJECT), ("body", text.body, LONGEST_BODY)):
        if not said.strip():
            mistakes.append(Mistake(part, 1, "Ce texte est vide."))
        if len(said) > longest:
            mistakes.append(Mistake(part, 1, f"Ce texte est trop long : {longest} caractères au plus."))
    if mistakes:
        errors: list[Json] = [
            {"field": m.part, "message": m.message if m.part == "subject" else f"Ligne {m.line} : {m.message}"}
            for m in mistakes
        ]
        raise TextRefused("Corrigez les passages signalés.", errors=errors)


def _mistakes(kind: Kind, part: str, said: str) -> Iterator[Mistake]:
    fields = {f.code: f for f in kind.fields}
    known = ", ".join(f"{{{{{code}}}}}" for code in sorted(fields))
    paragraph_stars, began = "", 1
    lines = said.split("\n")
    for number, line in enumerate(lines, start=1):
        for named in _FIELD.finditer(line):
            code = named[1]
            if code not in fields:
                yield Mistake(part, number, f"le champ « {code or '…'} » n’existe pas. Champs possibles : {known}.")
            elif fields[code].alone and (part == "subject" or line.strip() != named[0]):
                yield Mistake(part, number, f"le champ « {code} » tient plusieurs paragraphes : laissez-le seul.")
        rest = _TOKEN.sub("", line)
        if "{{" in rest or "}}" in rest:
            yield Mistake(part, number, "une accolade de champ n’est pas fermée : écrivez {{champ}}.")
        if any(ord(c) < 32 and c != "\t" for c in line):
            yield Mistake(part, number, "ce texte contient un caractère qui ne s’imprime pas.")
        if not paragraph_stars:
            began = number
        paragraph_stars += line + "\n"
        ends = number == len(lines) or not line.strip() or _ITEM.match(lines[number]) or line.startswith(("## ", "___"))
        if ends or _ITEM.match(line):
            stars = [t for t in _TOKEN.findall(paragraph_stars) if t in {"*", "**"}]
            if stars.count("*") % 2 or stars.count("**") % 2:
                yield Mistake(part, began, "une mise en valeur n’est pas fermée : **gras** ou *italique*.")
            paragraph_stars = ""


def blocks(body: str, values: Mapping[str, Value], language: str) -> list[Block]:
    """Return the tree of a checked body, with its values in place."""
    found: list[Block] = []
    for chunk in re.split(r"\n\s*\n", body.replace("\r\n", "\n").strip()):
        found.extend(_chunk(chunk.strip("\n"), values, language))
    return found


def _chunk(chunk: str, values: Mapping[str, Value], language: str) -> Iterator[Block]:
    gathered: list[str] = []
    items: list[tuple[bool, str]] = []
    for line in [*chunk.split("\n"), ""]:
        item = _ITEM.match(line.strip())
        heading, to_fill = line.startswith("## "), line.startswith("___")
        whole = _FIELD.fullmatch(line.strip())
        several = values[whole[1]] if whole else ""
        if gathered and (item or heading or to_fill or isinstance(several, tuple) or not line):
            yield {"kind": "paragraph", "lines": _lines(gathered, values, language)}
            gathered = []
        if items and (not item or (item[1] is not None) != items[0][0]):
            yield _list(items, values, language)
            items = []
        if item:
            items.append((item[1] is not None, item[2]))
        elif heading:
            yield {"kind": "heading", "spans": spans(line[3:], values, language)}
        elif to_fill:
            yield {"kind": "blank", "label": plain(line.strip("_ "), values, language)}
        elif isinstance(several, tuple):
            for paragraph in written(several, language):
                yield {"kind": "paragraph", "lines": [[_span(paragraph)]]}
        elif line:
            gathered.append(line.strip())


def _list(items: list[tuple[bool, str]], values: Mapping[str, Value], language: str) -> Block:
    return {
        "kind": "numbered" if items[0][0] else "bulleted",
        "items": [spans(said, values, language) for _, said in items],
    }


def _lines(gathered: list[str], values: Mapping[str, Value], language: str) -> list[list[Span]]:
    """Set a paragraph whole, so that emphasis may run over its line breaks."""
    lines: list[list[Span]] = [[]]
    for span in spans("\n".join(gathered), values, language):
        first, *others = span["text"].split("\n")
        lines[-1].append({**span, "text": first})
        lines.extend([{**span, "text": other}] for other in others)
    return [[span for span in line if span["text"]] for line in lines]


def spans(said: str, values: Mapping[str, Value], language: str) -> list[Span]:
    """Return a line of text as runs of one emphasis each; a value is never read as markup."""
    found: list[Span] = []
    strong = emphasis = False
    # Typography looks at its neighbours: a field stands for itself until the words around it are set.
    for piece in _TOKEN.split(set_text(said, language)):
        if piece == "**":
            strong = not strong
        elif piece == "*":
            emphasis = not emphasis
        elif piece:
            field = _FIELD.fullmatch(piece)
            text = " ".join(written(values[field[1]], language)) if field else piece
            if len(piece) == 2 and piece[0] == "\\":
                text = piece[1]
            found.append(_span(text, strong=strong, emphasis=emphasis))
    return found


def plain(said: str, values: Mapping[str, Value], language: str) -> str:
    """Return a line of text without emphasis: a subject, a title."""
    return "".join(span["text"] for span in spans(said, values, language))


def _span(text: str, *, strong: bool = False, emphasis: bool = False) -> Span:
    return {"text": text, "strong": strong, "emphasis": emphasis}
