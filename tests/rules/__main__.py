"""`python tests/rules`: each rule of the domain, the code that applies it, the tests that prove it, or why not yet."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from rules import ledger


def main() -> int:
    """Print the ledger; answer 1 when it does not hold."""
    kept = ledger.read()
    for rule in kept.rules.values():
        print(f"{rule.id:8} {rule.statement}")
        waiting = kept.not_yet.get(rule.id)
        if waiting is not None:
            print(f"         · not yet ({waiting.by}): {waiting.why}")
        else:
            _print_files("code", kept.code.get(rule.id, ()))
            _print_files("test", kept.tests.get(rule.id, ()))
            rest = kept.partly.get(rule.id)
            if rest is not None:
                print(f"         · the rest ({rest.by}): {rest.why}")
        print()
    faults = list(kept.faults())
    whole = len(kept.rules) - len(kept.not_yet) - len(kept.partly)
    print(f"{len(kept.rules)} rules: {whole} applied, {len(kept.partly)} in part, {len(kept.not_yet)} not yet.")
    for fault in faults:
        print(f"✗ {fault}", file=sys.stderr)
    return 1 if faults else 0


def _print_files(what: str, files: tuple[str, ...]) -> None:
    for i, file in enumerate(files):
        print(f"         {'→ ' + what if i == 0 else '':7} {file}")


if __name__ == "__main__":
    sys.exit(main())
