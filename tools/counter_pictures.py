"""Pictures of the counter for `tools/screenshots.py`; imported once Django is set up.

An officer looks at an organisation's archive and checks it, which the organisation then reads under 谁查过我. Another
applies a measure after a check, the measure turns out to have been wrong, and her department is asked to put it right.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from playwright.sync_api import Page

from xinheng.audit.actor import Actor
from xinheng.base import clock
from xinheng.checks.actions import ask_corrections
from xinheng.effects.actions import end_effects
from xinheng.effects.models import Effect, EndReason, Kind, MeasureTerms
from xinheng.register.models import Organisation

SHOOT = Callable[[Page, str, Path], Path]
TRIED = 12


def look_and_check(page: Page, code: str) -> None:
    """The archive of the organisation is read for a case, and it is checked for an item of business."""
    page.goto(f"/desk/archives/{code}")
    page.locator("main form input[value=case]").check()
    page.fill("main form [name=note]", "核对异议申请涉及的决定书")
    page.locator("main form button[type=submit]").click()
    page.wait_for_url("**/desk/archives/**")
    page.goto("/desk/checks")
    ask(page, code, item=1)


def correct(page: Page, folder: Path, take: SHOOT) -> Path:
    """The page of what must be put right, for the officer who is logged in."""
    with ThreadPoolExecutor(1) as aside:  # Playwright keeps this thread, and Django would refuse it
        code = answered_with_measures(page, aside.submit(measured).result())
        measure = page.locator("main input[name=measure]").first.get_attribute("value") or ""
        page.locator("main input[name=applied]").first.check()
        page.get_by_role("button", name="提交反馈").click()
        page.wait_for_load_state("networkidle")
        aside.submit(annul, code, measure).result()
    return take(page, "/desk/checks/corrections", folder / "desk-check-corrections.png")


def answered_with_measures(page: Page, codes: list[str]) -> str:
    """Check these, for every item the officer is offered, until one answer carries a measure."""
    page.goto("/desk/checks")
    items = page.locator("main select[name=item] option").count()
    for code in codes:
        for item in range(items):
            ask(page, code, item=item)
            if page.locator("main input[name=measure]").count():
                return code
    raise SystemExit("No item of this officer's department asks for a measure that is in force.")


def ask(page: Page, code: str, *, item: int) -> None:
    page.locator("main select[name=item]").select_option(index=item)
    page.fill("main [name=code]", code)
    page.locator("main form").last.locator("button[type=submit]").click()
    page.wait_for_load_state("networkidle")


def measured() -> list[str]:
    """Codes of organisations with a restraint in force, each for another measure."""
    inside = Effect.objects.filter(kind=Kind.RESTRAINT, ended_at=None, starts__lte=clock.today())
    terms = dict(MeasureTerms.objects.values_list("pk", "measure_key"))
    one_each = {terms[terms_id]: subject for terms_id, subject in inside.values_list("terms_id", "subject_no")}
    found = Organisation.objects.filter(pk__in=list(one_each.values())).exclude(credit_code=None).order_by("pk")
    return [str(code) for code in found.values_list("credit_code", flat=True)[:TRIED]]


def annul(code: str, measure: str) -> None:
    """The measure should never have been in force: it ends so, and who applied it is asked to put it right."""
    now = clock.now()
    terms = MeasureTerms.objects.filter(measure_key=measure).values("pk")
    bearer = Organisation.objects.get(credit_code=code)
    wrong = Effect.objects.filter(subject_no=bearer.pk, terms_id__in=terms, ended_at=None)
    end_effects(
        effect_ids=list(wrong.values_list("pk", flat=True)), reason=EndReason.UNFOUNDED, why="认定依据有误（截图）",
        by=Actor.system("截图"), now=now, today=clock.today(now),
    )  # fmt: skip
    ask_corrections(now=now)
