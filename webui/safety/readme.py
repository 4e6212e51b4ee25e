"""The page inside a backup that explains it to whoever opens the zip without Roster.

English on purpose: it is read years later, on another computer, perhaps by someone else.
"""

import html

_PAGE = """<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>{title} · Roster backup</title></head>
<body>
<h1>{title}</h1>
<p>This is a Roster backup, made {at} (UTC): {people} and {posts}.{trash}</p>
<h2>What is in it</h2>
<dl>
<dt>data.sqlite</dt>
<dd>Everything, with its history. Roster restores from it; any SQLite program opens it.</dd>
<dt>users.csv, posts.csv</dt><dd>The same people and posts as tables, for a spreadsheet.</dd>
<dt>contacts.vcf</dt><dd>The people as vCards, for an address book or a phone; without photos.</dd>
{more}<dt>manifest.json</dt><dd>What was counted, and the SHA-256 of each file.</dd>
</dl>
<h2>How to get it back</h2>
<ol>
<li>Open Roster, then Safety, and restore this zip. On a new computer choose
“Restore a backup” at the start.</li>
<li>Or run: roster restore this-file.zip</li>
</ol>
<p>The comment at the end of the zip is the SHA-256 of every byte before it, so that a
damaged copy is noticed: Roster checks it before it restores anything.</p>
</body>
</html>
"""

_PHOTOS = """<dt>photos</dt><dd>{count}, as they came; the name of each is the uid of its person
in users.csv.</dd>
"""
_FILES = """<dt>attachments</dt><dd>{count}, in a folder for each person, by username.</dd>
"""


def readme(about: dict[str, object]) -> str:
    """Return the page for a backup with these manifest fields."""
    counts = about["counts"]
    assert isinstance(counts, dict)
    trash, posts = counts["users_in_trash"], counts["posts"] - counts["posts_in_trash"]
    photos, attached = counts["users_with_photo"], counts["attachments"] - counts["attachments_in_trash"]
    more = _PHOTOS.format(count=_counted(photos, "photo", "photos")) if photos else ""
    more += _FILES.format(count=_counted(attached, "file", "files")) if attached else ""
    told = {"title": about["title"] or "My roster", "at": str(about["at"])[:16].replace("T", " ")}
    return _PAGE.format(
        **{name: html.escape(str(value)) for name, value in told.items()},
        people=_counted(counts["users"] - trash, "person", "people"),
        posts=_counted(posts, "post", "posts"),
        more=more,
        trash=f" In the trash: {_counted(trash, 'person', 'people')}." if trash else "",
    )


def _counted(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"
