"""`/match/{dataset}` as screening clients know it from yente, over the organisations everybody may know of."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Annotated, Any

from django.conf import settings
from django.http import HttpRequest
from ninja import Path, Query, Router

from xinheng.api.access import require_scope
from xinheng.api.match_schemas import ExampleIn, MatchIn, MatchOut
from xinheng.api.problems import NotOffered, Problem
from xinheng.base import clock
from xinheng.base.errors import NotFound
from xinheng.base.scope import PUBLIC
from xinheng.matching.actions import log_asked
from xinheng.matching.asking import Example, PersonSchema, example
from xinheng.matching.finding import SHOWN
from xinheng.matching.matcher import Verdict
from xinheng.matching.queries import Answer, NamedOrganisation, who_is
from xinheng.matching.vocabulary import FEATURES, FULL, vocabulary

router = Router(tags=["名称比对"])
DATASETS = ("default", "organisations")
ALGORITHMS = ("best", "xinheng")
ERRORS = {400: Problem, 401: Problem, 403: Problem, 404: Problem, 422: Problem, 429: Problem}
OTHER = "Organization"
_SCHEMAS = {"企业": "Company", "机关": "PublicBody", "事业单位": "PublicBody"}
"""By the kind the credit code states."""


@router.post("/match/{dataset}", response={200: MatchOut, **ERRORS}, summary="比对单位名称", by_alias=True)
def match(
    request: HttpRequest,
    dataset: Annotated[str, Path(max_length=40, pattern=r"^[0-9A-Za-z_-]+$", description="default 或 organisations")],
    body: MatchIn,
    limit: Annotated[int, Query(ge=1, le=500, description="每个问题最多返回几个单位，多于 5 个时按 5 个")] = SHOWN,
    threshold: Annotated[float, Query(ge=0, le=1, description="match 为真至少要有的分数，0 到 1")] = 0.0,
    cutoff: Annotated[float, Query(ge=0, le=1, description="低于这个分数的不返回，0 到 1")] = 0.0,
    algorithm: Annotated[str, Query(max_length=40, description="best 或 xinheng")] = "best",
    exclude_entity_ids: Annotated[list[str] | None, Query(description="不返回的单位", max_length=50)] = None,
    topics: Annotated[list[str] | None, Query(description="不支持，须为空", max_length=50)] = None,
    changed_since: Annotated[str, Query(description="不支持，须为空", max_length=40)] = "",
) -> dict[str, Any]:
    """Which organisations the examples may be, with scores and reasons; the shape of yente's interface.

    Persons are refused. `match` is true only where the platform itself would link the name: the score reaches the
    threshold of the rulebook, and no other organisation comes near.
    """
    client = require_scope(request, "check")
    limit = min(limit, SHOWN)
    if dataset not in DATASETS:
        raise NotFound("没有这个数据集。", f"可用的数据集：{'、'.join(DATASETS)}。")
    if algorithm not in ALGORITHMS:
        raise NotOffered(f"没有这种比对方法。可用：{'、'.join(ALGORITHMS)}。")
    if topics or changed_since or body.weights or body.config:
        raise NotOffered("本接口不支持 topics、changed_since、weights 和 config。")
    asked = {key: _example(one) for key, one in body.queries.items()}
    typed = [name for one in asked.values() for name in one.typed]
    answers = iter(who_is(PUBLIC, typed, pack=settings.PACK))
    log_asked(count=len(asked), by=client.actor, region=client.region_code, now=clock.now())
    left_out = frozenset(exclude_entity_ids or ())
    responses = {}
    for key, one in asked.items():
        found, linked = _together([next(answers) for _ in one.typed])
        kept = [each for each in found if each.score >= FULL * cutoff and each.organisation.ref not in left_out]
        results = [_scored(each, linked, dataset, threshold) for each in kept[:limit]]
        responses[key] = {
            "status": HTTPStatus.OK,
            "results": results,
            "total": {"value": len(kept), "relation": "eq"},
            "query": _understood(body.queries[key], one),
        }
    return {"responses": responses, "matcher": _features(), "limit": limit}


def _example(one: ExampleIn) -> Example:
    try:
        return example(one.schema_, one.properties)
    except PersonSchema as refusal:
        raise NotOffered(refusal.message, refusal.advice) from refusal


def _together(answers: Sequence[Answer]) -> tuple[list[NamedOrganisation], int | None]:
    """The candidates under all names of one example, the best first, and the one the platform would link."""
    best: dict[int, NamedOrganisation] = {}
    for one in (each for answer in answers for each in answer.candidates):
        if one.organisation.id not in best or best[one.organisation.id].score < one.score:
            best[one.organisation.id] = one
    linked = {answer.candidates[0].organisation.id for answer in answers if answer.verdict is Verdict.SAME}
    ordered = sorted(best.values(), key=lambda one: (-one.score, one.organisation.id))
    return ordered, linked.pop() if len(linked) == 1 else None


def _scored(one: NamedOrganisation, linked: int | None, dataset: str, threshold: float) -> dict[str, object]:
    known = one.organisation
    names = dict.fromkeys((known.name, one.known_name))
    return {
        "id": known.ref,
        "caption": known.name,
        "schema": _SCHEMAS.get(known.kind, OTHER),
        "properties": {
            "name": [known.name],
            "country": ["cn"],
            **({"previousName": [name for name in names if name != known.name]} if one.former else {}),
            **(
                {"uscCode": [known.credit_code], "registrationNumber": [known.credit_code]} if known.credit_code else {}
            ),
        },
        "datasets": [dataset],
        "referents": [],
        "target": False,
        "score": one.score / FULL,
        "match": known.id == linked and one.score >= FULL * threshold,
        "features": {reason.key: -reason.points / FULL for reason in one.reasons},
        "explanations": {
            reason.key: {"score": -reason.points / FULL, "detail": reason.words} for reason in one.reasons
        },
    }


def _understood(given: ExampleIn, one: Example) -> dict[str, object]:
    numbers = [value for _, value in one.numbers]
    properties = {"name": list(one.names), **({"registrationNumber": numbers} if numbers else {})}
    return {"id": given.id, "schema": one.schema, "properties": properties}


def _features() -> dict[str, dict[str, object]]:
    costs = vocabulary(settings.PACK).points.costs
    return {
        key: {"description": words, "coefficient": -costs.get(key, 0) / FULL, "url": ""}
        for key, words in FEATURES.items()
    }
