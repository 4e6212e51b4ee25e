"""The list as a sheet in the browser, by keyboard: cells are reached, written, gone on from, pasted into."""

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.browser.conftest import Roster, Watch
from webui import database
from webui.store import users
from webui.store.ledger.operations import operation

pytestmark = pytest.mark.browser


@pytest.fixture
def sheet(roster: Roster, page: Page) -> Page:
    """Åsa, Mara and Tomás, in that order, on a window wide enough for their cities."""
    roster.field("Voice", "choice", options="Alto\nBass")
    for given in ("Mara", "Tomás", "Åsa"):
        roster.add(given=given, organisation=f"{given} AB")
    page.set_viewport_size({"width": 1900, "height": 800})
    page.goto("/")
    return page


def cell(page: Page, row: int, column: str) -> Locator:
    return page.locator(".people tbody tr").nth(row).locator(f"[data-cell^='{column}']")


def field(page: Page, label: str) -> Locator:
    return page.locator(".celledit").get_by_label(label, exact=True)


def reach(page: Page, steps: int) -> None:
    """Go to the cell `steps` columns behind the name of the one here."""
    page.locator("tr.here .who a").focus()
    for _step in range(steps):
        page.keyboard.press("ArrowRight")


def paste(page: Page, text: str) -> None:
    page.evaluate(
        "text => { const data = new DataTransfer(); data.setData('text/plain', text); const init = {"
        " clipboardData: data, bubbles: true, cancelable: true };"
        " document.activeElement.dispatchEvent(new ClipboardEvent('paste', init)) }",
        text,
    )


@pytest.mark.parametrize("saves", ["Enter", "Control+s"])
def test_a_cell_is_reached_written_and_left_by_keyboard_alone(sheet: Page, saves: str) -> None:
    reach(sheet, 3)
    expect(cell(sheet, 0, "city")).to_be_focused()
    sheet.keyboard.press("Enter")
    expect(field(sheet, "City")).to_be_focused()
    sheet.keyboard.type("Lund")
    sheet.keyboard.press(saves)
    expect(cell(sheet, 0, "city")).to_have_text("Lund")
    expect(cell(sheet, 1, "city")).to_be_focused()  # down, as in a sheet
    expect(sheet.locator("tr.here .who a")).to_have_text("Mara")
    expect(sheet.locator(".strip")).to_contain_text("Undo Change Åsa")
    sheet.keyboard.press("ArrowUp")
    expect(cell(sheet, 0, "city")).to_be_focused()
    expect(sheet.locator("#pane")).to_contain_text("Lund")
    sheet.keyboard.press("ArrowLeft")
    expect(cell(sheet, 0, "organisation")).to_be_focused()
    sheet.keyboard.press("Control+z")
    expect(cell(sheet, 0, "city")).to_have_text("")


def test_tab_goes_on_from_field_to_field(sheet: Page) -> None:
    reach(sheet, 2)
    sheet.keyboard.press("F2")
    expect(field(sheet, "Organisation")).to_have_value("Åsa AB")
    sheet.keyboard.type("Zulu")
    sheet.keyboard.press("Tab")
    expect(field(sheet, "City")).to_be_focused()
    sheet.keyboard.type("Lund")
    sheet.keyboard.press("Shift+Tab")
    expect(field(sheet, "Organisation")).to_have_value("Zulu")
    sheet.keyboard.press("Escape")
    expect(cell(sheet, 0, "organisation")).to_be_focused()
    expect(cell(sheet, 0, "organisation")).to_have_text("Zulu")
    expect(cell(sheet, 0, "city")).to_have_text("Lund")


def test_a_pane_that_takes_its_time_keeps_nothing_from_being_saved(sheet: Page) -> None:
    """The page reloaded under the next cell: the strip's answer was queued behind the pane's."""
    sheet.route("**/pane", lambda route: (sheet.wait_for_timeout(400), route.continue_()))
    sheet.evaluate("document.body.dataset.same = ''")
    reach(sheet, 2)
    for value in ("Zulu", "Lund", "Tidy", "Bass"):
        sheet.keyboard.press("F2")
        sheet.keyboard.type(value)
        sheet.keyboard.press("Enter")
        expect(cell(sheet, 0, "organisation")).to_have_text(value)
        sheet.keyboard.press("ArrowUp")
        sheet.wait_for_timeout(150)  # the pane is asked for
    sheet.wait_for_timeout(1000)
    expect(sheet.locator("body[data-same]")).to_have_count(1)
    expect(sheet.get_by_role("contentinfo")).to_contain_text("Undo")
    sheet.unroute_all(behavior="wait")


