"""The two series of the monthly chart, shared by the statistics page and the drawing."""

from datetime import date

from xinheng.base.scope import PUBLIC
from xinheng.effects.queries import counts_by_month
from xinheng.portal.charts import Bars, Series
from xinheng.portal.kinds import kind

MONTHS = 12


def licences_and_penalties(today: date) -> Series:
    """Decisions in force now by month of decision, for licences and penalties, oldest month first."""
    return tuple((kind(key).title, _bars(key, today)) for key in ("licence", "penalty"))


def _bars(key: str, today: date) -> Bars:
    return tuple(
        (f"{month.year}年{month.month}月", count)
        for month, count in counts_by_month(PUBLIC, type=key, as_at=today, months=MONTHS)
    )
