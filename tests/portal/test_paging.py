"""Addresses of list pages."""

from xinheng.portal.paging import address


def test_filters_that_are_empty_leave_the_address():
    assert address("/publicity/penalty", {"department": "", "month": "2026-11"}) == ("/publicity/penalty?month=2026-11")


def test_a_change_replaces_the_filter_of_the_same_name():
    assert address("/search", {"q": "星槎", "page": "2"}, page="3") == "/search?q=%E6%98%9F%E6%A7%8E&page=3"


def test_no_filter_at_all_gives_the_bare_path():
    assert address("/publicity", {}) == "/publicity"
