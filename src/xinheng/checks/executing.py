"""Which measures may be carried out today, kept while nothing changed that decides it."""

from datetime import date
from functools import lru_cache

from django.db import connection

from xinheng.base.scope import Scope
from xinheng.measures.queries import measures

_STATE = """
SELECT concat_ws('|',
    (SELECT max(id) FROM law_provision), (SELECT max(superseded_at) FROM law_provision),
    (SELECT max(id) FROM law_legaltext), (SELECT max(superseded_at) FROM law_legaltext),
    (SELECT count(*) FROM law_consultation),
    (SELECT string_agg(concat_ws(',', p.id, p.digest, p.starts, p.ends, p.closed_at), ';' ORDER BY p.id)
     FROM measures_listpublication p JOIN people_region r ON r.id = p.region_id WHERE r.code = %s))
"""


def executable_measures(pack: str, region_code: str, day: date) -> frozenset[tuple[str, str]]:
    """Edition and key of every measure that may be carried out on that day in that region.

    Judging all of them reads the whole legal register, so the result is kept as long as the register and the
    publications, read each time, are what they were.
    """
    with connection.cursor() as cursor:
        cursor.execute(_STATE, [region_code])
        (state,) = cursor.fetchone()
    return _judged(pack, region_code, day, connection.settings_dict["NAME"], state)


@lru_cache(maxsize=64)
def _judged(pack: str, region_code: str, day: date, database: str, state: str) -> frozenset[tuple[str, str]]:
    found = measures(Scope(region=region_code), pack=pack, as_at=day)
    return frozenset((one.measure.edition, one.measure.key) for one in found if one.executable)
