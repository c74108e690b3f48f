"""Which rule of the domain is applied where, which test proves it, and which rules wait for what.

A rule is applied where a source names its id, and proved where a test does: nothing else is asked of either.
`rules/standing.yaml` says of the others who will complete them. The three cannot contradict one another.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import yaml

ROOT: Final = Path(__file__).parents[2]
RULES: Final = ROOT / "rules/rules.yaml"
STANDING: Final = ROOT / "rules/standing.yaml"

_FOLDERS: Final = (
    "services/*/src",
    "services/*/migrations",
    "services/*/tests",
    "infra/embedded/src",
    "infra/embedded/tests",
    "frontend/src",
    "tests",
)
_TEST: Final = re.compile(r"(services/[^/]+|infra/embedded)/tests/|tests/|frontend/src/(testing/|.*\.test\.tsx?$)")
# What is generated repeats what the code says, and the tests of the ledger name invented rules.
_APART: Final = re.compile(r"frontend/src/api/schema\.ts$|tests/rules/")
_SOURCES: Final = frozenset({".py", ".csv", ".json", ".yaml", ".ts", ".tsx", ".sql", ".toml", ".typ"})


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule as the register of rules states it."""

    id: str
    domain: str
    statement: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """Who completes a rule, and what is missing until then."""

    by: str
    why: str


@dataclass(frozen=True, slots=True)
class Ledger:
    """Rules, the files that name them, and what is said of those that are not applied, or not whole."""

    rules: Mapping[str, Rule]
    code: Mapping[str, tuple[str, ...]]
    tests: Mapping[str, tuple[str, ...]]
    not_yet: Mapping[str, Waiting]
    partly: Mapping[str, Waiting]
    twice: tuple[str, ...] = field(default=())
    """Ids of which two contradictory things are said."""

    def faults(self) -> Iterator[str]:
        """Yield, one a line, everything that does not hold."""
        for rule in self.twice:
            yield f"{rule}: said twice in rules/standing.yaml."
        for rule in _sorted({*self.not_yet, *self.partly} - set(self.rules)):
            yield f"{rule}: in rules/standing.yaml, not in rules/rules.yaml."
        for said, files in (("code", self.code), ("a test", self.tests)):
            for rule in _sorted(set(files) - set(self.rules)):
                yield f"{rule}: named by {said}, not in rules/rules.yaml ({', '.join(files[rule])})."
        for rule in self.rules:
            yield from self._faults_of(rule)

    def _faults_of(self, rule: str) -> Iterator[str]:
        code, tests = self.code.get(rule, ()), self.tests.get(rule, ())
        if rule in self.not_yet:
            if code or tests:
                yield f"{rule}: declared not yet applied, and named by {', '.join(code + tests)}."
            return
        if not code:
            yield f"{rule}: neither named by code nor declared as waiting in rules/standing.yaml."
        elif not tests:
            yield f"{rule}: applied by {', '.join(code)}, and no test names it."


def read() -> Ledger:
    """Read the register, what is said of it, and every source of the repository."""
    rules = {r["id"]: Rule(r["id"], r["domain"], r["statement"]) for r in _yaml(RULES)["rules"]}
    standing = _yaml(STANDING)
    not_yet, partly = (list(_waiting(standing[part])) for part in ("not_yet", "partly"))
    said = [rule for rule, _ in not_yet + partly]
    code, tests = scan(files(), prefixes(rules))
    return Ledger(
        rules, code, tests, dict(not_yet), dict(partly), tuple(_sorted({r for r in said if said.count(r) > 1}))
    )


def prefixes(rules: Iterable[str]) -> frozenset[str]:
    """Return what ids begin with."""
    return frozenset(rule.rsplit("-", 1)[0] for rule in rules)


def scan(
    sources: Iterable[tuple[str, str]], begins: Iterable[str]
) -> tuple[dict[str, tuple[str, ...]], dict[str, tuple[str, ...]]]:
    """Return which files of code, and which of tests, name each id. `sources` are paths with their text."""
    named = re.compile(rf"(?<![A-Za-z0-9-])(?:{'|'.join(_sorted(begins))})-\d\d(?![0-9-])")
    code: dict[str, list[str]] = {}
    tests: dict[str, list[str]] = {}
    for path, text in sources:
        kept = tests if _TEST.match(path) else code
        for rule in _sorted(set(named.findall(text))):
            kept.setdefault(rule, []).append(path)
    return {r: tuple(f) for r, f in code.items()}, {r: tuple(f) for r, f in tests.items()}


def files() -> Iterator[tuple[str, str]]:
    """Yield every source and test of the repository with its text."""
    for folder in _FOLDERS:
        for file in sorted(found for root in ROOT.glob(folder) for found in root.rglob("*")):
            path = file.relative_to(ROOT).as_posix()
            if file.suffix in _SOURCES and not _APART.search(path):
                yield path, file.read_text(encoding="utf-8")


def _waiting(groups: list[dict[str, Any]]) -> Iterator[tuple[str, Waiting]]:
    for group in groups:
        for rule in group["rules"]:
            yield rule, Waiting(group["by"], group["why"])


def _yaml(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def _sorted(some: Iterable[str]) -> list[str]:
    return sorted(some)