def test_tab_in_the_last_cell_goes_to_the_next_person(sheet: Page) -> None:
    cell(sheet, 0, "own:").dblclick()
    expect(field(sheet, "Voice")).to_be_focused()
    field(sheet, "Voice").select_option("Bass")
    sheet.keyboard.press("Tab")
    expect(field(sheet, "E-mail")).to_have_value("mara@roster.example")
    expect(cell(sheet, 0, "own:")).to_have_text("Bass")
    expect(sheet.locator("tr.here .who a")).to_have_text("Mara")


def test_escape_leaves_a_cell_as_it_was(sheet: Page) -> None:
    reach(sheet, 1)
    sheet.keyboard.press("Enter")
    sheet.keyboard.type("nonsense")
    sheet.keyboard.press("Escape")
    expect(cell(sheet, 0, "email")).to_have_text("åsa@roster.example")
    expect(cell(sheet, 0, "email")).to_be_focused()
    sheet.keyboard.press("Enter")
    expect(field(sheet, "E-mail")).to_have_value("åsa@roster.example")


def test_what_is_wrong_is_said_and_kept(sheet: Page, watch: Watch) -> None:
    watch.allow(422)
    reach(sheet, 1)
    sheet.keyboard.press("Enter")
    sheet.keyboard.type("mara@roster.example")
    sheet.keyboard.press("Tab")
    expect(sheet.get_by_role("alert")).to_contain_text("Taken by Mara.")
    expect(field(sheet, "E-mail")).to_be_focused()
    expect(field(sheet, "E-mail")).to_have_value("mara@roster.example")
    field(sheet, "E-mail").fill("asa@new.example")
    sheet.keyboard.press("Enter")
    expect(cell(sheet, 0, "email")).to_have_text("asa@new.example")


def test_whoever_clicks_elsewhere_has_written(sheet: Page) -> None:
    cell(sheet, 1, "city").dblclick()
    field(sheet, "City").fill("Malmö")
    sheet.get_by_role("heading", level=1).click()
    expect(cell(sheet, 1, "city")).to_have_text("Malmö")
    sheet.reload()
    expect(cell(sheet, 1, "city")).to_have_text("Malmö")


def test_delete_empties_the_cell_and_not_the_person(sheet: Page) -> None:
    reach(sheet, 2)
    sheet.keyboard.press("Delete")
    expect(cell(sheet, 0, "organisation")).to_have_text("")
    expect(cell(sheet, 0, "organisation")).to_be_focused()
    expect(sheet.locator(".people tbody tr")).to_have_count(3)


def test_enter_on_the_name_still_opens_the_person(sheet: Page) -> None:
    reach(sheet, 1)
    sheet.keyboard.press("ArrowLeft")
    expect(sheet.locator("tr.here .who a")).to_be_focused()
    sheet.keyboard.press("Enter")
    expect(sheet.get_by_role("heading", level=1)).to_have_text("Åsa")


def test_a_column_of_a_spreadsheet_fills_down_after_a_look(sheet: Page) -> None:
    reach(sheet, 3)
    paste(sheet, "Lund\r\nMalmö\r\n\r\n")
    expect(sheet.get_by_role("heading", level=1)).to_have_text("Paste into City")
    expect(sheet.locator(".samples")).to_contain_text("Malmö")
    sheet.keyboard.press("Control+s")
    expect(sheet.get_by_text("2 people changed.")).to_be_visible()
    expect(cell(sheet, 0, "city")).to_have_text("Lund")
    expect(cell(sheet, 1, "city")).to_have_text("Malmö")
    sheet.keyboard.press("Control+z")
    expect(cell(sheet, 1, "city")).to_have_text("")


def test_one_pasted_value_stands_in_the_field(sheet: Page) -> None:
    reach(sheet, 3)
    paste(sheet, "Lund")
    expect(field(sheet, "City")).to_have_value("Lund")
    sheet.keyboard.press("Enter")
    expect(cell(sheet, 0, "city")).to_have_text("Lund")


def test_a_search_and_ticks_stay_while_cells_are_written(sheet: Page) -> None:
    sheet.get_by_role("searchbox").fill("roster.example")
    expect(sheet.locator("#tally")).to_contain_text("3 found")
    sheet.get_by_role("checkbox", name="Select Mara").click()
    cell(sheet, 1, "city").dblclick()
    sheet.keyboard.type("Lund")
    sheet.keyboard.press("Enter")
    expect(cell(sheet, 1, "city")).to_have_text("Lund")
    expect(sheet.get_by_role("checkbox", name="Select Mara")).to_be_checked()
    expect(sheet.get_by_role("searchbox")).to_have_value("roster.example")


def test_another_cell_of_the_row_is_gone_to_while_one_is_written(sheet: Page) -> None:
    cell(sheet, 0, "organisation").dblclick()
    field(sheet, "Organisation").fill("Zulu")
    cell(sheet, 0, "city").dblclick()
    expect(field(sheet, "City")).to_be_focused()
    sheet.keyboard.type("Lund")
    cell(sheet, 0, "email").click()
    expect(cell(sheet, 0, "city")).to_have_text("Lund")
    expect(cell(sheet, 0, "organisation")).to_have_text("Zulu")
    expect(cell(sheet, 0, "email")).to_be_focused()


