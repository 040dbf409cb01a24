"""Generated examples for a question that is dear to ask once and cheap to ask of many."""

from typing import TypeVar

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

Example = TypeVar("Example")


def drawn(strategy: st.SearchStrategy[Example], examples: int) -> list[Example]:
    """So many examples, the same ones in every run. They do not shrink: let each stand for itself, as a row does."""
    found: list[Example] = []

    @settings(
        max_examples=examples, deadline=None, derandomize=True, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(example=strategy)
    def draw(example: Example) -> None:
        found.append(example)

    draw()
    return found
