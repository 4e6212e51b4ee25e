"""What every page owes to every eye: no violation that axe knows, no sideways scroll, light and dark."""

import itertools
import time
from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import Roster, Watch

pytestmark = pytest.mark.browser

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
LONG = "Wolfeschlegelsteinhausenbergerdorff"
PAGES = [
    "/", "/?q=lind", "/?q=nobody+at+all", "/?sort=-last_post", "/add", "/users/1", "/users/2",
    "/users/1/edit", "/posts/1/edit", "/trash", "/settings", "/users/999",
    "/history", "/history?q=nothing&kind=tags&person=1", "/history/1",
    "/safety", "/safety/restore", "/safety/move", "/safety/places", "/safety/locked",
    "/import", "/posts", "/today", "/tags", "/views", "/search",
    "/filter?q=lind", "/filter/tag",
    "/?q=tag:choir+-city:lund+last-post:<90d", "/?q=ciyt:lund", "/?q=lindqvits+-tag:choir", "/?q=no:email",
    "/columns", "/settings/fields/add", "/settings/fields/1", "/settings/fields/2/kind?kind=number",
    "/settings/programs",
]  # fmt: skip


def fill(roster: Roster) -> None:
    """People of every shape: with everything, with names too long, written from right to left."""
    own = roster.fields()
    for name, kind in (("Seat", "text"), ("Fee", "number"), ("Paid", "yes_no")):
        roster.field(name, kind)
    own |= {"Seat": "W" * 300, "Fee": "1234567.89", "Paid": "yes"}
    roster.add(
        given="Mara",
        family="Lindqvist",
        nickname="Majken",
        note="Sings\nalto",
        emails=[{"label": "Work", "email": "mara@work.example"}],
        fields=own,
    )
    roster.add(
        given=LONG * 3,
        family=LONG * 3,
        display_name=LONG * 5,
        username="u" * 80,
        email="e" * 60 + "@roster.example",
    )
    roster.add(given="نور", family="حداد", email="noor@roster.example")
    roster.belong(1, 2)
    roster.belong(2, 3, LONG * 5 + ".pdf", "Wahlverwandtschaft " * 3)
    roster.belong(3, 1, "ملف.pdf", "عمة")
    roster.post(1, "Coffee at the station", body="One\n\nTwo")
    roster.post(2, LONG * 2, body=LONG * 20)
    roster.post(3, "اجتماع", body="نص")
    roster.trash(roster.add(given="Gone"))
    roster.trash_more(roster.post(2, LONG * 2), LONG * 2)


def faulty(page: Page) -> Iterator[str]:
    """Pages that only a refused form shows; gives the name of each while it is there."""
    page.goto("/add")
    page.get_by_label("Username").fill("u" * 80)
    page.get_by_role("button", name="Save").click()
    yield "/add, refused"
    page.goto("/")
    page.get_by_role("link", name="Columns").click()
    page.locator("#columns-menu [type=checkbox]").first.wait_for()
    yield "/, columns menu"
    page.goto("/")
    page.locator("tr.here .who a").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    page.locator(".celledit [name=value]").fill("x" * 501)
    page.keyboard.press("Enter")
    page.get_by_role("alert").wait_for()
    yield "/, a cell refused"
    page.goto("/users/1")
    page.get_by_role("button", name="Post").click()
    yield "/users/1, post refused"
    page.get_by_role("button", name="More", exact=True).click()
    yield "/users/1, menu"
    page.goto("/?q=tag:choir")
    page.get_by_role("button", name="Save view").click()
    yield "/, save view"
    page.keyboard.type("No e-mail")
    page.keyboard.press("Enter")
    page.get_by_text("The view No e-mail is saved.").wait_for()
    page.keyboard.press("f")
    page.locator("#filter-menu a").first.wait_for()
    yield "/, filter menu"
    page.keyboard.press("Escape")
    yield from many(page)
    page.goto("/users/2")
    page.get_by_text("Someone they know").click()
    page.get_by_label("What they are to").select_option("own")
    page.get_by_role("button", name="Add", exact=True).click()
    page.get_by_text("Attach files").click()
    page.locator(".files li summary").click()
    page.locator(".photo summary").click()
    yield "/users/2, relation refused and all open"
    page.goto("/settings")
    page.get_by_label("Title").fill("")
    page.get_by_role("button", name="Save this roster’s settings").click()
    yield "/settings, refused"
    page.goto("/safety")
    page.get_by_role("button", name="Back up now").click()
    page.get_by_role("heading", name="One verified copy").wait_for()
    yield "/safety, with a backup"
    page.goto("/users/2/edit")
    page.get_by_label("Note").fill(LONG * 3)
    page.get_by_role("button", name="Save").first.click()
    page.goto("/safety")
    page.get_by_role("button", name="Look").click()
    page.get_by_role("heading", name="Go back to").wait_for()
    yield "/safety/restore, preview"
    yield from looked_at(page)