def test_leaving_the_page_writes_what_stands_in_the_field(sheet: Page) -> None:
    cell(sheet, 0, "city").dblclick()
    field(sheet, "City").fill("Lund")
    sheet.get_by_role("link", name="History").click()
    expect(sheet.get_by_role("heading", level=1)).to_have_text("History")
    sheet.goto("/")
    expect(cell(sheet, 0, "city")).to_have_text("Lund")


def slowly(page: Page, milliseconds: int = 400) -> None:
    """Let each answer about a cell take its time."""

    def wait(route: Route) -> None:
        page.wait_for_timeout(milliseconds)
        route.continue_()

    page.route("**/cell*", wait)


def test_a_letter_begins_to_write_in_a_cell(sheet: Page) -> None:
    reach(sheet, 3)
    sheet.keyboard.type("Nora")
    expect(field(sheet, "City")).to_have_value("Nora")
    sheet.keyboard.press("Backspace")
    sheet.keyboard.press("Enter")
    expect(cell(sheet, 0, "city")).to_have_text("Nor")


def test_a_value_pasted_into_a_list_is_read_by_its_words(sheet: Page, watch: Watch) -> None:
    watch.allow(422)
    reach(sheet, 5)
    expect(cell(sheet, 0, "own:")).to_be_focused()
    paste(sheet, "bass ")
    sheet.keyboard.press("Enter")
    expect(cell(sheet, 0, "own:")).to_have_text("Bass")
    sheet.keyboard.press("ArrowUp")
    paste(sheet, "Tenor")
    sheet.keyboard.press("Enter")
    expect(sheet.get_by_role("alert")).to_contain_text("only Alto, Bass")
    sheet.keyboard.press("Escape")
    expect(cell(sheet, 0, "own:")).to_have_text("Bass")


def test_what_was_typed_behind_a_refused_value_goes_nowhere(sheet: Page, watch: Watch) -> None:
    watch.allow(422)
    reach(sheet, 1)
    sheet.keyboard.press("Enter")
    expect(field(sheet, "E-mail")).to_be_focused()
    slowly(sheet)
    sheet.keyboard.type("nonsense")
    sheet.keyboard.press("Tab")
    sheet.keyboard.type("Zulu AB")
    expect(sheet.get_by_role("alert")).to_be_visible()
    expect(field(sheet, "E-mail")).to_have_value("nonsense")
    sheet.keyboard.press("Escape")
    expect(cell(sheet, 0, "organisation")).to_have_text("Åsa AB")


def test_what_is_pasted_early_goes_where_it_was_meant_to(sheet: Page) -> None:
    slowly(sheet)
    reach(sheet, 3)
    sheet.keyboard.type("L")
    paste(sheet, "Mal")
    sheet.keyboard.press("Enter")
    expect(cell(sheet, 0, "city")).to_have_text("LMal")
    sheet.keyboard.press("ArrowUp")
    sheet.keyboard.type("U")
    sheet.keyboard.press("Enter")
    paste(sheet, "Lund")
    expect(field(sheet, "City")).to_have_value("Lund")
    sheet.keyboard.press("Enter")
    expect(cell(sheet, 0, "city")).to_have_text("U")
    expect(cell(sheet, 1, "city")).to_have_text("Lund")


def test_what_is_pasted_while_nothing_has_the_focus_is_kept(sheet: Page) -> None:
    reach(sheet, 3)
    sheet.route("**/strip", lambda route: (sheet.wait_for_timeout(500), route.continue_()))
    sheet.keyboard.type("Lund")
    sheet.keyboard.press("Enter")
    expect(cell(sheet, 0, "city")).to_have_text("Lund")
    paste(sheet, "Malmo")
    sheet.keyboard.press("Enter")
    expect(cell(sheet, 1, "city")).to_have_text("Malmo")
    sheet.unroute_all(behavior="wait")


def test_no_key_of_the_page_works_while_a_cell_is_written(sheet: Page, watch: Watch) -> None:
    watch.allow(422)
    reach(sheet, 1)
    sheet.keyboard.press("Enter")
    sheet.keyboard.type("nonsense")
    sheet.keyboard.press("Enter")
    sheet.get_by_role("alert").click()
    sheet.keyboard.press("Delete")
    sheet.keyboard.press("n")
    expect(sheet.locator(".people tbody tr")).to_have_count(3)
    expect(sheet.locator(".celledit")).to_be_visible()
    with sheet.expect_response("**/cell"):  # refused again; a key that comes before is nobody's
        sheet.get_by_role("link", name="History").click()
    expect(sheet.get_by_role("dialog")).to_contain_text("What you typed is not saved.")
    sheet.get_by_role("button", name="Stay here").click()
    sheet.get_by_role("link", name="Columns").click()
    expect(sheet.get_by_role("checkbox", name="E-mail")).to_be_visible()
    sheet.keyboard.press("Escape")
    expect(sheet.get_by_role("checkbox", name="E-mail")).to_be_hidden()
    field(sheet, "E-mail").press("Escape")
    expect(cell(sheet, 0, "email")).to_have_text("åsa@roster.example")


