"""One organisation of the demo county with a login of its own, so that the organisation centre can be tried."""

import secrets
from datetime import datetime

from django.db import transaction

from xinheng.audit.actor import Actor
from xinheng.base import clock
from xinheng.base.home import Home
from xinheng.base.scope import PUBLIC
from xinheng.effects.queries import published_list
from xinheng.people import actions as people
from xinheng.people.models import Role, User
from xinheng.register.queries import organisation
from xinheng.site.demo.commitments import promise
from xinheng.site.demo.declarations import declare_and_train
from xinheng.site.demo.summary import Login, demo_logins, write_logins

USERNAME, NAME = "jingban.yi", "柳青"


@transaction.atomic
def let_one_organisation_in(home: Home, *, now: datetime) -> None:
    """Bind a login to an organisation with a penalty on the site; nothing happens where there is none."""
    page = published_list(PUBLIC, type="penalty", as_at=clock.today(now), limit=1)
    officer = User.objects.filter(grants__role=Role.CREDIT_OFFICE, grants__revoked_at=None).order_by("pk").first()
    if not page.rows or officer is None:
        return
    shown = organisation(PUBLIC, page.rows[0].organisation_ref)
    if not shown.credit_code:
        return
    _, word = people.issue_binding_code(
        credit_code=shown.credit_code, region=officer.region, for_holder=True, by=Actor.of(officer), now=now
    )
    password = f"yunyu-{secrets.token_hex(5)}"
    membership = people.register_organisation_user(
        username=USERNAME,
        display_name=NAME,
        password=password,
        email="",
        credit_code=shown.credit_code,
        word=word,
        now=now,
    )
    promise(home, membership=membership, name=shown.name, officer=officer, now=now)
    declare_and_train(home, membership=membership, name=shown.name, officer=officer, now=now)
    login = Login(USERNAME, NAME, shown.name, "企业中心", password)
    write_logins(home, [*demo_logins(home), login])
