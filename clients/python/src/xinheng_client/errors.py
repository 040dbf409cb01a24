"""What may go wrong, in words that can be shown to a clerk."""


class ClientError(Exception):
    """Any error of this package: what happened in `message`, what to do next in `advice`."""

    def __init__(self, message: str, advice: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.advice = advice


class Unusable(ClientError):
    """The settings of this program cannot work."""


class Refused(ClientError):
    """The platform does not accept what was sent; `status` is its HTTP status."""

    def __init__(self, message: str, advice: str = "", *, status: int) -> None:
        super().__init__(message, advice)
        self.status = status


class NotAllowed(Refused):
    """The secret does not hold, or lacks the permission."""


class Unavailable(ClientError):
    """The platform could not be reached, or was too busy, after all retries. Nothing may be concluded from it."""


class Uncertain(Unavailable):
    """The call was sent and no answer came: it may have been carried out."""


class NotUnderstood(ClientError):
    """Something answered that is not the platform, or not in the words of this version."""


class ReceiptError(ClientError):
    """A receipt that nothing may rest on."""


class NotAReceipt(ReceiptError):
    """This text is no receipt of a check."""


class Altered(ReceiptError):
    """The signature does not fit, or the answer says something else than its receipt."""


class UnknownKey(ReceiptError):
    """The receipt was signed with a key that is not among the pinned ones."""