def looked_at(page: Page) -> Iterator[str]:
    """Pages as they are while a past moment is looked at, two steps before now."""
    page.goto("/users/2/edit")
    page.get_by_label("Nickname").fill(LONG * 3)
    page.get_by_label("Note").fill(LONG * 20)
    page.get_by_role("button", name="Save").first.click()
    page.locator(".toast").wait_for()
    page.get_by_role("button", name="More", exact=True).click()
    page.get_by_role("button", name="Move to the trash").click()
    page.locator(".toast").wait_for()
    page.goto("/users/1/edit")
    page.get_by_label("Note").fill(LONG * 20)
    page.get_by_role("button", name="Save").first.click()
    page.locator(".toast").wait_for()
    page.goto("/history")
    page.get_by_role("slider").focus()
    for number in range(4):
        now = int(page.get_by_role("slider").get_attribute("aria-valuenow") or 0)
        page.keyboard.press("ArrowLeft")
        expect(page.get_by_role("slider")).to_have_attribute("aria-valuenow", str(now - 1))
        if number:
            yield "/history, the ruler in use"
    page.get_by_role("button", name="Look").click()
    page.locator(".strip.past").wait_for()
    for address in (
        "/",
        "/?q=nobody+at+all",
        "/users/1",
        "/users/2",
        "/trash",
        "/tags",
        "/history",
        "/safety",
        "/moments/compare",
        "/moments/compare?show=new",
        "/moments/compare?show=gone",
    ):
        page.goto(address)
        yield f"{address}, in the past"
    page.get_by_role("button", name="Come back to now").click()


def many(page: Page) -> Iterator[str]:
    """The list with someone ticked, and the pages of the bar."""
    for button in ("Tag", "Set field", "E-mails", "Export"):
        page.goto("/")
        page.locator("[data-tick-shown]").click()
        if button == "Tag":
            yield "/, all ticked"
        page.locator(".bulkbar").get_by_role("button", name=button).click()
        page.locator("#many, #emails, #export").wait_for()
        if button in ("Tag", "Set field"):
            page.locator("input[name=names], input[name=value]").fill(LONG * 2)
            page.get_by_role("button", name="Show what would change").click()
            page.locator(".samples").wait_for()
        yield f"/bulk, {button}"
    page.goto("/trash")
    page.locator(".tick input").first.click()
    yield "/trash, ticked"


def visited(page: Page, watch: Watch) -> Iterator[str]:
    watch.allow(404, 409, 422)
    for address in PAGES:
        page.goto(address)
        yield address
    yield from faulty(page)


# Forms that keep what is typed in them, none of whose buttons has the key for it. A step of an import has its
# own, as going back to a backup has; a cell is the sheet's, and two forms only lead to what is looked at.
WITHOUT_KEY = """() => [...document.querySelectorAll(
  "main form:not([data-cell-form], [action='/moments'], [action='/import'], [action^='/safety/restore'])",
)].filter((form) => {
  const elements = [...form.elements];
  const keeps = form.matches("[data-watch]") || elements.some((element) => element.matches(".btn.main"));
  return elements.some((element) => element.matches(
    "textarea, select, input:not([type=hidden], [type=file], [type=search], [type=checkbox], [type=radio])"
      + (keeps ? ", input:is([type=checkbox], [type=radio])" : ""),
  )) && form.method === "post" && !elements.some((element) => element.matches(
    "[aria-keyshortcuts~='Control+S'], .footbar [aria-keyshortcuts='Control+Enter']",
  ));
}).map((form) => form.action)"""


