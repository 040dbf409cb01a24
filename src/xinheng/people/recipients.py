"""Who a message is for."""

from dataclasses import dataclass

from xinheng.people.models import Department, User


@dataclass(frozen=True)
class OrganisationBox:
    """The message box of an organisation in one region; all its users read it."""

    credit_code: str
    region_id: int


Recipient = User | Department | OrganisationBox
