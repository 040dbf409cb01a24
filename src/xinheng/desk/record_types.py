"""Record types in the order of the national catalogue, as the desk offers them."""

from django.conf import settings

from xinheng.base.scope import PUBLIC
from xinheng.catalogue.queries import catalogue


def record_types() -> list[tuple[str, str]]:
    """Key and title of every record type of the pack in use."""
    return [(entry.key, entry.title) for entry in catalogue(PUBLIC, pack=settings.PACK)]
