"""The jobs of the gateway: what writes to people (`account`) and what tidies up (`sign_in`)."""

from servicekit.jobs import Jobs

jobs = Jobs()
