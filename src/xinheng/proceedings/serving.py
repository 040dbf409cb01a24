"""A file of a case as an answer to a browser."""

from collections.abc import Iterator
from urllib.parse import quote

from django.http import StreamingHttpResponse

from xinheng.proceedings.queries import FileLine


def as_download(file: FileLine, pieces: Iterator[bytes]) -> StreamingHttpResponse:
    """Always as a download, never shown in place: what was attached came from outside."""
    response = StreamingHttpResponse(pieces, content_type=file.media_type)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(file.file_name)}"
    response["Content-Length"] = str(file.size)
    return response
