"""The reference page `docs/reference/checks.md`, written from the checks themselves."""

from collections.abc import Iterator

from xinheng.catalogue.checks import CHECKS, Check

LEVELS = {"error": "不收", "warning": "收下并提示", "notice": "收下，不公示"}
_HEAD = """# 校验规则

本页由 `xinheng.catalogue.checks.reference_page.page()` 从代码生成，测试保证两者一致。
“不收”的行留在台账里，改正后可以重新报送；其余的行照常收下。
一条规则有不止一种情形时，以下逐一列出提示和改法；表中的〈〉处换成具体字段的内容。
撤回的行只检查业务主键、撤回原因、特殊字符和文字中的个人信息。
"""
_PLACES = {
    "label": "〈字段名〉",
    "length": "〈长度〉",
    "values": "〈代码表〉",
    "example": "",
    "when": "〈所依的字段〉",
    "when_values": "〈规定的值〉",
}


def page() -> str:
    """The whole page as Markdown."""
    return "\n".join([_HEAD, *(line for check in CHECKS.values() for line in _section(check))])


def _section(check: Check) -> Iterator[str]:
    yield f"## {check.id} {check.title}\n"
    yield f"{check.description}\n"
    yield f"- 主要等级：{check.level}（{LEVELS[check.level]}）"
    yield f"- 依据：{check.citation}"
    yield f"- 依据已核对原文：{'是' if check.verified else '否'}\n"
    yield "| 情形 | 提示 | 改法 |\n| --- | --- | --- |"
    for variant, text in check.texts.items():
        message, advice = text.message.format(**_PLACES), text.advice.format(**_PLACES)
        yield f"| `{variant or '-'}` | {message} | {advice} |"
    yield ""
