"""Logging in as a user of an organisation. Goes through Django's chain, so that the lock-out counts here too."""

from django.contrib.auth.backends import BaseBackend
from django.http import HttpRequest

from xinheng.people.models import OrganisationUser


class OrganisationUserBackend(BaseBackend):
    """Answers only when asked for an `organisation_user`, never for an officer's `username`."""

    def authenticate(  # type: ignore[override]  # Django hands over only the keywords it is called with
        self, request: HttpRequest | None, *, organisation_user: str, password: str
    ) -> OrganisationUser | None:
        """The user behind name and password; an unknown name takes as long as a wrong password."""
        user = OrganisationUser.objects.filter(username=organisation_user).first()
        if user is None:
            OrganisationUser().set_password(password)
            return None
        return user if user.check_password(password) and user.is_active else None

    def get_user(self, user_id: int) -> None:
        """No one: the centre keeps its own place in the session, Django's `request.user` is for officers."""
        return None
