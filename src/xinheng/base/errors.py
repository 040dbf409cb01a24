"""The error tree. A message is one Chinese sentence for whoever must fix it, the advice is the next step."""


class XinhengError(Exception):
    """Base of all errors a user may see; doors translate it, nothing else catches it."""

    exit_code = 1

    def __init__(self, message: str, advice: str = "") -> None:
        super().__init__(message if not advice else f"{message}{advice}")
        self.message = message
        self.advice = advice


class Refused(XinhengError):
    """What was asked is understood and not allowed or not possible; the message says why."""


class WrongUsage(XinhengError):
    """The call itself is malformed: a missing or contradictory argument."""

    exit_code = 2


class NotFound(XinhengError):
    """The named thing does not exist for this caller."""


class Conflict(XinhengError):
    """Somebody else changed the thing first."""


class TryLater(XinhengError):
    """A passing condition; the only kind of error that is retried."""
