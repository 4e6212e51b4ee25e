"""From a file to people in a browser, with script and without; and what each step owes to every eye."""

from collections.abc import Callable
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import Roster
from tests.browser.test_belongings import give
from tests.browser.test_looks import RULES
from tests.exchange.workbooks import row, xlsx

pytestmark = pytest.mark.browser

LONG = "Wolfeschlegelsteinhausenbergerdorff"
CONTENT = (
    "First Name,Last Name,E-mail,Notes,Groups,Birthday,Nobody knows\n"
    "Mara,Ek,mara@roster.example,new note,Choir;Bass,03/04/1987,\n"
    "Bo,Lindqvist,home@roster.example,,,,\n"
    f"{LONG},{LONG},{'e' * 60}@roster.example,{LONG * 5},{LONG},,x\n"
    "نور,حداد,noor@localhost,نص,,,\n"
    "Kim,,,,,,\n"
    ",,,only a note,,,\n"
)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "members.csv"
    path.write_text(CONTENT, encoding="utf-8")
    return path


def fill(roster: Roster) -> None:
    roster.add(given="Mara", family="Ek", email="mara@roster.example", note="old note")
    roster.add(given="Anna", family="Lindqvist", email="home@roster.example")


def step(page: Page, name: str) -> None:
    expect(page.locator(".steps [aria-current]")).to_contain_text(name)


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_people_are_brought_in_looked_at_first_and_undone(
    look: Callable[..., Page], roster: Roster, file: Path, script: bool
) -> None:
    fill(roster)
    page = look(script=script)
    page.get_by_role("link", name="Import").click()
    page.get_by_label("File", exact=True).set_input_files(file)
    page.get_by_role("button", name="Look at it").click()
    step(page, "Columns")
    expect(page.get_by_label("Birthday goes to")).to_have_value("birthday")
    page.get_by_label("Nobody knows goes to").select_option("nickname")
    if script:
        page.keyboard.press("Control+Enter")
    else:
        page.locator(".footbar .main").click()

    step(page, "Preview")
    page.get_by_role("button", name="The day: 3 April 1987").click()
    expect(page.locator("#row-0")).to_contain_text("old note→new note", use_inner_text=True)
    said = page.locator("#dates")
    expect(said).to_contain_text("the day comes first, as you said.")
    if script:
        expect(said).to_be_focused()
    expect(said.get_by_role("button", name="The month comes first")).to_be_visible()
    ticked = page.get_by_label("Yes, from now on")
    if script:
        with page.expect_response("**/email-optional"):
            ticked.check()
    page.locator("#row-1").get_by_role("button", name="The same person").click()
    expect(page.locator("#row-1").get_by_role("button", name="The same person")).to_have_attribute(
        "aria-pressed", "true"
    )
    if script:
        expect(page.locator("#row-1").get_by_role("button", name="The same person")).to_be_focused()
    page.get_by_role("link", name="Cannot be read").click()
    expect(page.locator("tbody tr")).to_have_count(1)
    if script:
        expect(ticked).to_be_checked()
    else:
        ticked.check()
    page.get_by_role("button", name="Import 5 people").click()

    expect(page.locator(".sums")).to_contain_text("New people 3", use_inner_text=True)
    with page.expect_download() as downloading:
        page.get_by_role("link", name="Save the refused rows").click()
    assert downloading.value.path().read_bytes().startswith(b"First Name,Last Name,E-mail")
    page.get_by_role("link", name="See the people").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("People 5")
    page.locator(".strip").get_by_role("button", name="Undo").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("People 2")


@pytest.mark.parametrize(("width", "dark"), [(720, False), (1280, True)])
def test_each_step_is_fit_for_every_eye(
    look: Callable[..., Page], roster: Roster, file: Path, width: int, dark: bool
) -> None:
    fill(roster)
    page = look(width, dark=dark)

    def fit(name: str) -> None:
        found = Axe().run(page, options={"runOnly": RULES})
        assert not found.response["violations"], f"{name}\n{found.generate_report()}"
        for part in page.locator("html, main, .wizard > .middle").all():
            over = part.evaluate("box => box.scrollWidth - box.clientWidth")
            assert over <= 0, f"{name}: {over} px too wide"

    page.goto("/import")
    fit("file")
    page.get_by_label("File", exact=True).set_input_files(file)
    page.get_by_role("button", name="Look at it").click()
    step(page, "Columns")
    fit("columns")
    page.locator(".footbar .main").click()
    step(page, "Preview")
    fit("preview, with a question")
    page.get_by_role("button", name="The day: 3 April 1987").click()
    step(page, "Preview")
    fit("preview")
    page.get_by_label("Yes, from now on").check()
    page.locator(".footbar .main").click()
    expect(page.get_by_role("link", name="See the people")).to_be_visible()
    fit("done")


FULL = """select => {
  const alone = document.createElement("span");
  alone.textContent = select.selectedOptions[0].label;
  alone.style.cssText = "position: absolute; white-space: nowrap; font: " + getComputedStyle(select).font;
  document.body.append(alone);
  const own = getComputedStyle(select);
  const room = select.clientWidth - parseFloat(own.paddingInlineStart) - parseFloat(own.paddingInlineEnd);
  const over = alone.offsetWidth - room;
  alone.remove();
  return over;
}"""


