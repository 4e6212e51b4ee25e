"""Selecting in the list: by click, by key, all of a view; the bar, what it leads to, and the way back."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Roster

pytestmark = pytest.mark.browser


@pytest.fixture
def four(roster: Roster, page: Page) -> Page:
    """The list with Anna, Bo, Cem and Dora."""
    for given in ("Anna", "Bo", "Cem", "Dora"):
        roster.add(given=given, family="Ek")
    page.goto("/")
    return page


def ticked(page: Page, *names: str) -> None:
    rows = page.locator("tr", has=page.locator(".tick :checked")).filter(has=page.locator(".who"))
    expect(rows.locator(".who a")).to_have_text([f"{name} Ek" for name in names])
    expect(bar(page)).to_be_visible() if names else expect(bar(page)).to_be_hidden()
    if names:
        expect(bar(page)).to_contain_text(f"{len(names)} selected")


def bar(page: Page) -> Locator:
    return page.locator(".bulkbar")


def tick(page: Page, name: str) -> Locator:
    return page.get_by_role("checkbox", name=f"Select {name} Ek")


def test_a_click_ticks_and_shift_reaches_to_there(four: Page) -> None:
    ticked(four)
    tick(four, "Anna").click()
    ticked(four, "Anna")
    tick(four, "Cem").click(modifiers=["Shift"])
    ticked(four, "Anna", "Bo", "Cem")
    shown = four.get_by_role("checkbox", name="Select everyone shown")
    assert shown.evaluate("tick => tick.indeterminate")
    shown.click()
    ticked(four, "Anna", "Bo", "Cem", "Dora")
    shown.click()
    ticked(four)


def test_keys_tick_extend_take_all_and_clear(four: Page) -> None:
    four.keyboard.press("ArrowDown")
    four.keyboard.press(" ")
    ticked(four, "Bo")
    four.keyboard.press("Shift+ArrowDown")
    ticked(four, "Bo", "Cem")
    expect(four.locator("tr.here .who a")).to_have_text("Cem Ek")
    four.keyboard.press(" ")
    ticked(four, "Bo")
    four.keyboard.press("Control+a")
    ticked(four, "Anna", "Bo", "Cem", "Dora")
    four.keyboard.press("Escape")
    ticked(four)


def test_the_trash_is_selected_by_keys_as_the_list_is(four: Page, roster: Roster) -> None:
    for user_id in (1, 2, 3):
        roster.trash(user_id)
    four.goto("/trash")
    rows = four.locator("tr", has=four.locator("td.tick :checked"))
    four.keyboard.press("ArrowDown")
    expect(four.locator("tr.here strong")).to_have_text("Cem Ek")  # the last one first
    four.keyboard.press("Space")
    expect(rows).to_have_count(1)
    four.keyboard.press("Shift+ArrowDown")
    expect(rows.locator("strong")).to_have_text(["Cem Ek", "Bo Ek"])
    expect(bar(four)).to_contain_text("2 selected")
    four.keyboard.press("Escape")
    expect(bar(four)).to_be_hidden()
    four.keyboard.press("Control+a")
    expect(bar(four)).to_contain_text("3 selected")
    four.get_by_role("button", name="Put back all selected").click()
    expect(four.locator("main")).to_contain_text("Put 3 people back")
    four.keyboard.press("Escape")
    expect(bar(four)).to_contain_text("3 selected")
    tick(four, "Bo").click()
    four.keyboard.press("Delete")
    expect(four.get_by_role("heading", level=1)).to_have_text("Delete 2 people for good")
    four.keyboard.press("Control+s")
    expect(four.locator(".toast")).to_contain_text("2 people deleted for good.")
    expect(four.locator("td .who strong")).to_have_text(["Bo Ek"])
    four.keyboard.press("Control+z")
    expect(four.locator("td .who strong")).to_have_count(3)


def test_space_in_the_search_box_is_a_space(four: Page) -> None:
    four.keyboard.press("/")
    four.keyboard.type("bo ek")
    expect(four.get_by_role("searchbox")).to_have_value("bo ek")
    ticked(four)


def test_another_search_selects_anew(four: Page) -> None:
    tick(four, "Bo").click()
    four.get_by_role("searchbox").fill("ek")
    expect(four).to_have_url(re.compile("q=ek"))
    ticked(four)
    tick(four, "Cem").click()
    ticked(four, "Cem")


def test_delete_means_those_ticked_and_without_any_the_one_here(four: Page) -> None:
    tick(four, "Bo").click()
    tick(four, "Dora").click()
    four.keyboard.press("Delete")
    expect(four.get_by_role("heading", level=1)).to_have_text("Move 2 people to the trash")
    four.get_by_role("button", name="Move 2 people to the trash").click()
    expect(four.locator(".toast")).to_contain_text("2 people moved to the trash.")
    expect(four.locator(".who a")).to_have_text(["Anna Ek", "Cem Ek"])
    expect(four.locator("#pane")).not_to_have_attribute("aria-busy", "true")
    four.keyboard.press("Delete")
    expect(four.locator(".toast")).to_contain_text("Anna Ek moved to the trash.")


def test_a_tag_by_keys_alone_and_one_undo(four: Page) -> None:
    four.keyboard.press("Control+a")
    four.keyboard.press("t")
    expect(four.get_by_role("heading", level=1)).to_have_text("Tag 4 people")
    four.get_by_label("Tags", exact=True).fill("Choir")
    four.keyboard.press("Enter")
    expect(four.locator(".samples ins")).to_have_text(["Choir"] * 4)
    four.keyboard.press("Control+s")
    expect(four.locator(".toast")).to_contain_text("4 people tagged with Choir.")
    expect(four.locator(".people .chip")).to_have_count(4)
    four.locator(".toast button").click()
    expect(four.locator(".people .chip")).to_have_count(0)
    four.keyboard.press("Control+y")
    expect(four.locator(".people .chip")).to_have_count(4)


def test_after_a_deed_and_after_leaving_it_the_keyboard_is_in_the_list(four: Page) -> None:
    entry = four.locator("tr.here .who a")
    for leave in ("Escape", "Control+s"):
        four.keyboard.press("ArrowDown")
        expect(entry).to_be_focused()
        if leave == "Escape":
            four.keyboard.press("Space")
        four.keyboard.press("Delete")
        expect(four.get_by_role("heading", level=1)).to_have_text("Move 1 person to the trash")
        four.keyboard.press(leave)
        expect(four.locator(".people")).to_be_visible()
        expect(entry).to_be_focused()
    four.keyboard.press("Delete")  # the one in the pane
    expect(four.locator("tbody .who")).to_have_count(2)
    expect(entry).to_be_focused()
    four.keyboard.press("Control+z")
    expect(four.locator("tbody .who")).to_have_count(3)
    expect(entry).to_be_focused()


def test_a_list_that_is_opened_beside_a_deed_leaves_the_keyboard_where_it_is(four: Page) -> None:
    four.keyboard.press("Control+a")
    four.keyboard.press("Delete")
    with four.context.expect_page() as beside:
        four.get_by_role("link", name="Leave everything as it is").click(modifiers=["ControlOrMeta"])
    expect(beside.value.locator(".people")).to_be_visible()
    four.goto("/")
    expect(four.locator("body")).to_be_focused()


def test_where_a_deed_leaves_nobody_the_keyboard_is_at_what_is_said(four: Page) -> None:
    four.keyboard.press("Control+a")
    four.keyboard.press("Delete")
    expect(four.get_by_role("heading", level=1)).to_have_text("Move 4 people to the trash")
    four.keyboard.press("Control+s")
    expect(four.get_by_text("Nobody is here.")).to_be_visible()
    expect(four.get_by_role("heading", level=1)).to_be_focused()


def test_ticks_are_there_again_when_nothing_was_done(four: Page) -> None:
    for name in ("Bo", "Dora"):
        tick(four, name).click()
    four.keyboard.press("t")
    four.get_by_label("Tags", exact=True).fill("Choir")
    four.keyboard.press("Enter")
    expect(four.locator(".samples ins")).to_have_count(2)
    four.keyboard.press("Escape")
    ticked(four, "Bo", "Dora")
    four.get_by_role("button", name="E-mails").click()
    four.get_by_role("link", name="Back to the list").click()
    ticked(four, "Bo", "Dora")
    four.goto("/")
    ticked(four)


def test_t_without_a_tick_is_about_the_one_here(four: Page) -> None:
    four.keyboard.press("ArrowDown")
    four.keyboard.press("t")
    expect(four.get_by_role("heading", level=1)).to_have_text("Tag 1 person")


@pytest.mark.parametrize(
    ("key", "leads_to"), [("s", "Set a field of 2 people"), ("c", "E-mails of 2 people"), ("x", "Export")]
)
def test_each_deed_of_the_bar_has_a_key(four: Page, key: str, leads_to: str) -> None:
    for name in ("Bo", "Dora"):
        tick(four, name).click()
    four.keyboard.press(key)
    expect(four.get_by_role("heading", level=1)).to_have_text(leads_to)


def test_a_key_for_those_selected_writes_in_no_cell(four: Page) -> None:
    written = four.locator(".celledit [name=value]")
    for name in ("Bo", "Dora"):
        tick(four, name).click()
    email = four.locator("tr[data-row] [data-cell=email]").nth(1)
    email.click()
    four.keyboard.press("z")  # stands for nothing
    expect(written).to_have_value("z")
    four.keyboard.press("Escape")
    expect(email).to_be_focused()
    four.keyboard.press("t")
    expect(four.get_by_role("heading", level=1)).to_have_text("Tag 2 people")
    four.keyboard.press("Escape")
    ticked(four, "Bo", "Dora")
    four.keyboard.press("Escape")
    ticked(four)
    email.click()
    four.keyboard.press("t")
    expect(written).to_have_value("t")


def test_the_list_of_keys_names_those_of_the_bar_while_someone_is_selected(four: Page) -> None:
    listed = four.locator("#keys dd")
    four.keyboard.press("?")
    expect(listed.filter(has_text="Move to the trash")).to_have_count(1)
    expect(listed.filter(has_text=re.compile("^Tag$"))).to_have_count(1)
    expect(listed.filter(has_text=re.compile("^(Clear|Trash|Export)$"))).to_have_count(0)
    four.keyboard.press("Escape")
    tick(four, "Bo").click()
    four.keyboard.press("?")
    named = re.compile("^(Tag|Set field|E-mails|Export|Clear|Trash)$")
    expect(listed.filter(has_text=named)).to_have_count(6)


def test_ticks_stay_while_one_scrolls_on_and_all_means_the_whole_view(roster: Roster, page: Page) -> None:
    roster.crowd(120)
    page.goto("/")
    page.locator(".tick input[name=id]").first.click()
    for shown in (60, 90, 120):
        page.keyboard.press("End")
        expect(page.locator(".tick input[name=id]")).to_have_count(shown)
    expect(bar(page)).to_contain_text("1 selected")
    every = page.get_by_role("checkbox", name="All 120 in this view")
    expect(every).to_be_hidden()
    page.get_by_role("checkbox", name="Select everyone shown").click()
    every.check()
    expect(page.locator(".tick input[name=id]:checked")).to_have_count(120)
    page.locator(".tick input[name=id]").nth(1).click()
    expect(bar(page)).to_contain_text("119 selected")
    page.goto("/?q=roster")
    page.keyboard.press("Control+a")
    expect(bar(page)).to_contain_text("120 selected")
    page.get_by_role("button", name="Trash", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Move 120 people to the trash")
    expect(page.get_by_text("And 100 others.")).to_be_visible()


def test_all_of_it_works_without_script(roster: Roster, look: Callable[..., Page]) -> None:
    for given in ("Anna", "Bo"):
        roster.add(given=given, family="Ek")
    plain = look(script=False)
    expect(bar(plain)).to_be_hidden()
    tick(plain, "Bo").check()
    bar(plain).get_by_role("button", name="Set field").click()
    plain.get_by_label("What it is to say").fill("Lund University")
    plain.get_by_role("button", name="Show what would change").click()
    expect(plain.locator(".samples ins")).to_have_text("Lund University")
    plain.get_by_role("button", name="Set a field of 1 person").click()
    expect(plain.locator(".toast")).to_contain_text("Organisation of 1 person set.")


def test_a_field_is_set_in_the_input_of_its_kind(roster: Roster, four: Page) -> None:
    roster.field("Voice", "choice", options="Alto\nBass")
    roster.field("Sings", "choices", options="Alto\nBass, low")
    four.reload()
    tick(four, "Bo").click()
    bar(four).get_by_role("button", name="Set field").click()
    four.get_by_label("Field").select_option("Voice")
    expect(four.locator("#bulk-value select")).to_be_visible()
    four.get_by_label("What it is to say").select_option("Bass")
    four.get_by_role("button", name="Show what would change").click()
    expect(four.locator(".samples ins")).to_have_text("Bass")
    expect(four.get_by_label("What it is to say")).to_have_value("Bass")
    four.get_by_label("Field").select_option("Sings")
    four.get_by_label("Alto").check()
    four.get_by_label("Bass, low").check()
    four.get_by_role("button", name="Show what would change").click()
    expect(four.get_by_label("Bass, low")).to_be_checked()
    four.get_by_role("button", name="Set a field of 1 person").click()
    expect(four.locator("tr.here, tr").filter(has_text="Bo Ek")).to_contain_text("Alto, Bass, low")


def test_e_mails_are_copied_by_a_key(four: Page) -> None:
    four.keyboard.press("Control+a")
    bar(four).get_by_role("button", name="E-mails").click()
    area = four.get_by_label("4 addresses, each once")
    expect(area).to_have_value(", ".join(f"{name}@roster.example" for name in ("anna", "bo", "cem", "dora")))
    four.keyboard.press("c")
    expect(four.locator(".toast")).to_have_text("4 addresses copied.")


def test_a_selection_is_exported(four: Page) -> None:
    tick(four, "Cem").click()
    bar(four).get_by_role("button", name="Export").click()
    expect(four.get_by_label("Semicolon")).to_be_visible()
    four.get_by_label("vCard").check()
    expect(four.get_by_label("Semicolon")).to_be_hidden()
    four.get_by_label("3.0, for phones").check()
    four.get_by_text("Columns: all").click()
    four.get_by_label("Username").uncheck()
    with four.expect_download() as download:
        four.keyboard.press("Control+s")
    assert download.value.suggested_filename == "roster-people.vcf"
    assert "VERSION:3.0\r\n" in download.value.path().read_bytes().decode()
    expect(four.get_by_text("1 person is in roster-people.vcf")).to_be_visible()


@pytest.mark.parametrize("width", [1280, 720])
def test_what_is_said_leaves_the_bar_in_sight(four: Page, width: int) -> None:
    four.set_viewport_size({"width": width, "height": 700})
    tick(four, "Bo").check()
    four.locator(".pane [data-copy='anna@roster.example']").dispatch_event("click")
    four.wait_for_function(
        "() => document.querySelector('.toast')?.getBoundingClientRect().bottom"
        " <= document.querySelector('.bulkbar').getBoundingClientRect().top"
    )
