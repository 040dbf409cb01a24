"""The reference page `docs/reference/engines.md`, written from the specification.

To write it anew: `python -m tests.spec.engines_page` from the project's folder.
"""

from collections.abc import Iterator
from pathlib import Path

from tests.spec.specs import Case, Drawn, Spec, specs

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "engines.md"
ADVICE = "write the page anew: python -m tests.spec.engines_page"
_HEAD = """# 计算引擎

本页由 `tests/spec/` 里的例表生成，测试保证两者一致。每个例表就是一个测试：DuckDB、Apache Spark 和逐行的 Python
三种引擎都要给出表中的答案。另有随机生成的表在三种引擎之间互相核对。

| 引擎 | 用途 | 需要 |
| --- | --- | --- |
| `duckdb` | 默认，一台机器 | 随程序安装 |
| `spark` | 数据多到一台机器放不下时，换成集群，查询不变 | `xinheng[spark]` 和 Java 17 |
| `reference` | 逐行的 Python，慢，用来说明什么是对的 | 随程序安装 |

三种引擎答案相同，靠的是几条约定：只用整数（金额以分计，折算以千分计），不用小数；没有填的是空，不是零；
日期只按天相减；整数超出 64 位时报错，不悄悄取整。表中 `NULL` 是空，`''` 是空文字，`␟` 是分隔几个名称的字符。
"""
_RIGHT = frozenset("0123456789-")


def page() -> str:
    """The whole page as Markdown."""
    return "\n".join([_HEAD, *(line for spec in specs() for line in _section(spec))])


def _section(spec: Spec) -> Iterator[str]:
    yield f"## {spec.title} `{spec.operation}`\n"
    yield f"{spec.description}\n"
    for case in spec.cases:
        yield f"### {case.title}\n"
        yield from _parameters(case)
        for name, drawn in case.drawn.items():
            if drawn.lines:
                yield f"`{name}`\n"
                yield from _table(drawn)
        if case.expected.lines:
            yield "答案\n"
            yield from _table(case.expected)
        else:
            yield "没有答案。\n"


def _parameters(case: Case) -> Iterator[str]:
    plain = {name: value for name, value in case.parameters.items() if name != "indicators"}
    for name, value in plain.items():
        yield f"- `{name}`：{_listed(value)}"
    for indicator in case.parameters.get("indicators", ()):
        parts = "，".join(f"`{name}` {_listed(value)}" for name, value in indicator.items() if name != "key")
        yield f"- 指标 `{indicator['key']}`：{parts}"
    if case.parameters:
        yield ""


def _listed(value: object) -> str:
    if isinstance(value, list):
        return "、".join(_listed(one) for one in value)
    if isinstance(value, dict):
        return f"{value['column']} 为 {_listed(value['values'])}"
    return str(value)


def _table(drawn: Drawn) -> Iterator[str]:
    numeric = [all(set(line[place]) <= _RIGHT for line in drawn.lines) for place in range(len(drawn.headings))]
    yield f"| {' | '.join(drawn.headings)} |"
    yield f"| {' | '.join('---:' if right else '---' for right in numeric)} |"
    yield from (f"| {' | '.join(line)} |" for line in drawn.lines)
    yield ""


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
