"""The departments a pack already knows, for taking them over at the first set-up."""

from django.conf import settings

from xinheng.base.errors import NotFound
from xinheng.people.actions import NewDepartment
from xinheng.rulebook.loader import load_pack
from xinheng.rulebook.reading import Section, read_each

SHEET = "contacts/departments.yaml"


def pack_departments() -> tuple[NewDepartment, ...]:
    """The contact sheet of the pack in use; empty when it has none."""
    try:
        section = load_pack(settings.PACK).file(SHEET).section
    except NotFound:
        return ()
    return tuple(read_each(section.sections("departments"), _read))


def _read(section: Section) -> NewDepartment:
    return NewDepartment(
        code=section.text("code"),
        name=section.text("name"),
        short_name=section.text("short_name"),
        address=section.text("address", ""),
        telephone=section.text("telephone", ""),
        hours=section.text("hours", ""),
        fields=section.texts("fields"),
        hold_before_publication=section.flag("hold_before_publication", False),
    )
