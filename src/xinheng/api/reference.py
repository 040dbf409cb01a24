"""The reference page of the HTTP interface, written from its OpenAPI description."""

from collections.abc import Iterator, Mapping
from typing import Any

HEAD = """# HTTP 接口

本页由 `xinheng.api.reference` 生成，测试保证它与程序一致。完整描述（OpenAPI 3.1）在 `/api/v1/openapi.json`。

- 公开查询不需要密钥，只回答单位，只回答今天仍在公示的信息；每个地址每分钟 600 次。
- 其余操作需要部门接口程序的密钥：`Authorization: Bearer 密钥`；每个程序每分钟 1200 次。
- 写操作须带 `Idempotency-Key`：同一个值、同样的内容，得到同样的回答，不会重复收下。
- 列表按 `next_cursor` 翻页，空字符串表示没有下一页。
- 错误一律为 `application/problem+json`：`status`、`detail`（一句话）、`advice`（怎么办）、`errors`（哪个参数）。
"""


def api_page(schema: Mapping[str, Any]) -> str:
    """The page as Markdown, for an OpenAPI description."""
    return "\n".join([HEAD, *_operations(schema["paths"])])


def _operations(paths: Mapping[str, Any]) -> Iterator[str]:
    for path, operations in paths.items():
        for method, operation in operations.items():
            yield f"## `{method.upper()} {path}`\n"
            secret = "需要密钥。" if operation.get("security") else ""
            yield f"{operation['summary']}。{secret}\n"
            parameters = operation.get("parameters", [])
            if parameters:
                yield "| 参数 | 位置 | 必填 | 说明 |\n| --- | --- | --- | --- |"
                yield from (_parameter(one) for one in parameters)
                yield ""
            yield f"回答：{'、'.join(f'`{status}`' for status in operation['responses'])}。\n"


def _parameter(one: Mapping[str, Any]) -> str:
    needed = "是" if one.get("required") else ""
    text = one.get("description") or one["schema"].get("description", "")
    return f"| `{one['name']}` | {one['in']} | {needed} | {text} |"
