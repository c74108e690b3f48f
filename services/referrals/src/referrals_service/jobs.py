"""The tasks of the service, deferred in the transaction of what asks for them, and the works that people follow."""

from typing import Final

from referrals_service.network.acting import still
from servicekit.documents.upkeep import TASKS
from servicekit.jobs import Jobs
from servicekit.works import Works

jobs: Final = Jobs()
works: Final = Works(jobs, still)
jobs.include(*TASKS)
