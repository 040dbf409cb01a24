"""Credit check, lists and feedback of a 信衡 Xinheng platform. Start with `Platform.at(url, secret=...)`."""

from xinheng_client.answers import (
    Answer,
    Answers,
    CodeFile,
    CreditList,
    Done,
    Entry,
    Line,
    ListedMeasure,
    Measure,
    Source,
)
from xinheng_client.errors import (
    Altered,
    ClientError,
    NotAllowed,
    NotAReceipt,
    NotUnderstood,
    ReceiptError,
    Refused,
    Unavailable,
    Uncertain,
    UnknownKey,
    Unusable,
)
from xinheng_client.files import Files
from xinheng_client.keys import Keys
from xinheng_client.platform import Platform
from xinheng_client.receipts import verify
from xinheng_client.transport import Patience

__all__ = [
    "Altered",
    "Answer",
    "Answers",
    "ClientError",
    "CodeFile",
    "CreditList",
    "Done",
    "Entry",
    "Files",
    "Keys",
    "Line",
    "ListedMeasure",
    "Measure",
    "NotAReceipt",
    "NotAllowed",
    "NotUnderstood",
    "Patience",
    "Platform",
    "ReceiptError",
    "Refused",
    "Source",
    "Unavailable",
    "Uncertain",
    "UnknownKey",
    "Unusable",
    "verify",
]
