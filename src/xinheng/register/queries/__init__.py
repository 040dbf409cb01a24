"""What may be asked about organisations and what was stated about them; a scope comes first."""

from xinheng.register.queries.history import History, KnownName, KnownNumber, RecordState, history
from xinheng.register.queries.organisations import Identity, Provenance, identity, organisation, subject_numbers
from xinheng.register.queries.reviews import (
    Candidate,
    ReviewDetail,
    ReviewLine,
    answered_by_themselves,
    put_off_reviews,
    review,
    review_counts,
    reviews,
)
from xinheng.register.queries.searching import OrganisationHit, SearchResult, records_by_decision_no, search
from xinheng.register.queries.statistics import TypeTotals, archive_totals, subject_aliases
from xinheng.register.queries.traces import Trace, TracedVersion, trace
from xinheng.register.summaries import OrganisationSummary

__all__ = [
    "Candidate",
    "History",
    "Identity",
    "KnownName",
    "KnownNumber",
    "OrganisationHit",
    "OrganisationSummary",
    "Provenance",
    "RecordState",
    "ReviewDetail",
    "ReviewLine",
    "SearchResult",
    "Trace",
    "TracedVersion",
    "TypeTotals",
    "answered_by_themselves",
    "archive_totals",
    "history",
    "identity",
    "organisation",
    "put_off_reviews",
    "records_by_decision_no",
    "review",
    "review_counts",
    "reviews",
    "search",
    "subject_aliases",
    "subject_numbers",
    "trace",
]
