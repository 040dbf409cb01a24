"""Drawings are text, name what they draw, and do not depend on fonts of the drawing machine."""

import re

from xinheng.portal.charts import month_bars, ranked_bars

MONTHS = (
    ("行政许可", (("2026年10月", 1200), ("2026年11月", 900))),
    ("行政处罚", (("2026年10月", 40), ("2026年11月", 0))),
)


def test_a_month_chart_names_both_series_and_every_month():
    svg = month_bars(MONTHS)
    for word in ("行政许可", "行政处罚", "2026年10月", "2026年11月"):
        assert f">{word}<" in svg


def test_a_narrow_month_chart_is_narrower():
    assert _width(month_bars(MONTHS, narrow=True)) < _width(month_bars(MONTHS)) / 2


def test_ranked_bars_leave_room_for_the_longest_name():
    svg = ranked_bars((("云屿县住房和城乡建设局", 12), ("云屿县水利局", 3)))
    start = float(re.search(r'transform="translate\((\d+)', svg).group(1))
    assert start >= 13 * len("云屿县住房和城乡建设局")


def test_a_long_name_is_shortened_with_an_ellipsis_on_phones():
    svg = ranked_bars((("云屿县住房和城乡建设与园林绿化局", 12),), narrow=True)
    assert ">云屿县住房和城乡建…<" in svg


def test_no_numbers_at_all_still_make_a_drawing():
    assert ranked_bars(()).startswith("<svg")


def _width(svg: str) -> float:
    return float(re.search(r'<svg[^>]* width="(\d+)', svg).group(1))
