"""Columns in the browser: the menu over the list by keyboard, edges that are dragged, order by a click."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Roster
from webui.store.errors import Message

pytestmark = pytest.mark.browser

HEADS = "th[data-sizes]"


@pytest.fixture
def three(roster: Roster, page: Page) -> Page:
    for given, city in (("Mara", "Örebro"), ("Tomás", "Ängelholm"), ("Åsa", "")):
        roster.add(given=given, organisation=f"{given} AB", addresses=[{"city": city}])
    page.goto("/")
    return page


def heads(page: Page) -> list[str]:
    return [said.strip() for said in page.locator(f"{HEADS}:visible").all_inner_texts()]


@pytest.mark.parametrize("width", [720, 1180, 1240, 1699, 1700, 2560])  # 1240: as a window comes
def test_untouched_columns_fit_any_window(three: Page, width: int) -> None:
    three.set_viewport_size({"width": width, "height": 820})
    three.reload()
    ticks = three.locator("th.tick").evaluate(
        "tick => tick.offsetWidth / parseFloat(getComputedStyle(tick).fontSize)"
    )
    assert ticks < 5, "the room goes to what is read"
    assert three.locator("#found").evaluate("found => found.scrollWidth - found.clientWidth") == 0
    assert three.locator(HEADS).last.evaluate("head => head.offsetWidth") >= 80


@pytest.mark.parametrize("own", [False, True])
@pytest.mark.parametrize("width", [640, 720, 1000, 1240, 1900])
def test_the_menu_says_of_which_columns_there_is_no_room(
    three: Page, roster: Roster, width: int, *, own: bool
) -> None:
    if own:
        roster.field("Fee", "number")
    three.set_viewport_size({"width": width, "height": 820})
    three.reload()
    there = heads(three)[1:]
    three.get_by_role("link", name="Columns").click()
    ticked = three.locator("#columns-menu .columnrow", has=three.locator("[name=shown]:checked"))
    expect(ticked.first).to_be_visible()
    said = {row.locator("bdi").inner_text(): row.locator(".left-out:visible").count() for row in ticked.all()}
    assert [name for name, left_out in said.items() if not left_out] == there
    three.get_by_role("button", name="Show these columns").click()
    expect(three.locator(HEADS).nth(len(said))).to_be_visible()  # chosen, they are there in any window
    three.get_by_role("link", name="Columns").click()
    expect(ticked.first).to_be_visible()
    expect(three.locator("#columns-menu .left-out")).to_have_count(0)


def test_the_menu_has_a_key_and_escape_leads_back(three: Page) -> None:
    three.keyboard.press("ArrowDown")
    three.keyboard.press("l")
    expect(three.locator("#columns-menu [name=shown]").first).to_be_focused()
    three.keyboard.press("Escape")
    expect(three.locator("#columns-menu")).to_be_hidden()
    expect(three.locator("tr.here .who a")).to_be_focused()


@pytest.mark.parametrize("width", [640, 1000, 1240, 1900])
def test_a_list_sorted_by_a_column_that_has_no_room_says_so(three: Page, width: int) -> None:
    three.set_viewport_size({"width": width, "height": 820})
    for column, name in (("organisation", "Organisation"), ("email", "E-mail"), ("tags", "Tags")):
        three.goto(f"/?sort={column}")
        chip = three.get_by_text(f"Sorted by {name}")
        assert (name in heads(three)) != chip.is_visible()
    three.goto("/?sort=last_post")
    expect(three.get_by_text("Sorted by")).to_have_count(0)


def test_a_narrow_window_keeps_the_tags_beside_own_fields(three: Page, roster: Roster) -> None:
    three.set_viewport_size({"width": 720, "height": 820})
    three.reload()
    assert heads(three) == ["Name", "Tags", "Last post"]
    roster.field("Fee", "number")
    roster.field("Voice", "text")
    three.reload()
    assert heads(three) == ["Name", "Tags", "Fee", "Voice"]
    assert three.locator("#found").evaluate("found => found.scrollWidth - found.clientWidth") == 0
    three.set_viewport_size({"width": 1240, "height": 820})
    assert heads(three) == ["Name", "E-mail", "Tags", "Last post", "Fee", "Voice"]


def test_what_columns_add_up_to_stays_in_sight(three: Page, roster: Roster) -> None:
    roster.field("Fee", "number")
    roster.crowd(40)
    three.goto("/?here=1")
    three.locator("tfoot tr").wait_for()
    three.locator("tr.here .who a").focus()
    three.keyboard.press("Delete")
    three.locator("tfoot tr").wait_for()
    toast, foot = (three.locator(each).bounding_box() for each in (".toast", "tfoot th"))
    assert toast and foot and toast["y"] + toast["height"] <= foot["y"]


@pytest.mark.parametrize("width", [720, 1280])
def test_damage_is_told_beside_the_list_not_over_it(three: Page, roster: Roster, width: int) -> None:
    roster.field("Fee", "number")
    roster.crowd(40)
    alarm = roster.app.extensions["roster.alarm"]
    alarm.found = [Message("check.pages", {"found": "page 7"})]
    three.set_viewport_size({"width": width, "height": 820})
    three.goto("/")
    three.locator("tfoot tr").wait_for()
    boxes = (three.locator(each).bounding_box() for each in ("tfoot th", ".alarm", ".strip"))
    foot, told, strip = (each for each in boxes if each)
    assert foot["y"] + foot["height"] <= told["y"] + 1
    assert told["y"] + told["height"] <= strip["y"] + 1 and strip["y"] + strip["height"] <= 821
    three.get_by_role("button", name="Later").click()
    expect(three.locator(".alarm")).to_contain_text("Part of the file cannot be read.")
    expect(three.get_by_role("button", name="Later")).to_have_count(0)
    less = three.locator(".alarm").bounding_box()
    assert less and less["height"] < told["height"]


def test_columns_are_chosen_and_ordered_by_keyboard_alone(three: Page) -> None:
    three.get_by_role("link", name="Columns").focus()
    three.keyboard.press("Enter")
    expect(three.get_by_role("checkbox", name="E-mail")).to_be_focused()
    three.keyboard.press("Space")  # the e-mail goes
    names = [str(each.text_content()) for each in three.locator("[data-column] legend").element_handles()]
    city = names.index("City")
    names[city - 1 : city + 1] = ["City", names[city - 1]]
    three.get_by_role("button", name="Move City up").focus()
    three.keyboard.press("Enter")
    expect(three.locator("[data-column] legend")).to_have_text(names)  # it had the focus before it too
    expect(three.get_by_role("button", name="Move City up")).to_be_focused()
    three.get_by_role("checkbox", name="Birthday").focus()
    three.keyboard.press("Space")
    three.keyboard.press("Enter")
    expect(three.get_by_text("The columns of the list are changed.")).to_be_visible()
    assert heads(three) == ["Name", "City", "Organisation", "Tags", "Last post", "Birthday"]
    expect(three.locator(".strip")).to_contain_text("Undo Change the columns of the list")
    three.keyboard.press("Control+z")
    expect(three.locator(HEADS)).to_have_count(6)
    expect(three.locator(HEADS).nth(1)).to_contain_text("E-mail")


def test_a_menu_that_is_left_changes_nothing(three: Page) -> None:
    before = heads(three)
    three.get_by_role("link", name="Columns").click()
    three.get_by_role("checkbox", name="Birthday").click()
    three.keyboard.press("Escape")
    expect(three.locator("#columns-menu")).to_be_hidden()
    three.reload()
    assert heads(three) == before


def test_an_edge_that_is_dragged_stays_where_it_was_left(three: Page) -> None:
    head = three.locator("th.col-email")
    before, box = head.bounding_box(), three.locator("th.col-email .edge").bounding_box()
    assert before
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + 8
    three.mouse.move(x, y)
    three.mouse.down()
    three.mouse.move(x + 30, y, steps=3)
    three.mouse.move(x + 80, y, steps=3)
    with three.expect_response("**/columns.css*"):
        three.mouse.up()
    after = head.bounding_box()
    assert after
    assert abs(after["width"] - before["width"] - 80) <= 2
    assert three.url.rstrip("/").endswith(
        three.url.split("/")[2]
    )  # the end of a drag is no click on the head
    three.reload()
    again = head.bounding_box()
    assert again
    assert abs(again["width"] - after["width"]) <= 2
    three.set_viewport_size({"width": 1600, "height": 800})
    wider = head.bounding_box()
    assert wider
    assert abs(wider["width"] - after["width"]) <= 2


def test_the_name_stays_while_columns_go_by(roster: Roster, three: Page) -> None:
    three.get_by_role("link", name="Columns").click()
    for name in ("Birthday", "Street", "Country", "Note", "Added"):
        three.get_by_role("checkbox", name=name).click()
    three.get_by_role("button", name="Show these columns").click()
    expect(three.locator(HEADS)).to_have_count(11)
    three.locator(".rows").evaluate("rows => { rows.scrollLeft = 400 }")
    first, rows = (
        three.locator(".people tbody .name").first.bounding_box(),
        three.locator(".rows").bounding_box(),
    )
    assert first
    assert rows
    assert 0 <= first["x"] - rows["x"] < 80
    assert three.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_the_foot_adds_up_the_view_and_then_those_ticked(roster: Roster, page: Page) -> None:
    roster.field("Fee", "number")
    for given, fee in (("Mara", "10"), ("Noor", "20.5"), ("Kim", "")):
        roster.add(given=given, fields={"Fee": fee})
    page.set_viewport_size({"width": 1800, "height": 800})
    page.goto("/")
    foot = page.locator("tfoot")
    expect(foot).to_contain_text("Of this view")
    expect(foot).to_contain_text("Sum 30.5")
    page.get_by_role("checkbox", name="Select Noor").click()
    expect(foot).to_contain_text("Of those selected")
    expect(foot).to_contain_text("Sum 20.5")
    page.keyboard.press("Escape")
    expect(foot).to_contain_text("Sum 30.5")
    page.get_by_role("searchbox").fill("mara")
    expect(foot).to_contain_text("Sum 10")


def test_a_click_on_a_head_sorts_and_the_next_one_turns_round(three: Page) -> None:
    three.set_viewport_size({"width": 1800, "height": 800})
    names = three.locator(".people tbody .who a")
    three.locator("th.col-city a").click()
    expect(names).to_have_text(["Tomás", "Mara", "Åsa"])
    three.locator("th.col-city a").click()
    expect(names).to_have_text(["Mara", "Tomás", "Åsa"])
    expect(three.locator("th.col-city")).to_have_attribute("aria-sort", "descending")
