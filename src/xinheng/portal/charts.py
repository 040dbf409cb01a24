"""Charts as SVG text, drawn on the server, each in a wide and a narrow form.

The same numbers as a table beside the drawing are the page's duty.
"""

from collections.abc import Sequence
from functools import lru_cache

import altair
import vl_convert

FONT = "PingFang SC, Microsoft YaHei, Noto Sans SC, sans-serif"
INK, GRID = "#1f2933", "#d7dee8"
COLOURS = ("#1a56a8", "#d98a1f")
LABEL_SIZE = 13
LEGEND_GAP = 48
"""Room between legend entries for Chinese letters measured too narrow on a machine without such a font."""

Bars = tuple[tuple[str, int], ...]
Series = tuple[tuple[str, Bars], ...]
"""Each series with its name: ((“行政许可”, ((“2026年1月”, 12), …)), …)."""


@lru_cache(maxsize=64)
def month_bars(series: Series, *, narrow: bool = False) -> str:
    """Grouped columns per month, oldest first; the months are shown as given, every fourth when narrow."""
    months = [month for month, _ in series[0][1]]
    rows = [{"月份": month, "类别": name, "件数": count} for name, bars in series for month, count in bars]
    names = [name for name, _ in series]
    shown = months[::-1][::4][::-1] if narrow else months
    chart = (
        altair.Chart({"values": rows})
        .mark_bar(cornerRadiusEnd=2)
        .encode(
            x=altair.X("月份:N", sort=months, title=None, axis=altair.Axis(labelAngle=0, values=shown)),
            xOffset=altair.XOffset("类别:N", sort=names),
            y=altair.Y("件数:Q", title=None, axis=altair.Axis(format=",d", tickCount=5, tickMinStep=1)),
            color=altair.Color(
                "类别:N",
                sort=names,
                scale=altair.Scale(domain=names, range=list(COLOURS[: len(names)])),
                legend=altair.Legend(
                    title=None,
                    orient="top",
                    direction="horizontal",
                    symbolType="square",
                    columnPadding=LEGEND_GAP,
                ),
            ),
        )
        .properties(width=280 if narrow else 1040, height=200 if narrow else 260)
    )
    return _svg(chart)


@lru_cache(maxsize=64)
def ranked_bars(bars: Bars, *, narrow: bool = False) -> str:
    """Horizontal bars in the given order with the number at the end of each."""
    longest = 10 if narrow else 15
    labelled = [(_shortened(name, longest), count) for name, count in bars]
    rows = [{"名称": name, "件数": count} for name, count in labelled]
    base = altair.Chart({"values": rows}).encode(
        y=altair.Y(
            "名称:N",
            sort=[name for name, _ in labelled],
            title=None,
            axis=altair.Axis(labelLimit=0, labelPadding=6, ticks=False, domain=False),
        ),
        x=altair.X("件数:Q", title=None, axis=None, scale=altair.Scale(domain=[0, _room(bars)])),
    )
    drawn = base.mark_bar(color=COLOURS[0], cornerRadiusEnd=2, height={"band": 0.62})
    numbers = base.mark_text(align="left", dx=4, fontSize=12, color=INK).encode(text=altair.Text("件数:Q", format=",d"))
    # The margin is reckoned here: the machine that draws may have no Chinese font to measure labels with.
    margin = LABEL_SIZE * max((len(name) for name, _ in labelled), default=0) + 16
    chart = (drawn + numbers).properties(
        width=(330 if narrow else 540) - margin,
        height=max(60, 30 * len(bars)),
        padding={"left": margin, "right": 4, "top": 4, "bottom": 4},
        autosize="none",
    )
    return _svg(chart)


def _shortened(name: str, longest: int) -> str:
    return name if len(name) <= longest else f"{name[: longest - 1]}…"


def _room(bars: Sequence[tuple[str, int]]) -> float:
    """The end of the axis: space for the number behind the longest bar."""
    return max((count for _, count in bars), default=0) * 1.25 or 1


def _svg(chart: altair.Chart | altair.LayerChart) -> str:
    styled = chart.configure(font=FONT, background="#ffffff").configure_view(stroke=None)
    styled = styled.configure_axis(
        labelColor=INK, labelFontSize=LABEL_SIZE, gridColor=GRID, domainColor=GRID, tickColor=GRID
    ).configure_legend(labelColor=INK, labelFontSize=14, symbolSize=140)
    svg: str = vl_convert.vegalite_to_svg(styled.to_json())
    return svg
