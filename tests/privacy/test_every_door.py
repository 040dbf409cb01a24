"""Every address, operation and command is known to the privacy test, and none lets a planted person out."""

import html
import io
import json
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from pypdf import PdfReader
from tests.kept import building, lent
from tests.privacy.doors import ADDRESSES, API, COMMANDS, NO_DOORS, PRINT_NO_DATA, Door
from tests.privacy.planted import NUMBERS, PLANTED, Plant, plant
from tests.privacy.searching import found_in_database, found_in_files
from tests.world import NOW, World

from xinheng.base.home import Home
from xinheng.cli.deferred import Group
from xinheng.site.command import COMMANDS as PROGRAM
from xinheng.site.command import run

pytestmark = pytest.mark.django_db
ADD_IT = (
    "不在隐私测试里：{names}。请在 tests/privacy/doors.py 里写明怎样打开它，"
    "测试会种下一个自然人并核对姓名和证件号码没有泄露。"
)


def addresses(resolver: Any = None, space: str = "") -> Iterator[str]:
    for one in (resolver or get_resolver()).url_patterns:
        if isinstance(one, URLPattern):
            yield f"{space}{one.name}"
        elif isinstance(one, URLResolver):
            yield from addresses(one, f"{one.namespace}:" if one.namespace else space)


def operations() -> set[str]:
    paths = json.loads(Client().get("/api/v1/openapi.json").content)["paths"]
    return {f"{method.upper()} {path.removeprefix('/api/v1')}" for path, one in paths.items() for method in one}


def commands() -> set[str]:
    return {
        name
        for one in PROGRAM
        for name in ([f"{one.name} {inner.name}" for inner in one.entries] if isinstance(one, Group) else [one.name])
    }


def test_every_address_stands_among_the_doors() -> None:
    found = {name for name in addresses() if not name.startswith("api-v1:") or name in NO_DOORS}
    known = ADDRESSES.keys() | NO_DOORS.keys()
    assert not found - known, ADD_IT.format(names="、".join(sorted(found - known)))
    assert not known - found, f"doors.py 里的这些地址已经没有了：{sorted(known - found)}"


def test_every_operation_of_the_interface_stands_among_the_doors() -> None:
    assert not operations() - API.keys(), ADD_IT.format(names="、".join(sorted(operations() - API.keys())))
    assert not API.keys() - operations()


def test_every_command_stands_among_the_doors() -> None:
    known = COMMANDS.keys() | PRINT_NO_DATA.keys()
    assert not commands() - known, ADD_IT.format(names="、".join(sorted(commands() - known)))
    assert not known - commands()


@pytest.fixture(scope="module")
def kept(module_world: World) -> Plant:
    with building(module_world):
        return plant(module_world)


@pytest.fixture
def planted(kept: Plant, home: Home, db: None) -> Iterator[Plant]:
    cache.clear()
    with time_machine.travel(NOW, tick=False):
        yield Plant(lent(kept.world, home), kept.secret, {**kept.places, "tmp": home.tmp})


def readable(content: bytes) -> Iterator[str]:
    """What a reader finds in an answer: text, and what is inside of workbooks, archives and PDF files."""
    if content.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for name in archive.namelist():
                yield from readable(archive.read(name))
    elif content.startswith(b"%PDF-") and len(content) > 200:
        yield "".join("".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(content)).pages)
    else:
        text = content.decode("utf-8", "replace") + content.decode("gb18030", "ignore")
        yield unquote(html.unescape(text))
        yield re.sub(r"\\u([0-9a-fA-F]{4})", lambda found: chr(int(found[1], 16)), text)


def said(response: Any) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else response.content


def spoken_of(response: Any, words: tuple[str, ...]) -> list[str]:
    head = unquote("\n".join(f"{name}: {value}" for name, value in response.items()))
    texts = [head, *readable(said(response))]
    return [word for word in words if any(word in text for text in texts)]


def call(planted: Plant, door: Door) -> Iterator[Any]:
    places = dict(planted.places)
    client, prefix, headers = Client(), "", {}
    if door.who == "program":
        prefix, headers = "/api/v1", {"Authorization": f"Bearer {planted.secret}", "Idempotency-Key": "privacy-0001"}
    else:
        client = planted.browser(door.who)
    if "{token}" in str(door.data):
        person = ADDRESSES["desk:persons"]
        page = client.post(person.paths[0], filled(person.data, places)).content.decode()
        places["token"] = html.unescape(re.findall(r'name="token" value="([^"]+)"', page)[0])
    for path in door.paths:
        address = prefix + path.format(**places)
        if door.json is not None:
            yield client.post(address, json.dumps(door.json), content_type="application/json", headers=headers)
        elif door.data is not None:
            yield client.post(address, filled(door.data, places), headers=headers, follow=True)
        else:
            yield client.get(address, headers=headers, follow=True)


def filled(data: dict[str, str] | None, places: dict[str, Any]) -> dict[str, str]:
    return {name: value.format(**places) for name, value in (data or {}).items()}


@pytest.mark.parametrize("name", sorted(ADDRESSES))
def test_no_address_lets_a_person_out(planted: Plant, name: str) -> None:
    door = ADDRESSES[name]
    for response in call(planted, door):
        assert response.status_code < 500
        assert spoken_of(response, NUMBERS if door.names else PLANTED) == [], response.request["PATH_INFO"]


@pytest.mark.parametrize("name", sorted(API))
def test_no_operation_lets_a_person_out(planted: Plant, name: str) -> None:
    for response in call(planted, API[name]):
        assert response.status_code < 500
        assert spoken_of(response, PLANTED) == []


@pytest.mark.parametrize("name", sorted(COMMANDS))
@pytest.mark.parametrize("form", [(), ("--json",)], ids=["words", "json"])
def test_no_command_lets_a_person_out(
    planted: Plant, name: str, form: tuple[str, ...], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    arguments = [one.format(**{**planted.places, "tmp": tmp_path}) for one in COMMANDS[name]]
    code = run([*arguments, *form], prepare=lambda needs, help_only: None)
    answer = capsys.readouterr()
    assert code in {0, 1}, answer.err
    texts = [answer.out, answer.err]
    texts += [text for path in tmp_path.glob("*.*") for text in readable(path.read_bytes())]
    assert [word for word in PLANTED if any(word in text for text in texts)] == []


def test_pages_leave_nothing_in_caches_sessions_logs_or_files(planted: Plant, caplog: pytest.LogCaptureFixture) -> None:
    for name, door in ADDRESSES.items():
        if name.startswith("portal:") and door.data is None:
            list(call(planted, door))
    kept = str(cache._cache) if hasattr(cache, "_cache") else ""
    assert [word for word in PLANTED if word in kept + caplog.text] == []
    assert found_in_files(planted.world.home.root, list(PLANTED)) == []
    in_tables = found_in_database(list(PLANTED))
    assert {one.split(":")[0] for one in in_tables} <= {"proceedings_caseevent"}, in_tables


def test_the_test_does_see_what_is_shown(planted: Plant) -> None:
    """A door that would show a name is caught: the counter's own view does, to the person herself."""
    (response,) = call(planted, ADDRESSES["desk:persons"])
    assert spoken_of(response, PLANTED) == [PLANTED[0]]
