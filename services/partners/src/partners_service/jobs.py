"""The tasks of the service, and the works that people follow."""

from typing import Final

from partners_service.accounts.acting import still
from servicekit.jobs import Jobs
from servicekit.works import Works

jobs: Final = Jobs()
works: Final = Works(jobs, still)
