"""The demo county publishes its fictional list of measures, by two officers, as any county would."""

from datetime import datetime

from xinheng.base.clock import today
from xinheng.base.scope import Scope
from xinheng.measures.actions import confirm_list, propose_list
from xinheng.measures.queries import editions
from xinheng.people.models import User
from xinheng.site.setting_up import DEMO

FIRST, SECOND = "lin.xinyu", "zhou.ming"


def publish_measures(*, now: datetime) -> None:
    """Publish every edition of the demo pack that is in force and not public yet; repeating it changes nothing."""
    first, second = (User.objects.select_related("region").get(username=name) for name in (FIRST, SECOND))
    for one in editions(Scope(region=first.region.code), pack=DEMO, as_at=today(now)):
        if one.in_force and (one.published_from is None or one.changed_since):
            proposal = propose_list(edition=one.edition.key, pack=DEMO, by=first, now=now)
            confirm_list(publication=proposal.pk, pack=DEMO, by=second, now=now)
