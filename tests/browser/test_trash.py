"""The trash as one works with it: there and back, for good, emptied; each with its undo."""

from playwright.sync_api import Page, expect

from tests.browser.conftest import Roster


def test_a_post_goes_to_the_trash_and_comes_back_by_keyboard(roster: Roster, page: Page) -> None:
    mara = roster.add(given="Mara")
    roster.post(mara, "Regatta")
    page.goto(f"/users/{mara}")
    page.get_by_role("link", name="Edit Regatta").press("Enter")
    expect(page.get_by_label("Title", exact=True)).to_be_focused()  # as it is once the form stands there
    page.get_by_role("button", name="Move the post Regatta to the trash").press("Enter")
    expect(page.locator(".toast")).to_contain_text("Regatta moved to the trash.")
    expect(page.locator(".stream .post")).to_have_count(0)
    page.goto("/posts")
    expect(page.get_by_text("Regatta")).to_have_count(1)  # the strip alone names it: what undo would do
    page.get_by_role("navigation", name="Tidy up").get_by_role("link", name="Trash").press("Enter")
    page.get_by_role("button", name="Put the post Regatta about Mara back").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Trash 0")
    expect(page.locator(".toast")).to_contain_text("Regatta is with Mara again.")
    page.goto(f"/users/{mara}")
    expect(page.locator(".stream .post h3")).to_have_text("Regatta")


def test_each_title_is_read_to_its_end_in_a_narrow_window(roster: Roster, page: Page) -> None:
    mara, title = roster.add(given="Mara"), "Regatta in the harbour with the whole choir and all its guests"
    roster.post(mara, title)
    roster.trash(roster.add(given="Noor", family="van den Berg-Holstad of Sønder Ålborg"))
    page.goto("/posts")
    page.get_by_role("link", name=f"Edit {title}").click()
    page.get_by_role("button", name=f"Move the post {title} to the trash").click()
    page.set_viewport_size({"width": 560, "height": 700})
    page.goto("/trash")
    expect(page.locator("table strong")).to_have_count(2)
    cut = "all => all.filter(each => each.scrollWidth > each.clientWidth).map(each => each.textContent)"
    assert page.locator("table td, table strong").evaluate_all(cut) == []
    expect(page.get_by_role("button", name=f"Put the post {title} about Mara back")).to_be_in_viewport(
        ratio=1
    )


def test_all_of_it_is_emptied_without_a_question_and_undone(roster: Roster, page: Page) -> None:
    mara = roster.add(given="Mara")
    roster.trash(roster.add(given="Noor", email="noor@roster.example"))
    roster.post(mara, "Regatta")
    page.goto("/posts")
    page.get_by_role("link", name="Edit Regatta").click()
    page.get_by_role("button", name="Move the post Regatta to the trash").click()
    page.goto("/views")
    page.get_by_role("button", name="Move the view Out of touch to the trash").click()
    page.goto("/trash")
    expect(page.get_by_role("heading", level=1)).to_have_text("Trash 3")
    page.get_by_role("button", name="Empty the trash").click()
    expect(page.locator(".toast")).to_contain_text("Deleted for good: 1 person, 1 post, 1 view.")
    expect(page.get_by_text("The trash is empty.")).to_be_visible()
    page.locator(".toast").get_by_role("button", name="Undo").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Trash 3")


def test_one_thing_is_deleted_for_good_and_undone_by_a_key(roster: Roster, page: Page) -> None:
    roster.field("Voice", "text")
    page.goto("/settings")
    page.get_by_role("link", name="Voice", exact=True).click()
    page.get_by_role("button", name="Move the field Voice to the trash").click()
    page.goto("/trash")
    page.get_by_role("button", name="Delete the field Voice for good").click()
    expect(page.locator(".toast")).to_contain_text("Voice is deleted for good.")
    page.keyboard.press("Control+z")
    expect(page.get_by_role("button", name="Put the field Voice back")).to_be_visible()
