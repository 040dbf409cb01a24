"""What may be asked about organisations and what was stated about them; every question takes a scope first."""

from xinheng.register.queries.searching import OrganisationHit, SearchResult, records_by_decision_no, search
from xinheng.register.summaries import OrganisationSummary

__all__ = [
    "OrganisationHit",
    "OrganisationSummary",
    "SearchResult",
    "records_by_decision_no",
    "search",
]
