"""What may be asked of the effects. Public doors know only what is in force now."""

from xinheng.effects.queries.counting import (
    Counts,
    Shown,
    counts,
    counts_by_department,
    counts_by_month,
    still_shown,
)
from xinheng.effects.queries.explaining import WhyNode, why
from xinheng.effects.queries.pages import latest, published, published_list, published_of
from xinheng.effects.queries.shown import BasisLine, PublishedPage, PublishedRecord
from xinheng.effects.queries.takedowns import TakedownSummary, takedowns
from xinheng.register.queries import Provenance

__all__ = [
    "BasisLine",
    "Counts",
    "Provenance",
    "PublishedPage",
    "PublishedRecord",
    "Shown",
    "TakedownSummary",
    "WhyNode",
    "counts",
    "counts_by_department",
    "counts_by_month",
    "latest",
    "published",
    "published_list",
    "published_of",
    "still_shown",
    "takedowns",
    "why",
]
