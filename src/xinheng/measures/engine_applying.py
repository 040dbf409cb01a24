"""The engine's effects: what takes away after service, incentives at once, and rest for what lost its ground."""

from datetime import date

from django.db import connection
from django.db.models import Exists, OuterRef

from xinheng.base.period import add_months
from xinheng.effects.actions import Applied, apply_measures, resume_effects, suspend_effects
from xinheng.effects.models import MEASURES, Effect, Kind, MeasureTerms, Suspension
from xinheng.measures.engine_plan import REASONS, Follows, Plan
from xinheng.measures.judging import executable

GROUND = "ground"
"""Begins the cause of a suspension for want of ground."""
_FREE = """
    NOT EXISTS (
        SELECT 1 FROM register_record v
        JOIN effects_effect x ON x.record_id = v.id AND x.kind IN ('restraint', 'graduated', 'incentive')
        JOIN effects_measureterms y ON y.id = x.terms_id
        WHERE v.record_no = r.record_no AND y.measure_key = {key}
          AND (x.ended_at IS NULL AND x.record_id = r.id
               OR x.ended_at IS NOT NULL AND x.end_reason NOT IN ('corrected', 'removed')
               AND NOT EXISTS (SELECT 1 FROM effects_effect n WHERE n.restores_id = x.id)
               AND NOT EXISTS (SELECT 1 FROM effects_effect l WHERE l.id = e.restores_id
                   AND (l.ended_at, l.end_reason) = (x.ended_at, x.end_reason))))
"""
"""The record has no such effect in force, and had none that ended for good. A removal that is corrected is none, nor
an end that came with the end of an entry which returned (`e` is the entry's listing)."""
_STANDS = """
    e.ended_at IS NULL AND (e.ends IS NULL OR e.ends > %(day)s)
    AND NOT EXISTS (SELECT 1 FROM effects_suspension s WHERE s.effect_id = e.id AND s.hides AND s.resumed_at IS NULL)
"""


def apply_served(plan: Plan, record_nos: list[int] | None) -> int:
    """Begin what served notices announced, the day after service; how many.

    A measure that may not be carried out on its first day waits; the notice page says why.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT n.record_id, m.terms_id, m.basis_set_id, m.edition, m.measure_key,
                greatest(s.served_on + 1, e.starts, %(day)s) AS starts, least(m.ends, e.ends) AS ends, e.removal_rule,
                n.list_key, {REASONS}
            FROM measures_notice n
            JOIN effects_service s ON s.id = n.service_id
            JOIN measures_noticemeasure m ON m.notice_id = n.id
            JOIN register_record r ON r.id = n.record_id
            JOIN effects_effect e ON e.record_id = n.record_id
            WHERE n.region_id = %(region)s AND n.closed_at IS NULL
              AND (%(records)s::bigint[] IS NULL OR n.record_no = ANY(%(records)s))
              AND e.kind = 'listing' AND {_STANDS} AND {_FREE.format(key="m.measure_key")}
            ORDER BY n.id, m.id
            """,
            {"day": plan.day, "region": plan.region.pk, "records": record_nos},
        )
        rows = cursor.fetchall()
    measures: dict[Kind, list[Applied]] = {Kind.RESTRAINT: [], Kind.GRADUATED: []}
    may = {asked: _may(plan, *asked) for asked in {(row[3], row[4], row[5]) for row in rows}}
    for record_id, terms, basis, edition, key, starts, ends, rule, list_key, reasons in rows:
        measure = plan.measure(edition, key)
        if measure is None or not may[edition, key, starts] or not plan.sets_off(list_key, measure, reasons):
            continue
        last = _last(plan, edition, key, starts, ends)
        kind = Kind.GRADUATED if measure.graduated else Kind.RESTRAINT
        measures[kind].append(Applied(record_id, terms, basis, starts, last, "" if last else rule))
    return sum(apply_measures(kind=kind, measures=found, by=plan.by, now=plan.now) for kind, found in measures.items())


