"""The header row of a file as a department writes it, and its digest for remembering how it is read."""

import hashlib

from xinheng.catalogue.headers import LEAVE_OUT, HeaderMatch

PROBLEMS, SOURCE_ROW = "需要改正的地方", "原文件行号"
"""Headings of the two columns in front of a correction file; they are left out when the file comes back."""
OWN_COLUMNS = {PROBLEMS: LEAVE_OUT, SOURCE_ROW: LEAVE_OUT}


def header_digest(headers: tuple[str, ...]) -> str:
    """Equal for files with the same headings in the same order."""
    return hashlib.sha256("\x1f".join(headers).encode()).hexdigest()


def columns_of(headers: tuple[str, ...], match: HeaderMatch) -> dict[int, str]:
    """Position of each mapped column in the file, with its field."""
    return {index: match.mapping[header] for index, header in enumerate(headers) if header in match.mapping}
