"""The sample service, made from the mould."""

import sys
from pathlib import Path

from servicekit.testing import fixtures_for

sys.path.insert(0, str(Path(__file__).parent / "sample/src"))

_service, under_test, client_as = fixtures_for("sample_service")
