"""Settings of the teller."""

from servicekit.settings import ServiceSettings


class Settings(ServiceSettings):
    """Nothing of its own."""
