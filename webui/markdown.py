"""Posts as they are read: CommonMark to HTML that can do nothing but show text.

What markdown-it makes of a text is cleaned by nh3 (a whitelist): no image, so that nothing is ever fetched,
no style, and links only to where the system's own programs go. Not for what is kept: that is what was typed.
"""

import functools
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from flask import Flask
from markupsafe import Markup

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

_TAGS = {
    "a", "blockquote", "br", "code", "em", "h4", "h5", "h6", "hr", "li", "ol", "p", "pre", "s", "strong",
    "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip
_LOWER = {"h1": "h4", "h2": "h5", "h3": "h6", "h4": "h6", "h5": "h6"}  # a post stands under its own h3


_ADDRESS = re.compile(r"\bhttps?://[^\W_][^\s<>\"]*", re.IGNORECASE)
_BEHIND = frozenset(".,;:!?*_~'\"’”»…")  # at its end they belong to the sentence
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
    import nh3  # a post is not on every page

    made = nh3.clean(
        _reader().render(text),
        tags=_TAGS,
        attributes={"a": {"href"}, "ol": {"start"}},
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel="noopener noreferrer",
    )
    return Markup(made)


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
    reader.core.ruler.push("addresses", _link_addresses)
    return reader


def _link_addresses(state: Any) -> None:
    """Make links of the web addresses that stand in the text as they are."""
    for block in state.tokens:
        if not _ADDRESS.search(block.content):
            continue
        depth = 0
        children: list[Token] = []
        for token in block.children or ():
            depth += {"link_open": 1, "link_close": -1}.get(token.type, 0)
            bare = token.type == "text" and not depth
            children += _linked(token.content, state.md) if bare else [token]
        block.children = children or block.children


def _linked(said: str, reader: "MarkdownIt") -> "Iterator[Token]":
    from markdown_it.token import Token

    at = 0
    for match in _ADDRESS.finditer(said):
        address = _without_sentence(match[0])
        yield Token("text", "", 0, content=said[at : match.start()])
        yield Token("link_open", "a", 1, attrs={"href": reader.normalizeLink(address)})
        yield Token("text", "", 0, content=address)
        yield Token("link_close", "a", -1)
        at = match.start() + len(address)
    yield Token("text", "", 0, content=said[at:])


def _without_sentence(address: str) -> str:
    """Return an address without what the sentence puts behind it; a bracket that it opened stays closed."""
    while (last := address[-1]) in _BEHIND or (
        last in _CLOSED and address.count(last) > address.count(_CLOSED[last])
    ):
        address = address[:-1]
    return address
