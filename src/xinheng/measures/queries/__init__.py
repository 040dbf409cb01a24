"""What may be asked about lists, measures and memoranda."""

from xinheng.measures.queries.register import (
    BasisLine,
    EditionView,
    ListView,
    MeasureView,
    PublicationView,
    editions,
    ground,
    list_of,
    lists,
    measure,
    measures,
    measures_for,
    memoranda,
    publications,
)

__all__ = [
    "BasisLine",
    "EditionView",
    "ListView",
    "MeasureView",
    "PublicationView",
    "editions",
    "ground",
    "list_of",
    "lists",
    "measure",
    "measures",
    "measures_for",
    "memoranda",
    "publications",
]
