"""Two heavy penalties of the demo county's market bureau: one led to a listing, on the other the company is heard.

The cases began weeks ago; the entry itself comes into the ledger now, since batches are numbered as they come.
"""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from xinheng.base.clock import format_date, today
from xinheng.base.home import Home
from xinheng.people.models import User
from xinheng.proceedings.actions import Upload, add_attachment, confirm, move, open_determination, propose
from xinheng.proceedings.determination_rules import DeterminationRule, rule_of
from xinheng.proceedings.documents import pdf
from xinheng.proceedings.models import Case
from xinheng.register.models import Record
from xinheng.site.setting_up import DEMO

LIST, CLERK, DECIDERS = "L04", "he.shuo", ("jian.yi", "ren.xu")
DRAFTED, TOLD, HEARD, DECIDED = (timedelta(days=days) for days in (40, 37, 30, 4))
WAITING = timedelta(days=3)
FACTS = {
    "ground": LIST,
    "facts": "（虚构）照处罚决定书：经责令改正拒不改正，情节严重。",
    "article": "《演示省社会信用条例（虚构）》第十八条",
}
REASON = "（虚构）处罚已经生效，符合列入的条件。"


def determine(home: Home, *, now: datetime) -> None:
    """Take both cases as far as they have come; a small county may have fewer penalties that heavy."""
    rule, clerk = rule_of(DEMO, LIST), _officer(CLERK)
    if rule is None:
        return
    for penalty, further in zip(_heavy(rule, clerk, now), (True, False), strict=False):
        began = DRAFTED if further else WAITING
        case = _tell(penalty, home=home, clerk=clerk, drafted=now - began, now=now)
        if further:
            _list(case, home=home, clerk=clerk, now=now)


def _heavy(rule: DeterminationRule, clerk: User, now: datetime) -> Iterator[Record]:
    """The bureau's newest penalties that the list's rule names, one of each subject that stands on no list."""
    own = Record.objects.filter(
        type__in=rule.types, department=clerk.department, known_to=None, withdrawn=False, gate="open",
        decided_on__lte=today(now) - DRAFTED,
        subject_no__isnull=False,
    )  # fmt: skip
    listed = set(Record.objects.filter(type="serious_list", known_to=None).values_list("subject_no", flat=True))
    for penalty in own.order_by("-decided_on", "pk").iterator(chunk_size=500):
        if penalty.subject_no not in listed and rule.qualifies(penalty):
            listed.add(penalty.subject_no)
            yield penalty


def _tell(penalty: Record, *, home: Home, clerk: User, drafted: datetime, now: datetime) -> Case:
    """Drafted, and the notice served; the company may speak."""
    with _paper(home, "作为依据的决定文书", clerk, now) as paper:
        case = open_determination(
            record_no=penalty.record_no, stated=FACTS, uploads=[Upload("decision", "处罚决定书（虚构）.pdf", paper)],
            entry=uuid.uuid4(), by=clerk, now=drafted,
        )  # fmt: skip
    told = drafted + (DRAFTED - TOLD)
    move(case=case.pk, event="notify", stated={"reason": REASON}, by=clerk, now=drafted)
    served = {"served_on": f"{today(told)}", "served_how": "mail", "evidence": "邮政专递（虚构），已签收"}
    move(case=case.pk, event="serve_notice", stated=served, by=clerk, now=told)
    return case


def _list(case: Case, *, home: Home, clerk: User, now: datetime) -> None:
    """Heard, consented to above, decided by two persons, served: now it is an entry."""
    heard, decided = now - HEARD, now - DECIDED
    move(case=case.pk, event="state", stated={"statement": "（虚构）没有意见，正在整改。"}, by=clerk, now=heard)
    with _paper(home, "上一级机关同意的文件", clerk, now) as paper:
        add_attachment(case=case.pk, upload=Upload("consent", "同意列入的复函（虚构）.pdf", paper), by=clerk, now=heard)
    consent = {"consent_no": f"幻市监函〔{decided.year}〕19号（虚构）"}
    move(case=case.pk, event="note_consent", stated=consent, by=clerk, now=heard)
    first, second = (_officer(name) for name in DECIDERS)
    stated = {"act_no": f"云市监列〔{decided.year}〕900号", "months": "36", "reason": REASON}
    proposal = propose(case=case.pk, event="decide", stated=stated, by=first, now=decided)
    confirm(proposal=proposal.pk, by=second, now=decided)
    served = {"served_on": f"{today(now)}", "served_how": "direct", "evidence": "送达回证（虚构）第 900 号"}
    move(case=case.pk, event="serve", stated=served, by=clerk, now=now)


@contextmanager
def _paper(home: Home, title: str, by: User, now: datetime) -> Iterator[Path]:
    """A document to attach, plainly invented."""
    path = home.tmp / f"paper-{uuid.uuid4().hex}"
    path.write_bytes(
        pdf(
            office=by.department.name,
            title=f"{title}（虚构）",
            number="",
            day=format_date(today(now)),
            paragraphs=["（虚构）本文件只用于演示。"],
            notice="演示数据，均为虚构",
        )
    )
    try:
        yield path
    finally:
        path.unlink(missing_ok=True)


def _officer(username: str) -> User:
    return User.objects.select_related("region", "department").get(username=username)
