"""Who does something: an officer, an organisation's user, a department's program, the platform, or a visitor."""

from dataclasses import dataclass
from typing import Literal, Protocol

ActorKind = Literal["officer", "org_user", "client", "system", "public"]


class Named(Protocol):
    """What `Actor.of` needs to know of an officer; `people.models.User` fits."""

    @property
    def pk(self) -> int: ...

    @property
    def display_name(self) -> str: ...


@dataclass(frozen=True)
class Actor:
    """The one who acts, in words that stay readable when the account is long gone."""

    kind: ActorKind
    id: str
    name: str

    @classmethod
    def of(cls, user: Named) -> "Actor":
        """The actor behind an officer's account."""
        return cls("officer", str(user.pk), user.display_name)

    @classmethod
    def organisation_user(cls, number: int, name: str) -> "Actor":
        """Somebody who acts for an organisation, known by the number of her login."""
        return cls("org_user", str(number), name)

    @classmethod
    def client(cls, prefix: str, name: str) -> "Actor":
        """A department's program, known by the public part of its secret."""
        return cls("client", prefix, name)

    @classmethod
    def system(cls, name: str) -> "Actor":
        """The platform itself: a scheduled job, a command on the server, the first set-up."""
        return cls("system", "", name)

    @property
    def officer_id(self) -> int | None:
        """The account's number when an officer acts, else None."""
        return int(self.id) if self.kind == "officer" else None


VISITOR = Actor("public", "", "访客")
