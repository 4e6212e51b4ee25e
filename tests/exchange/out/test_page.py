"""The page to read and to print, as a browser without any of ours would take it."""

import re
from html.parser import HTMLParser
from pathlib import Path


class Page(HTMLParser):
    """Elements and addresses of a page, and its text."""

    def __init__(self, content: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.addresses: list[str] = []
        self.text = ""
        self.feed(content)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.addresses += [
            value or "" for name, value in attrs if name in ("src", "href", "action", "srcset")
        ]

    def handle_data(self, data: str) -> None:
        self.text += data


def test_it_says_everything_and_fetches_and_runs_nothing(files: Path) -> None:
    content = (files / "all.html").read_text("utf-8")
    page = Page(content)
    assert "script" not in page.tags
    assert page.tags.count("article") == 17
    fetched = [
        each
        for each in page.addresses
        if not re.match(r"(https://choir|https://l|mailto:|tel:|data:image/)", each)
    ]
    assert fetched == []
    assert "url(" not in content
    assert "default-src 'none'" in content
    for said in (
        "Choir <Lund>",
        "</title><script>x()</script>",
        "Met; again, =x",
        "Mezzo, low",
        "4 March 1987",
    ):
        assert said in page.text
    assert "in the trash" not in page.text
    assert "@media print" in content
