"""What a reader sees after a department sent something new."""

import re

from tests.portal import senders
from tests.world import table

from xinheng.register.models import Record
from xinheng.register.references import record_ref


def test_what_a_department_took_back_is_simply_gone(county, page, client):
    ref = record_ref(Record.objects.get(type="penalty", known_to=None).record_no)
    county.batch(table([senders.penalty(1) | {"数据操作": "撤回", "撤回原因": "决定已撤销"}]), "penalty")
    text = page(f"/organisations/{senders.SHOP}")
    assert "云市监罚〔2026〕1号" not in text
    assert "决定已撤销" not in text
    assert client.get(f"/records/{ref}/why").status_code == 404


def test_a_list_goes_on_with_a_cursor(county, page):
    county.batch(table([senders.licence(number) for number in range(100, 125)]), "licence")
    first = page("/publicity/licence")
    following = re.search(r'href="([^"]+)" rel="next"', first).group(1).replace("&amp;", "&")
    second = page(following)
    shown = re.findall(r"云市监许〔2026〕\d+号", first) + re.findall(r"云市监许〔2026〕\d+号", second)
    assert len(shown) == len(set(shown)) == 26
