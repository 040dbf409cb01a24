"""措施清单, 名单目录, 备忘录: which lists exist by which law, what may follow from them, and whether it may today."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from xinheng.base import clock
from xinheng.base.errors import NotFound
from xinheng.base.scope import PUBLIC
from xinheng.measures import queries
from xinheng.measures.export import measures_workbook
from xinheng.measures.queries import MeasureView
from xinheng.measures.wording import CLASS_WORDS, CLASSES_IN_ORDER, KIND_WORDS, KINDS_IN_ORDER

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """`/measures`: one edition by class; the published one first."""
    today = clock.today()
    editions = queries.editions(PUBLIC, pack=settings.PACK, as_at=today)
    asked = request.GET.get("edition", editions[0].edition.key if editions else "")
    chosen = next((one for one in editions if one.edition.key == asked), None)
    if chosen is None:
        raise NotFound("没有这份措施清单。", "请从“措施清单”页选择。")
    views = [
        one
        for one in queries.measures(PUBLIC, pack=settings.PACK, as_at=today)
        if one.measure.edition == chosen.edition.key
    ]
    context = {"editions": editions, "chosen": chosen, "classes": _by_class(views), "today": today}
    return render(request, "portal/measures.html", context)


@require_safe
def measure(request: HttpRequest, edition: str, key: str) -> HttpResponse:
    """`/measures/<edition>/<key>`: one measure, and why it may or may not be carried out today."""
    today = clock.today()
    found = queries.measure(PUBLIC, key, pack=settings.PACK, as_at=today, edition=edition)
    word = CLASS_WORDS[found.measure.measure_class]
    return render(request, "portal/measure.html", {"view": found, "class_word": word, "today": today})


@require_safe
def workbook(request: HttpRequest) -> HttpResponse:
    """`/measures.xlsx`"""
    return HttpResponse(
        measures_workbook(PUBLIC, pack=settings.PACK, as_at=clock.today()),
        content_type=XLSX,
        headers={"Content-Disposition": 'attachment; filename="measures.xlsx"'},
    )


@require_safe
def lists(request: HttpRequest) -> HttpResponse:
    """`/lists`: which lists there are, by kind."""
    found = queries.lists(PUBLIC, pack=settings.PACK, as_at=clock.today())
    kinds = [(KIND_WORDS[kind], [one for one in found if one.rule.kind == kind]) for kind in KINDS_IN_ORDER]
    return render(request, "portal/lists.html", {"kinds": [(word, ones) for word, ones in kinds if ones]})


@require_safe
def one_list(request: HttpRequest, key: str) -> HttpResponse:
    """`/lists/<key>`"""
    found = queries.list_of(PUBLIC, key, pack=settings.PACK, as_at=clock.today())
    return render(request, "portal/list.html", {"view": found, "kind_word": KIND_WORDS[found.rule.kind]})


@require_safe
def memoranda(request: HttpRequest) -> HttpResponse:
    """`/memoranda`: history, never a basis."""
    return render(request, "portal/memoranda.html", {"memoranda": queries.memoranda(PUBLIC, pack=settings.PACK)})


def _by_class(views: list[MeasureView]) -> list[tuple[str, list[MeasureView]]]:
    grouped = [
        (CLASS_WORDS[one], [view for view in views if view.measure.measure_class == one]) for one in CLASSES_IN_ORDER
    ]
    return [(word, ones) for word, ones in grouped if ones]
