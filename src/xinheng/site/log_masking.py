"""What the log of requests says of an address: never the number of a person that somebody typed into it."""

import logging
from urllib.parse import unquote

from xinheng.base.masking import mask_text


class MaskNumbers(logging.Filter):
    """Masks personal numbers in a line before any handler sees it."""

    def filter(self, record: logging.LogRecord) -> bool:
        said = unquote(record.getMessage())
        masked = mask_text(said)
        if masked != said:
            record.msg, record.args = masked, ()
        return True
