"""What keeps the product from running here and a person can put right."""


class CannotRun(Exception):
    """Shown as it is, without a traceback: the message says what to do."""


class StartFailed(CannotRun):
    """A program ended before it was ready; the message says which and shows the end of its log."""


class AlreadyRunning(CannotRun):
    """Another program works in this folder."""


class PortTaken(CannotRun):
    """Something else listens on a port; the message names the setting that moves ours."""


class Unusable(CannotRun):
    """No way to run PostgreSQL here."""


class BuildFailed(CannotRun):
    """npm refused; the message shows what it said."""
