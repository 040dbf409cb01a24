"""The style page: every component once, with made-up content, for whoever builds the next page."""

import base64
from dataclasses import dataclass
from datetime import date
from types import SimpleNamespace

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from xinheng.portal.charts import ranked_bars

BARS = (("行政许可", 420), ("行政处罚", 36), ("行政奖励", 8))


class SampleForm(forms.Form):
    """Fields as they look filled, with help, and with an error."""

    name = forms.CharField(label="单位名称", initial="云屿星槎渔具制造有限公司")
    code = forms.CharField(label="统一社会信用代码", help_text="18 位，大小写都可以。", min_length=18)
    note = forms.CharField(label="说明", required=False, widget=forms.Textarea({"rows": 4}))


@dataclass(frozen=True)
class Node:
    """A level of the why-tree, shaped like effects.queries.WhyNode."""

    label: str
    text: str
    link: str = ""
    children: tuple["Node", ...] = ()


@login_required
@require_safe
def styleguide(request: HttpRequest) -> HttpResponse:
    """`/desk/styleguide`, for anybody with a login."""
    return render(request, "styleguide.html", sample())


def sample() -> dict[str, object]:
    """Made-up content; no record of it exists."""
    return {
        "form": SampleForm({"name": "云屿星槎渔具制造有限公司", "code": "9199", "note": ""}),
        "steps": [
            SimpleNamespace(day=date(2026, 11, 2), text="收到申请", detail="县市场监管局窗口"),
            SimpleNamespace(day=date(2026, 11, 4), text="受理", detail="从受理之日起算 7 个工作日"),
            SimpleNamespace(day=None, text="作出决定", detail="还剩 2 个工作日", next=True),
        ],
        "tabs": [
            SimpleNamespace(url="#tabs", label="全部", count=12, current=True),
            SimpleNamespace(url="#tabs", label="行政许可", count=11, current=False),
            SimpleNamespace(url="#tabs", label="行政处罚", count=1, current=False),
        ],
        "kinds": [
            SimpleNamespace(
                code="V04",
                title="统一社会信用代码校验位不对",
                advice="请对照营业执照逐位核对。",
                count=12,
                url="#",
            ),
            SimpleNamespace(code="V02", title="日期写法认不出", advice="请写成 2026/11/21。", count=3, url="#"),
        ],
        "rows": [
            SimpleNamespace(row=17, column="统一社会信用代码", value="9199…TE6C", message="校验位不对，应为 B。"),
            SimpleNamespace(row=42, column="处罚决定日期", value="43372", message="像是表格软件的日期序号。"),
        ],
        "consequences": [
            "这条信息从今天起停止公示，公众看不到。",
            "报送部门会收到通知和您写的理由。",
            "需要另一位工作人员确认后才生效。",
        ],
        "node": Node(
            "公示",
            "2026年11月21日至2027年2月20日",
            children=(
                Node("条文", "《云屿县公共信用信息管理办法（虚构）》第九条", "#basis"),
                Node("决定", "云市监罚〔2026〕12号", children=(Node("文件", "penalties.csv 第 17 行"),)),
            ),
        ),
        "chart": _inline(ranked_bars(BARS)),
        "narrow_chart": _inline(ranked_bars(BARS, narrow=True)),
        "bars": BARS,
        "headings": ("类别", "件数"),
        "today": date(2026, 11, 21),
    }


def _inline(svg: str) -> str:
    """The drawing as an address of its own: nothing behind this page could be asked for it."""
    return f"data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode()}"
