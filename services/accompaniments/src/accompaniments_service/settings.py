"""Settings of accompaniments, beside those of every service."""

from pydantic import Field

from servicekit.settings import ServiceSettings


class Settings(ServiceSettings):
    """What a caisse may choose is data, not a setting of the process."""

    # Slots that open are wanted by everybody at once: a volley waits its turn rather than be sent away.
    pool_wait_seconds: float = Field(default=8, description="how long a request waits for a connection of the pool")
