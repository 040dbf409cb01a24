"""Where a call comes from, when proxies of ours stand before the site."""

from ipaddress import ip_address


def client_address(remote: str, forwarded_for: str, proxies: int) -> str:
    """The caller's address: the peer itself, or what the outermost of our `proxies` reported about its peer.

    Entries further left were written by the caller and are not believed. Empty when nothing readable remains.
    """
    hops = [hop.strip() for hop in forwarded_for.split(",") if hop.strip()]
    found = hops[-min(proxies, len(hops))] if proxies and hops else remote
    try:
        return str(ip_address(found))
    except ValueError:
        return ""