def test_letters_for_the_search_are_not_kept_by_a_cell(sheet: Page) -> None:
    cell(sheet, 0, "city").dblclick()
    field(sheet, "City").fill("Lund")
    slowly(sheet)
    sheet.get_by_role("searchbox").click()
    sheet.keyboard.type("mara")
    expect(sheet.get_by_role("searchbox")).to_have_value("mara")
    expect(sheet.locator(".people tbody .who a")).to_have_text(["Mara"])
    sheet.get_by_role("searchbox").fill("")
    expect(cell(sheet, 0, "city")).to_have_text("Lund")
    expect(sheet.locator("#pane")).not_to_have_attribute("aria-busy", "true")


def test_a_click_in_the_row_that_is_saved_counts(sheet: Page) -> None:
    cell(sheet, 0, "city").dblclick()
    field(sheet, "City").fill("Lund")
    sheet.get_by_role("checkbox", name="Select Åsa").click(delay=300)
    expect(cell(sheet, 0, "city")).to_have_text("Lund")
    expect(sheet.get_by_role("checkbox", name="Select Åsa")).to_be_checked()


def test_no_answer_is_said_and_what_was_typed_stays(sheet: Page, watch: Watch) -> None:
    cell(sheet, 0, "city").dblclick()
    sheet.route("**/cell*", lambda route: route.fulfill(status=500, body="x"))
    watch.allow(500)
    field(sheet, "City").fill("Lund")
    sheet.keyboard.press("Enter")
    expect(sheet.get_by_role("alert")).to_contain_text("This was not saved")
    expect(field(sheet, "City")).to_have_value("Lund")
    sheet.unroute("**/cell*")
    sheet.keyboard.press("Enter")
    expect(cell(sheet, 0, "city")).to_have_text("Lund")


def test_a_block_fills_the_columns_and_rows_that_one_sees(roster: Roster, sheet: Page) -> None:
    sheet.set_viewport_size({"width": 1280, "height": 800})
    reach(sheet, 1)
    paste(sheet, "asa@new.example\tChoir")
    expect(sheet.get_by_role("heading", level=1)).to_have_text("Paste into E-mail, Tags")
    expect(sheet.locator(".samples")).to_contain_text("Choir")


def test_what_another_door_did_meanwhile_comes_in(roster: Roster, sheet: Page) -> None:
    with roster.app.app_context():
        session = database.session()
        with operation(session):
            users.change(session, 1, {"organisation": "From elsewhere"})
    cell(sheet, 0, "city").dblclick()
    field(sheet, "City").fill("Lund")
    sheet.keyboard.press("Enter")
    expect(cell(sheet, 0, "city")).to_have_text("Lund")
    expect(cell(sheet, 1, "organisation")).to_have_text("From elsewhere")


def test_a_cell_is_copied_whole(roster: Roster, sheet: Page) -> None:
    roster.add(given="Ada", tags=["Anthem", "Board", "Choir", "Smith, family"])
    sheet.reload()
    reach(sheet, 4)
    expect(cell(sheet, 0, "tags")).to_be_focused()
    copied = sheet.evaluate(
        "() => { const data = new DataTransfer();"
        " const init = { clipboardData: data, bubbles: true, cancelable: true };"
        " document.activeElement.dispatchEvent(new ClipboardEvent('copy', init));"
        " return data.getData('text/plain') }"
    )
    assert copied == 'Anthem, Board, Choir, "Smith, family"'


def test_keys_that_come_before_the_field_count_in_it(sheet: Page) -> None:
    slowly(sheet, 200)
    reach(sheet, 5)
    sheet.keyboard.press("Enter")
    sheet.keyboard.type("b")
    sheet.keyboard.press("Enter")
    expect(cell(sheet, 0, "own:")).to_have_text("Bass")
    sheet.keyboard.press("ArrowUp")
    for _column in range(3):
        sheet.keyboard.press("ArrowLeft")
    expect(cell(sheet, 0, "organisation")).to_be_focused()
    for key in ("Enter", "End", "x", "y", "Backspace", "Control+s"):
        sheet.keyboard.press(key)
    expect(cell(sheet, 0, "organisation")).to_have_text("Åsa ABx")
