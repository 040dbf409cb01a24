"""What may be asked of the effects. Public doors know only what is in force now."""

from xinheng.effects.queries.counting import (
    Counts,
    Shown,
    counts,
    counts_by_department,
    counts_by_month,
    still_shown,
)
from xinheng.effects.queries.explaining import PUBLIC_NOW, WhyNode, copies, why
from xinheng.effects.queries.feed import FeedEntry, FeedPage, Position, TooOld, feed
from xinheng.effects.queries.handovers import HandoverLine, handovers
from xinheng.effects.queries.pages import latest, published, published_list, published_of
from xinheng.effects.queries.retractions import (
    AskedToRemove,
    RecipientSummary,
    RetractionDetail,
    RetractionLine,
    asked,
    asked_of,
    notices_about,
    recipients,
    retraction,
    retraction_counts,
    retractions,
)
from xinheng.effects.queries.shown import BasisLine, PublishedPage, PublishedRecord
from xinheng.effects.queries.takedowns import TakedownSummary, takedowns
from xinheng.register.queries import Provenance

__all__ = [
    "PUBLIC_NOW",
    "AskedToRemove",
    "BasisLine",
    "Counts",
    "FeedEntry",
    "FeedPage",
    "HandoverLine",
    "Position",
    "Provenance",
    "PublishedPage",
    "PublishedRecord",
    "RecipientSummary",
    "RetractionDetail",
    "RetractionLine",
    "Shown",
    "TakedownSummary",
    "TooOld",
    "WhyNode",
    "asked",
    "asked_of",
    "copies",
    "counts",
    "counts_by_department",
    "counts_by_month",
    "feed",
    "handovers",
    "latest",
    "notices_about",
    "published",
    "published_list",
    "published_of",
    "recipients",
    "retraction",
    "retraction_counts",
    "retractions",
    "still_shown",
    "takedowns",
    "why",
]
