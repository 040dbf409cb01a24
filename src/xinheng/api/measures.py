"""Which lists and measures there are, and what may be carried out today: the same for everybody."""

from typing import Annotated

from django.conf import settings
from django.http import HttpRequest
from ninja import Query, Router

from xinheng.api.problems import Problem
from xinheng.api.schemas import BasisLineOut, ListOut, MeasureOut
from xinheng.base import clock
from xinheng.base.scope import PUBLIC
from xinheng.measures import queries
from xinheng.measures.queries import BasisLine, ListView, MeasureView

router = Router(tags=["名单和措施"])
ERRORS = {422: Problem, 429: Problem}


@router.get("/measures", response={200: list[MeasureOut], **ERRORS}, summary="措施清单")
def measures(
    request: HttpRequest,
    executable: Annotated[bool | None, Query(description="只要今天可以执行的（true）或者不可以执行的（false）")] = None,
    list_key: Annotated[str | None, Query(max_length=60, description="名单代码，例如 L03：只要由它触发的")] = None,
) -> list[MeasureOut]:
    """Every measure with its basis, and whether it may be carried out today and why not."""
    return [
        _measure(view)
        for view in queries.measures(PUBLIC, pack=settings.PACK, as_at=clock.today())
        if (executable is None or bool(view.executable) == executable)
        and (list_key is None or list_key in view.measure.list_keys)
    ]


@router.get("/lists", response={200: list[ListOut], **ERRORS}, summary="名单目录")
def lists(request: HttpRequest) -> list[ListOut]:
    """Every list, by which law it exists, and when an entry ends."""
    return [_list(view) for view in queries.lists(PUBLIC, pack=settings.PACK, as_at=clock.today())]


def _measure(view: MeasureView) -> MeasureOut:
    one = view.measure
    return MeasureOut(
        edition=one.edition,
        edition_title=view.edition_title,
        key=one.key,
        measure_class=one.measure_class,
        title=one.title,
        text=one.text,
        objects=one.objects,
        object_kind=one.object_kind,
        basis=_basis(view.basis),
        basis_text=one.basis_text,
        executing_body=one.executing_body,
        departments=[*view.departments],
        lists=[*one.list_keys],
        max_months=one.max_months,
        fair_competition=one.fair_competition,
        executable=bool(view.executable),
        reasons=[*view.executable.reasons],
        citation=one.citation,
        verified=one.verified,
    )


def _list(view: ListView) -> ListOut:
    shown = {name: getattr(view.rule, name) for name in ListOut.model_fields if name != "basis"}
    return ListOut(basis=_basis(view.basis), **shown)


def _basis(lines: tuple[BasisLine, ...]) -> list[BasisLineOut]:
    return [BasisLineOut.from_orm(line) for line in lines]
