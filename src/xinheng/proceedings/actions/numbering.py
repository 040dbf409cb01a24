"""Numbers of cases and documents: counted per region, sign and year, without gaps and never twice."""

from xinheng.people.models import Region
from xinheng.proceedings.models import CaseNumber


def next_number(region: Region, sign: str, year: int) -> str:
    """The next number, such as 信异〔2026〕0001号; must run inside the transaction that uses it."""
    return next_numbers(region, sign, year, count=1)[0]


def next_numbers(region: Region, sign: str, year: int, *, count: int) -> list[str]:
    """The next numbers, as many as are asked for; must run inside the transaction that uses them all."""
    CaseNumber.objects.get_or_create(region=region, sign=sign, year=year, defaults={"last": 0})
    counter = CaseNumber.objects.select_for_update().get(region=region, sign=sign, year=year)
    first = counter.last + 1
    counter.last += count
    counter.save(update_fields=["last"])
    return [f"{sign}〔{year}〕{number:04d}号" for number in range(first, counter.last + 1)]
