"""What is written in a post is read as Markdown and can do nothing."""

import re
from html import unescape
from urllib.parse import unquote

import pytest
from flask.testing import FlaskClient
from markupsafe import escape

import webui.markdown
from webui.markdown import LONGEST, markdown

LINK = '<a href="https://{0}" rel="noopener noreferrer">https://{0}</a>'


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("One\ntwo\n\nthree", "<p>One<br>\ntwo</p>\n<p>three</p>\n"),
        ("*a* **b** ~~c~~ `d`", "<p><em>a</em> <strong>b</strong> <s>c</s> <code>d</code></p>\n"),
        ("# Title\n## Part", "<h4>Title</h4>\n<h5>Part</h5>\n"),
        ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n"),
        ("5. a", '<ol start="5">\n<li>a</li>\n</ol>\n'),
        (
            "<https://a.example>",
            '<p><a href="https://a.example" rel="noopener noreferrer">https://a.example</a></p>\n',
        ),
        (
            "See https://a.example/b_c_(d), www.",
            "<p>See {}, www.</p>\n".format(LINK.format("a.example/b_c_(d)")),
        ),
        ("(https://a.example.)", "<p>({}.)</p>\n".format(LINK.format("a.example"))),
        ("**https://a.example** x", "<p><strong>{}</strong> x</p>\n".format(LINK.format("a.example"))),
        ("`https://a.example` https://", "<p><code>https://a.example</code> https://</p>\n"),
        (
            "`a` https://a.example/`b`",
            "<p><code>a</code> {}<code>b</code></p>\n".format(LINK.format("a.example/")),
        ),
        ("*https://xn--/__a__* __b__", "<p><em>https://xn--/__a__</em> <strong>b</strong></p>\n"),
        ("\\https://a.example", "<p>\\https://a.example</p>\n"),
        (
            "https://a.example, [*b*](https://b.example/__c__)",
            '<p>{}, <a href="https://b.example/__c__" rel="noopener noreferrer"><em>b</em></a></p>\n'.format(
                LINK.format("a.example")
            ),
        ),
        (
            "[https://a.example](https://b.example)",
            '<p><a href="https://b.example" rel="noopener noreferrer">https://a.example</a></p>\n',
        ),
        (
            "| a |\n|---|\n| 1 |",
            "<table>\n<thead>\n<tr>\n<th>a</th>\n</tr>\n</thead>\n<tbody>\n<tr>\n<td>1</td>\n"
            "</tr>\n</tbody>\n</table>\n",
        ),
        ("1 < 2 & 3", "<p>1 &lt; 2 &amp; 3</p>\n"),
        ("", ""),
    ],
)
def test_it_is_common_mark(text: str, html: str) -> None:
    assert markdown(text) == html


@pytest.mark.parametrize(
    ("text", "addresses"),
    [
        ("https://github.example/pkg/__init__.py", ["github.example/pkg/__init__.py"]),
        ("https://a.example/_static_/a.html", ["a.example/_static_/a.html"]),
        ("https://a.example/*/y and https://a.example/*/z", ["a.example/*/y", "a.example/*/z"]),
        ("https://a.example/~~old~~/x", ["a.example/~~old~~/x"]),
        ("https://a.example/?a[]=1&copy=2", ["a.example/?a[]=1&copy=2"]),
        ("_https://a.example_", ["a.example"]),
        ("*See https://a.example/b_c*.", ["a.example/b_c"]),
        ("~~https://a.example/~~old~~", ["a.example/~~old"]),
        ("https://a.example[a b](https://b.example)", ["a.example", "b.example"]),
        ("https://a.example\\\nb", ["a.example"]),
    ],
)
def test_an_address_is_a_link_as_it_was_typed(text: str, addresses: list[str]) -> None:
    links = re.findall('<a href="([^"]*)"', markdown(text))
    assert [unquote(unescape(link)) for link in links] == [f"https://{each}" for each in addresses]


@pytest.mark.parametrize(
    "text",
    [
        "https://١٢٣.example",
        "http://a.example:99999999/",
        "https://xn--",
        "https://a.example\u202eevil.example",
        "https://javascript:alert(1)",
        "xhttps://a.example",
    ],
)
def test_what_can_be_no_link_stays_text(text: str) -> None:
    assert markdown(text) == f"<p>{text}</p>\n"


@pytest.mark.parametrize(
    "part", ["http://xn--", "http://a:b", "https://a/[", "https://a.b)", "*https://a.b/_"]
)
def test_a_text_full_of_addresses_is_read_once(part: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many begin in another, no letter is looked at twice."""
    read: list[int] = []
    trimmed = webui.markdown._without_sentence
    monkeypatch.setattr(
        webui.markdown, "_without_sentence", lambda address: read.append(len(address)) or trimmed(address)
    )
    text = part * (LONGEST // len(part))
    assert markdown(text)
    assert 0 < sum(read) <= len(text)


def test_a_picture_is_a_link_to_it_and_is_never_fetched() -> None:
    link = '<p><a href="https://pages.example/a.png" rel="noopener noreferrer">{}</a></p>\n'
    assert markdown("![A cat](https://pages.example/a.png)") == link.format("A cat")
    assert markdown("![](https://pages.example/a.png)") == link.format("https://pages.example/a.png")
    assert "javascript" not in markdown("![x](javascript:alert(1))").replace("javascript:alert(1))", "")


def test_what_would_take_seconds_to_read_stays_as_it_was_typed() -> None:
    text = "- <b>\n" * LONGEST
    assert markdown(text) == f'<p class="as-typed">{escape(text)}</p>'


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[a](javascript:alert(1))",
        "<a href='file:///x'>",
        "[a](<data:text/html,x>)",
        "![p](https://elsewhere.example/p.png)",
        "<style>*{}</style>",
        "[x](vbscript:y)",
        '<https://a.example/"onclick=alert(1)>',
        "<iframe src='https://x.example'></iframe>",
        "[a](//x.example)",
        'https://a.example/"onclick=alert(1)',
        "https://a.example/<script>alert(1)</script>",
    ],
)
def test_nothing_in_it_runs_or_is_fetched(text: str) -> None:
    html = str(markdown(text)).lower()
    for bad in (
        "<script",
        "<img",
        "<style",
        "<iframe",
        'href="javascript',
        'href="data',
        'href="file',
        'href="vb',
        'onclick="',
    ):
        assert bad not in html
    assert html.strip()  # shown as it was typed, never swallowed


def test_a_post_is_shown_so_and_kept_as_typed(client: FlaskClient) -> None:
    client.post("/add", data={"username": "mara", "email": "mara@post.example", "given": "Mara"})
    typed = "Bring:\n\n- *scores*\n- <b>tea</b>"
    client.post("/users/1/posts", data={"title": "Rehearsal", "body": typed})
    page = client.get("/users/1").text
    assert "<li><em>scores</em></li>" in page
    assert "&lt;b&gt;tea&lt;/b&gt;" in page
    assert client.get("/api/posts/1").json["body"] == typed
