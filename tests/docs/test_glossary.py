"""The glossary knows every word that the database keeps."""

import re

import pytest
from django.apps import apps
from django.db.models import Model, TextChoices
from tests.docs.documents import ROOT

from xinheng.people.permissions import Act

GLOSSARY = (ROOT / "GLOSSARY.md").read_text(encoding="utf-8")


def _models() -> list[type[Model]]:
    return [model for model in apps.get_models() if model.__module__.startswith("xinheng.")]


def _choices() -> list[type[TextChoices]]:
    found = [one for one in TextChoices.__subclasses__() if one.__module__.startswith("xinheng.")]
    return sorted(found, key=lambda one: one.__qualname__)


@pytest.mark.parametrize("model", _models(), ids=lambda model: model.__name__)
def test_every_model_stands_in_the_glossary(model: type[Model]) -> None:
    assert f"`{model._meta.app_label}.{model.__name__}`" in GLOSSARY


@pytest.mark.parametrize("choices", _choices(), ids=lambda choices: choices.__qualname__)
def test_every_closed_list_of_words_stands_in_the_glossary_with_its_words(choices: type[TextChoices]) -> None:
    lines = [line for line in GLOSSARY.splitlines() if re.search(rf"[`.]{choices.__name__}`", line)]

    assert lines, f"{choices.__qualname__} is missing"
    if choices is not Act:  # its table is docs/reference/roles.md
        missing = [one.value for one in choices if not any(f"{one.label} `{one.value}`" in line for line in lines)]
        assert missing == []


def test_each_chinese_term_is_explained_once() -> None:
    terms = [line.split("|")[1].strip() for line in GLOSSARY.splitlines() if line.startswith("| ")]
    explained = [term for term in terms if term not in ("中文", "---")]

    assert sorted(explained) == sorted(set(explained))


def test_what_the_glossary_names_as_code_exists() -> None:
    known = {f"{model._meta.app_label}.{model.__name__}" for model in _models()}
    known |= {f"{one.__module__.split('.')[1]}.{one.__qualname__}" for one in _choices()}
    named = set(re.findall(r"`([a-z]+\.[A-Z][A-Za-z]+)`", GLOSSARY))

    assert named - known == set()
