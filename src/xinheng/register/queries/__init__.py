"""What may be asked about organisations and what was stated about them; a scope comes first."""

from xinheng.register.queries.searching import OrganisationHit, SearchResult, records_by_decision_no, search
from xinheng.register.summaries import OrganisationSummary

__all__ = [
    "OrganisationHit",
    "OrganisationSummary",
    "SearchResult",
    "records_by_decision_no",
    "search",
]
