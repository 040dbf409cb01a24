"""The headings of a delivered file, read from its sealed original for the page where columns are decided."""

import uuid

from django.conf import settings

from xinheng.base.errors import Refused
from xinheng.base.home import Home
from xinheng.base.scope import Scope
from xinheng.intake.models import Delivery
from xinheng.intake.queries import delivery as find_delivery
from xinheng.intake.reading import read_headers
from xinheng.intake.reading.limits import Limits
from xinheng.vault.sealing import open_file


def delivered(scope: Scope, delivery_id: uuid.UUID) -> Delivery:
    """The delivery itself, for the actions; NotFound outside the caller's reach."""
    return Delivery.objects.select_related("department").get(pk=find_delivery(scope, delivery_id).id)


def source_headers(delivery: Delivery) -> tuple[str, ...]:
    """The first row of the file; the clear text lies in the temporary folder for that moment only."""
    if delivery.key_id is None:
        raise Refused("这个文件的原件没有保存下来。", "请重新报送。")
    home: Home = settings.HOME
    with home.workplace("head") as folder:
        source = folder / "source"
        open_file(home.root / delivery.stored_path, source, delivery.key_id)
        return tuple(read_headers(source, folder, Limits.from_environment()))
