"""Settings of accompaniments: those of every service."""

from servicekit.settings import ServiceSettings


class Settings(ServiceSettings):
    """Nothing of its own: what a caisse may choose is data, not a setting of the process."""
