"""Posts as they are read: CommonMark to HTML that can do nothing but show text.

What markdown-it makes of a text is cleaned by nh3 (a whitelist): no image, so that nothing is ever fetched,
no style, and links only to where the system's own programs go. Not for what is kept: that is what was typed.
"""

import functools
import re
from typing import TYPE_CHECKING, Any

from flask import Flask
from markupsafe import Markup

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_inline import StateInline

_TAGS = {
    "a", "blockquote", "br", "code", "em", "h4", "h5", "h6", "hr", "li", "ol", "p", "pre", "s", "strong",
    "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip
_LOWER = {"h1": "h4", "h2": "h5", "h3": "h6", "h4": "h6", "h5": "h6"}  # a post stands under its own h3


_SCHEME = re.compile(r"https?\Z", re.IGNORECASE)
# Up to white space, or what begins code or [a link](…) of its own.
_ADDRESS = re.compile(r"(?<![^\W_])https?://[^\W_](?:(?!\[[^\[\]]*\]\()[^\s<>\"`])*", re.IGNORECASE)
_BEHIND = frozenset(".,;:!?*_~'’”»…\\")  # at its end they belong to the sentence, or to its emphasis
_CLOSED = {")": "(", "]": "["}

LONGEST = 20_000  # letters


def install(app: Flask) -> None:
    """Give the templates of `app` the filter `markdown`."""
    app.add_template_filter(markdown)


def markdown(text: str) -> Markup:
    """Return a post's text as HTML (CommonMark 0.31 with tables, strikethrough and bare web addresses).

    A very long one stays as it was typed: to read it takes seconds.
    """
    if len(text) > LONGEST:
        return Markup('<p class="as-typed">{}</p>').format(text)
    return _rendered(text)


@functools.lru_cache(256)
def _rendered(text: str) -> Markup:
    return Markup(_clean(_reader().render(text)))


def _clean(html: str) -> str:
    import nh3  # a post is not on every page

    return nh3.clean(
        html,
        tags=_TAGS,
        attributes={"a": {"href"}, "ol": {"start"}},
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel="noopener noreferrer",
    )


@functools.cache
def _reader() -> "MarkdownIt":
    from markdown_it import MarkdownIt

    reader = MarkdownIt("commonmark", {"html": False, "breaks": True}).enable(["table", "strikethrough"])

    renderer: Any = reader.renderer

    def lower(tokens: Any, index: int, options: Any, _env: Any) -> str:
        token = tokens[index]
        token.tag = _LOWER.get(token.tag, token.tag)
        return str(renderer.renderToken(tokens, index, options, _env))

    def picture(tokens: Any, index: int, _options: Any, _env: Any) -> str:
        """A picture elsewhere becomes a link to it: nothing is fetched."""
        address, said = tokens[index].attrs.get("src", ""), tokens[index].content
        return str(Markup('<a href="{}">{}</a>').format(address, said or address))

    reader.add_render_rule("image", lambda _self, *given: picture(*given))
    for end in ("open", "close"):
        reader.add_render_rule(f"heading_{end}", lambda _self, *given: lower(*given))
    reader.inline.ruler.after("text", "address", _address)
    return reader


def _address(state: "StateInline", silent: bool) -> bool:
    """Make a link of a web address that stands in the text as it is, before its `_` and `*` are emphasis."""
    if silent or state.linkLevel or not state.src.startswith("://", state.pos):
        return False
    scheme = _SCHEME.search(state.pending[-5:])
    match = scheme and _ADDRESS.match(state.src, state.pos - len(scheme[0]), state.posMax)
    if not scheme or not match:
        return False
    address = _without_sentence(match[0])
    href = state.md.normalizeLink(address)
    if _can_be_link(href):
        state.pending = state.pending[: -len(scheme[0])]
        state.push("link_open", "a", 1).attrs = {"href": href}
        state.push("text", "", 0).content = address
        state.push("link_close", "a", -1)
    else:
        state.pending += address[len(scheme[0]) :]
    state.pos += len(address) - len(scheme[0])
    return True


def _can_be_link(href: str) -> bool:
    """Return whether cleaning leaves `href` to a link, as it does not where no host or port can be so."""
    return "href" in _clean(str(Markup('<a href="{}"></a>').format(href)))


def _without_sentence(address: str) -> str:
    """Return an address without what the sentence puts behind it; a bracket that it opened stays closed."""
    end = len(address)
    spare = {close: address.count(close) - address.count(begin) for close, begin in _CLOSED.items()}
    while (last := address[end - 1]) in _BEHIND or spare.get(last, 0) > 0:
        if last in spare:
            spare[last] -= 1
        end -= 1
    return address[:end]