def to_columns(page: Page, sheet: bytes) -> None:
    page.goto("/import")
    page.get_by_label("File", exact=True).set_input_files(
        {"name": "a.csv", "mimeType": "text/csv", "buffer": sheet}
    )
    page.get_by_role("button", name="Look at it").click()
    step(page, "Columns")


@pytest.mark.parametrize("width", [720, 1280, 2560])
def test_where_a_column_goes_is_read_in_full(look: Callable[..., Page], width: int) -> None:
    page = look(width)
    to_columns(page, b"First Name,Favourite colour of the year\nMara,blue\n")
    for each in page.locator("table select").all():
        assert each.evaluate(FULL) <= 0, each.get_attribute("aria-label")
    heads = page.locator("table").evaluate("table => table.scrollWidth - table.clientWidth")
    assert heads <= 0


def test_one_rule_stands_between_two_questions(page: Page) -> None:
    page.goto("/import")
    page.get_by_label("Or paste a table").fill("Name\tPhone\nMara Ek\t030/1234")
    page.keyboard.press("Control+Enter")
    step(page, "Columns")
    page.keyboard.press("Control+Enter")
    step(page, "Preview")
    questions = page.locator(".question")
    expect(questions).to_have_count(2)
    above, below = questions.nth(0).bounding_box(), questions.nth(1).bounding_box()
    assert above and below
    assert abs(above["y"] + above["height"] - below["y"]) < 1
    rules = questions.evaluate_all("all => all.map((each) => getComputedStyle(each).borderBlockStartWidth)")
    assert rules == ["1px", "0px"]


def test_the_name_of_a_column_is_not_broken_within_a_word(look: Callable[..., Page]) -> None:
    page = look(720)
    to_columns(page, b"Vorname,Geburtstag,Mitgliedsnr,Veranstaltung\nMara,1987-03-04,0013,Reise\n")
    names = page.locator("tbody td:first-child strong")
    lines = names.evaluate_all("all => all.map((each) => each.getClientRects().length)")
    assert lines == [1, 1, 1, 1]
    expect(page.locator("tbody td:first-child small").nth(2)).to_have_text("0013")
    expect(page.locator("tbody td:first-child small").nth(2)).to_be_visible()


@pytest.mark.parametrize("width", [720, 1200])
def test_long_columns_scroll_within_their_page_alone(
    look: Callable[..., Page], file: Path, width: int
) -> None:
    page = look(width, 500)
    page.goto("/import")
    page.get_by_label("File", exact=True).set_input_files(file)
    page.get_by_role("button", name="Look at it").click()
    step(page, "Columns")
    inner, outer = (
        page.locator(each).evaluate("box => box.scrollHeight - box.clientHeight")
        for each in (".wizard > .middle", "main")
    )
    assert (inner > 0, outer) == (True, 0)


def test_an_import_begins_by_keyboard_alone(page: Page, roster: Roster, file: Path) -> None:
    roster.add(given="Anna")
    page.goto("/import")
    expect(page.get_by_label("File", exact=True)).to_be_focused()
    page.get_by_label("Or paste a table").fill("Name\tE-mail\nMara Ek\tm@x.example")
    page.keyboard.press("Control+Enter")
    step(page, "Columns")
    expect(page.get_by_role("cell", name="Mara Ek")).to_be_visible()
    page.goto("/import")
    page.get_by_label("File", exact=True).set_input_files(file)
    page.keyboard.press("Control+Enter")
    step(page, "Columns")
    expect(page.get_by_role("heading", name=f"Import {file.name}")).to_be_visible()


def test_a_workbook_dropped_on_any_page_is_looked_at(page: Page, roster: Roster) -> None:
    roster.add(given="Anna")
    page.goto("/users/1")
    book = xlsx(row(1, "Name", "E-mail"), row(2, "Mara Ek", "m@x.example"))
    give(page, "#title", "drop", "members.xlsx", "", book)
    step(page, "Columns")
    expect(page.get_by_role("heading", name="Import members.xlsx")).to_be_visible()
    expect(page.get_by_role("cell", name="Mara Ek")).to_be_visible()


def test_the_focus_stays_where_the_country_of_phones_was_said(page: Page, tmp_path: Path) -> None:
    file = tmp_path / "members.csv"
    file.write_text("First Name,E-mail,Phone\nMara,mara@roster.example,030 901820\n", encoding="utf-8")
    page.goto("/import")
    page.get_by_label("File", exact=True).set_input_files(file)
    page.get_by_role("button", name="Look at it").click()
    step(page, "Columns")
    page.locator(".footbar .main").click()
    step(page, "Preview")
    page.get_by_label("Which country").select_option("DE")
    page.get_by_role("button", name="Read them so").click()
    expect(page.locator("#phones")).to_be_focused()
    expect(page.get_by_label("Which country")).to_have_value("DE")
