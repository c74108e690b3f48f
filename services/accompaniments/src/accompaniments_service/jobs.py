"""The tasks of the service, deferred in the transaction of what asks for them."""

from typing import Final

from servicekit.jobs import Jobs

jobs: Final = Jobs()