def apply_incentives(plan: Plan, record_nos: list[int] | None) -> int:
    """Begin the incentives of honour lists: they take nothing away, so no notice comes before; how many."""
    applied = 0
    for list_key, follows in plan.incentives.items():
        for one in follows:
            applied += apply_measures(
                kind=Kind.INCENTIVE, measures=_due(plan, list_key, one, record_nos), by=plan.by, now=plan.now
            )
    return applied


def rest_what_lost_its_ground(plan: Plan) -> None:
    """Measures whose list was withdrawn or changed, or whose basis is out of force, rest until that is put right."""
    groups: dict[tuple[str, str], list[int]] = {}
    for one in MeasureTerms.objects.all():
        groups.setdefault((one.edition, one.measure_key), []).append(one.pk)
    resting = set(
        Suspension.objects.filter(cause__startswith=f"{GROUND}:{plan.region.pk}:", resumed_at=None)
        .values_list("cause", flat=True)
        .distinct()
    )
    for (edition, key), terms in groups.items():
        cause = f"{GROUND}:{plan.region.pk}:{edition}:{key}"[:60]
        if not _may(plan, edition, key, plan.day):
            _let_rest(plan, edition, key, terms, cause)
        elif cause in resting:
            resume_effects(cause=cause, reason="可以继续执行", by=plan.by, now=plan.now, today=plan.day)


def _let_rest(plan: Plan, edition: str, key: str, terms: list[int], cause: str) -> None:
    """Those in force that do not rest for this cause yet; mostly there are none."""
    resting = Suspension.objects.filter(effect_id=OuterRef("pk"), cause=cause, resumed_at=None)
    alive = Effect.objects.filter(
        ~Exists(resting), region_id=plan.region.pk, terms_id__in=terms, ended_at=None,
        kind__in=MEASURES,
    ).exclude(ends__lte=plan.day)  # fmt: skip
    numbers = list(alive.values_list("pk", flat=True))
    if numbers:
        suspend_effects(
            effect_ids=numbers, cause=cause, hides=True, reason=_why_not(plan, edition, key), by=plan.by,
            now=plan.now, today=plan.day,
        )  # fmt: skip


def _why_not(plan: Plan, edition: str, key: str) -> str:
    measure = plan.measure(edition, key)
    return "".join(executable(measure, plan.ground, plan.day).reasons)[:300] if measure else "规则包中已没有这项措施。"


def _may(plan: Plan, edition: str, key: str, day: date) -> bool:
    measure = plan.measure(edition, key)
    return measure is not None and bool(executable(measure, plan.ground, day))


def _last(plan: Plan, edition: str, key: str, starts: date, ends: date | None) -> date | None:
    """The first day without it: that of its cause, or the longest time its own text allows."""
    measure = plan.measure(edition, key)
    if measure is None or not measure.max_months:
        return ends
    longest = add_months(starts, measure.max_months)
    return min(ends, longest) if ends else longest


def _due(plan: Plan, list_key: str, one: Follows, record_nos: list[int] | None) -> list[Applied]:
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT e.record_id, greatest(e.starts, %(day)s), e.ends, e.removal_rule FROM effects_effect e
            JOIN effects_listingterms t ON t.id = e.terms_id
            JOIN register_record r ON r.id = e.record_id
            WHERE t.list_key = %(list)s AND e.region_id = %(region)s AND e.kind = 'honour'
              AND {_STANDS}
              AND (%(records)s::bigint[] IS NULL OR r.record_no = ANY(%(records)s))
              AND {_FREE.format(key="%(key)s")}
            ORDER BY e.id
            """,
            {
                "day": plan.day,
                "list": list_key,
                "region": plan.region.pk,
                "records": record_nos,
                "key": one.measure.key,
            },
        )
        return [
            Applied(record, one.terms_id, one.basis_set_id, starts, ends, "" if ends else rule)
            for record, starts, ends, rule in cursor.fetchall()
        ]
