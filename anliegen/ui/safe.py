"""HTML from parts, for what is drawn hundreds of times on a page.

`format_html` is right everywhere else; here its cost, mostly for lazy arguments, was a fifth of a page of approvals.
"""

import html

from django.utils.safestring import SafeString


def esc(value: object) -> str:
    """The value as HTML: escaped, unless it is safe already."""
    safe = getattr(value, "__html__", None)
    return safe() if safe is not None else html.escape(str(value))


def joined(*parts: str) -> SafeString:
    """Parts that are HTML already, put together. Everything from outside goes through `esc` first."""
    return SafeString("".join(parts))
