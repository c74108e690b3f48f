"""The jobs of sign-in: what writes to people (`deliveries.py`) and what tidies up (`upkeep.py`)."""

from servicekit.jobs import Jobs

jobs = Jobs()
