"""The reading matter of the pack."""

import pytest

from xinheng.base.errors import NotFound
from xinheng.portal.articles import article, articles

OLD_WORDS = ("黑名单", "曝光", "市场主体", "！", "老赖")


@pytest.mark.parametrize("key", ["education", "policies", "rights"])
def test_every_page_of_the_site_has_its_text(key):
    assert article(key).parts


def test_an_unknown_page_is_told_in_words():
    with pytest.raises(NotFound, match="没有这一页"):
        article("gossip")


@pytest.mark.parametrize("word", OLD_WORDS)
def test_texts_use_the_words_of_today(word):
    for one in articles().values():
        for part in one.parts:
            assert word not in part.title + "".join(part.paragraphs)
