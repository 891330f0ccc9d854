"""Believe X-Forwarded-* only from the proxies that the settings name."""

from collections.abc import Callable
from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest, HttpResponse

_FORWARDED = ("HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO", "HTTP_X_FORWARDED_HOST", "HTTP_X_FORWARDED_PORT")


def trusted(address: str) -> bool:
    """Whether that address is one of our proxies."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return False
    return any(parsed in network for network in settings.ANLIEGEN.trusted_proxies)


class TrustedProxies:
    """Sets REMOTE_ADDR to the person's address, or drops the headers when a stranger sent them."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        meta = request.META
        meta["anliegen.trusted"] = trusted(meta.get("REMOTE_ADDR", ""))
        if not meta["anliegen.trusted"]:
            for name in _FORWARDED:
                meta.pop(name, None)
            return self.get_response(request)
        # From the right: each trusted hop vouches for the one before it.
        for hop in reversed([h.strip() for h in meta.get("HTTP_X_FORWARDED_FOR", "").split(",") if h.strip()]):
            meta["REMOTE_ADDR"] = hop
            if not trusted(hop):
                break
        return self.get_response(request)
