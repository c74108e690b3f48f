"""Settings of the listener."""

from servicekit.settings import ServiceSettings


class Settings(ServiceSettings):
    """Nothing of its own."""
