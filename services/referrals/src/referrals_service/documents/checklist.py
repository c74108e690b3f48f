"""Which documents help a request, by its motives or its topic. Data, with its source; nothing is compulsory."""

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files

from referrals_service.documents.codes import DocumentItem, DocumentNeed
from referrals_service.requests.codes import RequestKind


@dataclass(frozen=True, slots=True)
class Line:
    """A document that a motive calls for, since when, and where that comes from."""

    kind: RequestKind
    motive: str
    item: DocumentItem
    need: DocumentNeed
    valid_from: date
    source: str


@cache
def lines() -> Mapping[RequestKind, Sequence[Line]]:
    """Return the whole list, by kind."""
    found: dict[RequestKind, list[Line]] = {kind: [] for kind in RequestKind}
    for line in _written():
        found[line.kind].append(line)
    return found


def _written() -> Sequence[Line]:
    with (files("referrals_service") / "data/document_checklist.csv").open(encoding="utf-8") as rows:
        return tuple(
            Line(
                kind=RequestKind(row["kind"]),
                motive=row["motive"],
                item=DocumentItem(row["item"]),
                need=DocumentNeed(row["need"]),
                valid_from=date.fromisoformat(row["valid_from"]),
                source=row["source"],
            )
            for row in csv.DictReader(rows)
        )


def checklist(kind: RequestKind, motives: Iterable[str], day: date) -> Sequence[tuple[DocumentItem, DocumentNeed]]:
    """Return what helps a request with these motives on a day, what is expected first."""
    wanted = set(motives)
    needs: dict[DocumentItem, DocumentNeed] = {}
    for line in lines()[kind]:
        if line.motive in wanted and line.valid_from <= day:
            known = needs.get(line.item, line.need)
            needs[line.item] = known if known is DocumentNeed.EXPECTED else line.need
    return sorted(
        needs.items(), key=lambda found: (found[1] is not DocumentNeed.EXPECTED, list(DocumentItem).index(found[0]))
    )
