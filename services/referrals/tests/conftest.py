"""The service on its own database, emptied after each test."""

import atexit
import shutil
import tempfile
from pathlib import Path

from servicekit.testing import fixtures_for

FOLDER = Path(tempfile.mkdtemp(prefix="aller-vers-documents-"))
atexit.register(shutil.rmtree, FOLDER, ignore_errors=True)

_service, under_test, client_as = fixtures_for("referrals_service", data_dir=FOLDER)
