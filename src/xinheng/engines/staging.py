"""Writing the SQL of many values in one go, and putting statements together out of it.

A contract asks two hundred things of its columns, in fifty statements that have much in common. Written one by one
they take Ibis seconds. Here all values are written at once, over a table in which every part that is mentioned again
is a column of its own; a statement takes the texts it needs and computes their shared parts in stages.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import ibis
import ibis.expr.operations as ops
import ibis.expr.types as ir
from ibis.backends.sql.compilers import duckdb

from xinheng.engines.sharing import PREFIX, mentioned_again

_PART = re.compile(rf'"t0"\."({PREFIX}\d+)"')


@dataclass(frozen=True)
class Staged:
    """What stands behind FROM, as `t0`, and the SQL of values over it."""

    query: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class Written:
    """SQL of values over a row of `t0`, and of the parts that they mention as columns of it, inner parts first."""

    values: tuple[str, ...]
    parts: Mapping[str, str]

    def inlined(self) -> tuple[str, ...]:
        """The values over a row of `t0` as it is, each part in the place of every mention."""
        whole: dict[str, str] = {}
        for part, text in self.parts.items():
            whole[part] = _in_place(text, whole)
        return tuple(_in_place(text, whole) for text in self.values)

    def with_empty(self, column: str) -> "Written":
        """The same where a text column holds nothing."""
        mention, nothing = f'"t0"."{column}"', "CAST(NULL AS VARCHAR)"
        parts = {part: text.replace(mention, nothing) for part, text in self.parts.items()}
        return Written(tuple(text.replace(mention, nothing) for text in self.values), parts)

    def staged(self, source: str, columns: Sequence[str], chosen: Sequence[int], *, across: bool = False) -> Staged:
        """Some of the values over `source`, of which these columns are read, with what they share computed once.

        With `across`, only what several of the values mention is computed for every row: a part that one of them
        guards by a cheaper test stays behind that test.
        """
        asked = [self.values[number] for number in chosen]
        once: dict[str, str] = {}
        levels: list[dict[str, str]] = []
        depth: dict[str, int] = {}
        mentions = self._mentions(asked, across=across)
        for part, text in self.parts.items():
            if not mentions[part]:
                continue
            whole = _in_place(text, once)
            if mentions[part] == 1:
                once[part] = whole
                continue
            depth[part] = 1 + max((depth[inner] for inner in _PART.findall(whole)), default=-1)
            levels.extend({} for _ in range(depth[part] + 1 - len(levels)))
            levels[depth[part]][part] = whole
        return Staged(_stages(source, columns, levels), tuple(_in_place(text, once) for text in asked))

    def _mentions(self, asked: Sequence[str], *, across: bool) -> Mapping[str, int]:
        """How often each part is mentioned: by how many of the values, or in how many places."""
        if across:
            return {part: len(users) for part, users in self._users(asked).items()}
        found = [_mentioned(text, self._inner) for text in asked]
        texts = [*asked, *(self.parts[part] for part in set[str]().union(*found))]
        return Counter(part for text in texts for part in _PART.findall(text))

    def _users(self, asked: Sequence[str]) -> dict[str, set[str]]:
        """For each part the values that need it; a part that several need is itself what needs its inner ones."""
        users: dict[str, set[str]] = {part: set() for part in self.parts}
        for text in asked:
            for part in _PART.findall(text):
                users[part].add(text)
        for part, text in reversed(tuple(self.parts.items())):
            for inner in _PART.findall(text):
                users[inner] |= {part} if len(users[part]) > 1 else users[part]
        return users

    @cached_property
    def _inner(self) -> dict[str, set[str]]:
        """Each part with all it mentions, itself and through others."""
        inner: dict[str, set[str]] = {}
        for part, text in self.parts.items():
            inner[part] = _mentioned(text, inner)
        return inner


def written(table: ir.Table, values: Sequence[ir.Value]) -> Written:
    """The SQL of values over a table that need not exist."""
    root = ops.StructColumn(
        names=tuple(f"v{number}" for number in range(len(values))), values=tuple(value.op() for value in values)
    )
    names = {node: f"{PREFIX}{number}" for number, node in enumerate(mentioned_again(root.values))}
    wide = ibis.table({**table.schema(), **{name: node.dtype for node, name in names.items()}}, name=table.get_name())
    parts: dict[str, ir.Value] = {}

    def replace(found: ops.Node, kwargs: dict[str, object] | None = None, **_: object) -> ops.Node:
        if isinstance(found, ops.Field):
            return ops.Field(wide.op(), found.name)
        rewritten = found.__recreate__(kwargs) if kwargs else found
        if found not in names:
            return rewritten
        parts[names[found]] = rewritten.to_expr()
        return ops.Field(wide.op(), names[found])

    rewritten = root.replace(replace, filter=ops.Value)
    asked = {name: value.to_expr() for name, value in zip(rewritten.names, rewritten.values, strict=True)}
    select = duckdb.compiler.to_sqlglot(wide.select(**parts, **asked))
    texts = [column.unalias().sql(dialect=duckdb.compiler.dialect) for column in select.expressions]
    return Written(tuple(texts[len(parts) :]), dict(zip(parts, texts, strict=False)))


def _stages(source: str, columns: Sequence[str], levels: Sequence[Mapping[str, str]]) -> str:
    query, carried = f"{source} AS t0", [f't0."{column}"' for column in columns]
    for level in levels:
        computed = [f'{text} AS "{part}"' for part, text in level.items()]
        query = f"(SELECT {', '.join([*carried, *computed])} FROM {query}) AS t0"
        carried.extend(f't0."{part}"' for part in level)
    return query


def _mentioned(text: str, inner: Mapping[str, set[str]]) -> set[str]:
    direct = set(_PART.findall(text))
    return direct.union(*(inner[part] for part in direct))


def _in_place(text: str, parts: Mapping[str, str]) -> str:
    """A text with the given parts written out where they are mentioned."""
    return _PART.sub(lambda found: f"({parts[found[1]]})" if found[1] in parts else found[0], text)
