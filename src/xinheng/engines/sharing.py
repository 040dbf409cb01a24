"""Computing what many expressions have in common once.

A check is written plainly and mentions, say, the normalised code wherever it needs it. Compiled as they stand,
two hundred checks become megabytes of SQL that take longer to plan than to run. `share` moves what is mentioned
more than once into columns of its own, level by level, without changing any result.
"""

from collections import Counter
from collections.abc import Iterator, Sequence

import ibis.expr.operations as ops
import ibis.expr.types as ir

SMALLEST = 3
"""Expressions of fewer nodes are not worth a column."""
PREFIX = "shared_"


def share(table: ir.Table, expressions: Sequence[ir.Value]) -> tuple[ir.Table, list[ir.Value]]:
    """The table with the shared parts as additional columns, and the expressions rewritten over it.

    Needs `fuse_selects` off, as engines set it.
    """
    nodes = [expression.op() for expression in expressions]
    shared = mentioned_again(nodes)
    current = table
    replaced: dict[ops.Node, str] = {}
    for number, level in enumerate(_levels(shared)):
        columns = {f"{PREFIX}{number}_{place}": node for place, node in enumerate(level)}
        computed = {name: _rewritten(node, table, current, replaced).to_expr() for name, node in columns.items()}
        current = current.mutate(**computed)
        replaced |= {node: name for name, node in columns.items()}
    return current, [_rewritten(node, table, current, replaced).to_expr() for node in nodes]


def columns_of(expression: ir.Value) -> tuple[str, ...]:
    """The names of the columns an expression reads, sorted."""
    return tuple(sorted({node.name for node in _values(expression.op()) if isinstance(node, ops.Field)}))


def mentioned_again(nodes: Sequence[ops.Node]) -> list[ops.Node]:
    """What these expressions mention in more than one place and is worth a column, inner parts and outer ones."""
    mentions: Counter[ops.Node] = Counter()
    for node in {value for root in nodes for value in _values(root)}:
        mentions.update(child for child in _operands(node))
    mentions.update(nodes)
    return [node for node, count in mentions.items() if count > 1 and _worth(node)]


def _rewritten(node: ops.Node, table: ir.Table, current: ir.Table, replaced: dict[ops.Node, str]) -> ops.Node:
    """The node over `current`: shared parts become its columns, columns of `table` become its columns."""
    origin, target = table.op(), current.op()

    def replace(found: ops.Node, kwargs: dict[str, object] | None = None, **_: object) -> ops.Node:
        if found in replaced:
            return ops.Field(target, replaced[found])
        if isinstance(found, ops.Field) and found.rel == origin:
            return ops.Field(target, found.name)
        if kwargs:
            return found.__recreate__(kwargs)
        return found

    return node.replace(replace, filter=ops.Value)


def _levels(shared: list[ops.Node]) -> Iterator[list[ops.Node]]:
    """Shared nodes, those first that contain no other."""
    wanted = set(shared)
    depth: dict[ops.Node, int] = {}

    def measure(node: ops.Node) -> int:
        if node not in depth:
            inner = max((measure(child) for child in _operands(node)), default=-1)
            depth[node] = inner + 1 if node in wanted else inner
        return depth[node]

    for node in shared:
        measure(node)
    for level in sorted({depth[node] for node in shared}):
        yield [node for node in shared if depth[node] == level]


def _operands(node: ops.Node) -> Iterator[ops.Node]:
    for child in node.__children__:
        if isinstance(child, ops.Value):
            yield child


def _values(node: ops.Node) -> Iterator[ops.Node]:
    seen: set[ops.Node] = set()
    waiting = [node]
    while waiting:
        found = waiting.pop()
        if found in seen:
            continue
        seen.add(found)
        yield found
        waiting.extend(_operands(found))


def _worth(node: ops.Node) -> bool:
    if isinstance(node, ops.Field | ops.Literal) or not any(isinstance(v, ops.Field) for v in _values(node)):
        return False
    return sum(1 for _ in _values(node)) >= SMALLEST