EYES = [("light", 720), ("dark", 1280)]


def test_each_page_is_fit_for_every_eye_and_each_form_is_saved_by_key(
    look: Callable[..., Page], roster: Roster, watch: Watch
) -> None:
    """Axe sees one page light and narrow, the next dark and wide; each is drawn narrower and wider. To come
    to all of them takes long, so that it is done once for both."""
    page = look(720)
    page.emulate_media(reduced_motion="reduce")  # half risen, a toast has the contrast of no one's eyes
    found = audit(page, "welcome")
    fill(roster)
    for number, name in enumerate(visited(page, watch)):
        scheme, width = EYES[number % 2]
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size({"width": width, "height": 820})
        found += audit(page, name)
        found += [f"{name}: no key saves {form}" for form in page.evaluate(WITHOUT_KEY)]
        for width in (720, 2560, 1280):
            page.set_viewport_size({"width": width, "height": 820})
            for part in page.locator("html, main, .wizard > .middle, #pane").all():
                until = time.monotonic() + 10  # columns are fitted once the window has its size
                while (over := part.evaluate("box => box.scrollWidth - box.clientWidth")) > 0:
                    assert time.monotonic() < until, f"{name}: {over} px too wide at {width}"
    assert not found, "\n".join(found)


@pytest.mark.long
@pytest.mark.parametrize("width", [720, 1280])
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_axe_finds_nothing(
    look: Callable[..., Page], roster: Roster, watch: Watch, dark: bool, width: int
) -> None:
    page = look(width, dark=dark)
    page.emulate_media(reduced_motion="reduce")
    found = audit(page, "welcome")
    fill(roster)
    for name in visited(page, watch):
        found += audit(page, name)
    assert not found, "\n".join(found)


def audit(page: Page, name: str) -> list[str]:
    result = Axe().run(page, options={"runOnly": RULES, "resultTypes": ["violations"]})
    return [
        f"{name}: {each['id']}: {node['html'][:160]}"
        for each in result.response["violations"]
        for node in each["nodes"]
    ]


def test_twice_the_size_lays_out_like_a_smaller_window(
    page: Page, roster: Roster, watch: Watch, request: pytest.FixtureRequest
) -> None:
    """The first twenty pages, all with --long: a smaller window is looked at by itself."""
    fill(roster)
    page.goto("/settings")
    page.get_by_label("Size of everything").select_option("200")
    page.get_by_role("button", name="Save for this computer").click()
    expect(page.locator("html")).to_have_class("size-200")
    some = None if request.config.getoption("--long") else 20
    for name in itertools.islice(visited(page, watch), some):
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0, f"{name}: {wide} px too wide"
    page.goto("/")
    expect(page.get_by_role("button", name="Menu")).to_be_visible()


def test_the_appearance_follows_the_machine_until_it_is_chosen(
    look: Callable[..., Page], roster: Roster
) -> None:
    roster.add()
    page = look(dark=True)

    def ground() -> str:
        return str(page.evaluate("getComputedStyle(document.body).backgroundColor"))

    dark = ground()
    for choice, same in (("Light", False), ("Dark", True), ("Automatic", True)):
        page.goto("/settings")
        page.get_by_text(choice, exact=True).click()
        page.get_by_role("button", name="Save for this computer").click()
        expect(page.locator(".toast")).to_contain_text("Settings saved.")
        assert (ground() == dark) is same, choice
    page.emulate_media(color_scheme="light")
    assert ground() != dark
    page.emulate_media(color_scheme="dark", media="print")
    assert page.evaluate("getComputedStyle(document.querySelector('.strip')).display") == "none"
    assert ground() != dark, "paper is white"


@pytest.mark.parametrize("width", [400, 720, 1000, 1280, 1900])
def test_rows_are_as_wide_as_their_list(roster: Roster, look, watch: Watch, width: int) -> None:
    roster.crowd(60)
    roster.trash(1)
    page = look(width)
    page.goto("/")
    row = page.locator(".people tbody tr td:last-child").first
    right = row.evaluate("each => each.getBoundingClientRect().right")
    list_ = page.locator("#found").evaluate("each => each.getBoundingClientRect().left + each.clientWidth")
    assert abs(right - list_) < 1
