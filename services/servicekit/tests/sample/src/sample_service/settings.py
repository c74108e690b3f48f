"""Settings of the sample."""

from servicekit.settings import ServiceSettings


class Settings(ServiceSettings):
    """Nothing of its own."""
