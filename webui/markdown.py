"""Posts as they are read: CommonMark to HTML that can do nothing but show text.

What markdown-it makes of a text is cleaned by nh3 (a whitelist): no image, so that nothing is ever fetched,
no style, and links only to where the system's own programs go. Not for what is kept: that is what was typed.
"""

import functools
from typing import TYPE_CHECKING, Any

from flask import Flask
from markupsafe import Markup

if TYPE_CHECKING:
    from markdown_it import MarkdownIt

_TAGS = {
    "a", "blockquote", "br", "code", "em", "h4", "h5", "h6", "hr", "li", "ol", "p", "pre", "s", "strong",
    "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip
_LOWER = {"h1": "h4", "h2": "h5", "h3": "h6", "h4": "h6", "h5": "h6"}  # a post stands under its own h3


LONGEST = 20_000  # letters


def install(app: Flask) -> None:
    """Give the templates of `app` the filter `markdown`."""
    app.add_template_filter(markdown)


def markdown(text: str) -> Markup:
    """Return a post's text as HTML (CommonMark 0.31 with tables and strikethrough).

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
    return reader
