"""The whole site over a small county, in a database where transactions commit, served on a free local port."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.core.handlers.wsgi import WSGIHandler
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from tests.portal import senders
from tests.world import MARKET, World, table

from xinheng.audit.checkpoints import make_signing_key
from xinheng.register.models import Record, Review
from xinheng.register.references import organisation_ref, record_ref


@dataclass(frozen=True)
class Site:
    """Where the site is served, and the addresses of what is in it."""

    url: str
    organisation: str
    record: str
    batch: int
    review: int


class _QuietHandler(WSGIRequestHandler):
    """Does not write a line for every request."""

    def log_message(self, format: str, *args: object) -> None:
        pass


@contextmanager
def serving() -> Iterator[str]:
    """Serve the WSGI application as the web server would, with its middleware and static files; yields its URL."""
    server = ThreadedWSGIServer(("127.0.0.1", 0), _QuietHandler)
    server.daemon_threads = True
    server.set_app(WSGIHandler())
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def fill(world: World) -> Site:
    """Send what every page needs: many records, a receipt with errors, a question to answer, a count of acts."""
    make_signing_key(world.home)
    senders.send_files(world)
    world.batch(table([senders.licence(number) for number in range(100, 125)]), "licence")
    large = {"罚款金额(万元)": "60", "处罚内容": "罚款人民币陆拾万元"}
    mill = [senders.penalty(number, senders.MILL, senders.MILL_NAME, **large) for number in range(200, 203)]
    renamed = [senders.penalty(300, name="云屿县浮云餐饮有限公司")]
    world.batch(table([*mill, *renamed]), "penalty")
    wrong = [senders.penalty(401, "9199"), senders.penalty(402, 处罚决定日期="去年"), senders.penalty(403)]
    faulty = world.batch(table(wrong), "penalty", name="处罚-十一月.csv")
    acts = {"部门名称": MARKET.name, "部门统一社会信用代码": MARKET.code, "行政行为种类": "行政处罚"}
    counted = [acts | {"所属月份": f"2026-{month:02d}-01", "件数": str(month)} for month in (10, 11)]
    world.batch(table(counted), "case_ledger")
    shown = Record.objects.filter(type="penalty", known_to=None).order_by("id")[0]
    return Site(
        url="",
        organisation=organisation_ref(shown.subject_no),
        record=record_ref(shown.record_no),
        batch=faulty.number,
        review=Review.objects.order_by("id")[0].pk,
    )
