"""Where a call comes from: only what our own proxies say is believed."""

import pytest

from xinheng.base.client_address import client_address


@pytest.mark.parametrize(
    ("remote", "forwarded", "proxies", "found"),
    [
        ("192.0.2.1", "", 0, "192.0.2.1"),
        ("192.0.2.1", "10.0.0.1", 0, "192.0.2.1"),
        ("127.0.0.1", "192.0.2.7", 1, "192.0.2.7"),
        ("127.0.0.1", "10.0.0.1, 192.0.2.7", 1, "192.0.2.7"),
        ("127.0.0.1", "10.0.0.1, 192.0.2.7, 10.9.9.9", 2, "192.0.2.7"),
        ("127.0.0.1", "192.0.2.7", 3, "192.0.2.7"),
        ("127.0.0.1", "", 1, "127.0.0.1"),
        ("127.0.0.1", "somebody", 1, ""),
        ("", "", 0, ""),
        ("2001:db8::1", "", 0, "2001:db8::1"),
    ],
)
def test_the_address_is_what_our_outermost_proxy_saw(remote, forwarded, proxies, found):
    assert client_address(remote, forwarded, proxies) == found
