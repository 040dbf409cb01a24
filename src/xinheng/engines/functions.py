"""Functions that every engine has under the same name, with the same meaning, and that Ibis writes less simply."""

import ibis


# Ibis types neither its decorator nor that a builtin needs no body: the two silenced checks here and below.
@ibis.udf.scalar.builtin  # type: ignore[untyped-decorator]
def substring(text: str, start: int, length: int) -> str:  # type: ignore[empty-body]
    """A part of a text, counted from 1, as every engine has it; Ibis' own `substr` names the text twice."""


@ibis.udf.scalar.builtin  # type: ignore[untyped-decorator]
def bit_length(text: str) -> int:  # type: ignore[empty-body]
    """Eight times the bytes of a text, which engines know without reading it."""
