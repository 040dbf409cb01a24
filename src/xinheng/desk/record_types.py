"""Record types in the order of the national catalogue, as the desk offers them."""

from django.conf import settings

from xinheng.base.scope import PUBLIC
from xinheng.catalogue.contracts import load_contracts
from xinheng.catalogue.queries import catalogue


def record_types() -> list[tuple[str, str]]:
    """Key and title of every record type of the pack in use."""
    return [(entry.key, entry.title) for entry in catalogue(PUBLIC, pack=settings.PACK)]


def delivered_types() -> list[tuple[str, str]]:
    """Those that departments deliver; what only a case may write is left out."""
    contracts = load_contracts(settings.PACK)
    return [(key, title) for key, title in record_types() if not contracts[key].by_case]
