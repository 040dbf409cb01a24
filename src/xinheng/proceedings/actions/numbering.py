"""Numbers of cases and documents: counted per region, sign and year, without gaps and never twice."""

from xinheng.people.models import Region
from xinheng.proceedings.models import CaseNumber


def next_number(region: Region, sign: str, year: int) -> str:
    """The next number, such as 信异〔2026〕0001号; must run inside the transaction that uses it."""
    CaseNumber.objects.get_or_create(region=region, sign=sign, year=year, defaults={"last": 0})
    counter = CaseNumber.objects.select_for_update().get(region=region, sign=sign, year=year)
    counter.last += 1
    counter.save(update_fields=["last"])
    return f"{sign}〔{year}〕{counter.last:04d}号"
