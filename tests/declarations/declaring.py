"""A shop whose user declares things of it, and the short way through the verification."""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from tests.intake.intake_rows import SHOP, SHOP_NAME, organisation
from tests.people.test_organisation_users import join, word_for
from tests.proceedings.cases import PDF
from tests.world import World, table

from xinheng.base.scope import PUBLIC
from xinheng.effects.queries import PublishedRecord, published_of
from xinheng.people.models import OrganisationMembership, User
from xinheng.proceedings.actions import Statement, Upload, change_declaration, move, open_declaration
from xinheng.proceedings.models import Case, CaseEvent
from xinheng.register.queries import organisation as registered

TYPED = {
    "title": "食品安全管理体系认证", "certificate_no": "FSMS-990001-0026", "issuer": "幻海认证中心",
    "obtained_on": "2026-03-12", "valid_to": "2028-03-11", "statement": "糕点的生产",
}  # fmt: skip


@dataclass
class Declaring:
    """The county, the shop's membership, and what can be done with a declaration."""

    world: World
    membership: OrganisationMembership

    @property
    def now(self) -> datetime:
        return self.world.now

    def later(self, days: int) -> None:
        self.world.now = self.world.now + timedelta(days=days)

    def officer(self, username: str = "he.shuo") -> User:
        return self.world.officer(username)

    def upload(self, content: bytes = PDF, name: str = "证书.pdf", kind: str = "evidence") -> Upload:
        path = Path(self.world.home.tmp) / f"up-{uuid.uuid4().hex}"
        path.write_bytes(content)
        return Upload(kind, name, path)

    def declare(self, kind: str = "qualification", signed_by: str = SHOP_NAME, **facts: object) -> Case:
        entry = facts.pop("entry", uuid.uuid4())
        uploads = facts.pop("uploads", None)
        return open_declaration(
            kind=kind,
            statement=Statement({**TYPED, **{key: str(value) for key, value in facts.items()}}, signed_by),
            uploads=[self.upload()] if uploads is None else uploads,  # type: ignore[arg-type]
            entry=entry,  # type: ignore[arg-type]
            membership=self.membership,
            now=self.now,
        ).case

    def change(self, case: Case, seen: int | None = None, **facts: object) -> CaseEvent:
        typed = {**TYPED, **{key: str(value) for key, value in facts.items()}}
        return change_declaration(
            case=case.pk, statement=Statement(typed, SHOP_NAME), uploads=[], by=self.membership.user, now=self.now,
            seen=seen,
        )  # fmt: skip

    def verify(self, case: Case, by: str = "he.shuo") -> CaseEvent:
        stated = {"verified_how": "与发证单位公布的证书名录核对一致"}
        return move(case=case.pk, event="verify", stated=stated, by=self.officer(by), now=self.now)

    def step(self, case: Case, event: str, by: str = "lin.xinyu", **stated: str) -> CaseEvent:
        return move(case=case.pk, event=event, stated=stated, by=self.officer(by), now=self.now)

    def public(self) -> tuple[PublishedRecord, ...]:
        found = registered(PUBLIC, SHOP)
        return published_of(PUBLIC, found.id, as_at=self.now.date(), type="declaration")


def build(world: World) -> Declaring:
    """The registered shop and its holder."""
    world.batch(table([organisation()]), "organisation")
    join(world, "shop.a", word_for(world))
    return Declaring(
        world, OrganisationMembership.objects.select_related("user", "region").get(user__username="shop.a")
    )
