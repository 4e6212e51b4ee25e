"""Forms: nothing typed is lost, each fault has a way out, and a username is suggested while one types."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Roster, Watch

pytestmark = pytest.mark.browser


@pytest.fixture(autouse=True)
def _refusals(watch: Watch) -> None:
    watch.allow(409, 422)


def save(page: Page) -> None:
    page.get_by_role("button", name="Save").click()


def test_a_refused_form_keeps_what_was_typed_and_leads_to_each_fault(page: Page, roster: Roster) -> None:
    roster.add(given="Mara", username="mara")
    page.goto("/add")
    page.get_by_label("First name").fill("Noor")
    page.get_by_label("Username").fill("MARA")
    page.get_by_label("E-mail", exact=True).fill("noor@haddad")
    page.get_by_label("Note").fill("One\nTwo")
    save(page)
    summary = page.get_by_role("alert")
    expect(summary).to_be_focused()
    expect(summary).to_contain_text("2 things to fix")
    expect(page.get_by_label("First name")).to_have_value("Noor")
    expect(page.get_by_label("Note")).to_have_value("One\nTwo")
    summary.get_by_role("link", name="Username").click()
    username = page.get_by_label("Username")
    expect(username).to_be_focused()
    expect(username).to_have_accessible_description(
        re.compile(r"Taken by Mara\. Free: MARA\.2 ?, noor A short name to tell people apart")
    )
    page.get_by_role("button", name="noor", exact=True).click()
    expect(username).to_have_value("noor")
    page.get_by_label("E-mail", exact=True).fill("noor@haddad.example")
    save(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Noor")


def test_without_an_email_from_now_on(page: Page) -> None:
    page.goto("/add")
    page.get_by_label("First name").fill("Noor")
    expect(page.get_by_label("Username")).to_have_value("noor")
    save(page)
    page.get_by_label("Save without an e-mail, from now on").check()
    save(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Noor")
    page.goto("/add")
    expect(page.get_by_text("May stay empty.")).to_be_visible()
    page.goto("/settings")
    expect(page.get_by_label("Everyone needs an e-mail")).not_to_be_checked()


def test_turning_the_email_rule_on_again_asks_about_those_without(page: Page, roster: Roster) -> None:
    test_without_an_email_from_now_on(page)
    page.get_by_label("Everyone needs an e-mail").check()
    page.get_by_role("button", name="Save this roster’s settings").click()
    expect(page.get_by_role("alert")).to_contain_text("1 person has no e-mail")
    expect(page.get_by_role("link", name="Noor")).to_be_visible()
    page.get_by_role("button", name="Turn it on, and ask at their next edit").click()
    expect(page.get_by_label("Everyone needs an e-mail")).to_be_checked()
    page.goto("/users/1/edit")
    save(page)
    expect(page.get_by_role("alert")).to_contain_text("Everyone needs an e-mail")


def test_a_username_is_suggested_while_the_name_is_typed(page: Page, roster: Roster) -> None:
    roster.add(given="Åsa", family="Ørsted")
    page.goto("/add")
    username = page.get_by_label("Username")
    page.get_by_label("First name").press_sequentially("Åsa")
    expect(username).to_have_value("asa")
    page.get_by_label("Last name").press_sequentially("Ørsted")
    expect(username).to_have_value("asa.orsted.2")
    username.fill("my.own")
    page.get_by_label("Last name").press_sequentially("-Berg")
    page.wait_for_timeout(400)  # longer than a suggestion takes
    expect(username).to_have_value("my.own")


def test_who_saves_second_keeps_what_the_first_changed_elsewhere(page: Page, roster: Roster) -> None:
    roster.add(given="Mara", family="Lindqvist")
    page.goto("/users/1/edit")
    other = page.context.new_page()
    other.goto("/users/1/edit")
    other.get_by_label("Last name").fill("Lindgren")
    save(other)
    expect(other.get_by_role("heading", level=1)).to_have_text("Mara Lindgren")
    page.get_by_label("Note").fill("Sings alto")
    save(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Mara Lindgren")
    expect(page.get_by_role("region", name="Fields").get_by_text("Sings alto")).to_be_visible()


def test_who_saves_second_over_the_same_field_sees_what_changed_and_may_still_save(
    page: Page, roster: Roster
) -> None:
    roster.add(given="Mara", family="Lindqvist")
    page.goto("/users/1/edit")
    other = page.context.new_page()
    other.goto("/users/1/edit")
    other.get_by_label("Last name").fill("Lindgren")
    other.get_by_label("Note").fill("Sings")
    save(other)
    page.get_by_label("Last name").fill("Ek")
    save(page)
    expect(page.get_by_role("alert")).to_contain_text("was changed meanwhile")
    expect(page.get_by_text("Last name: Lindgren→Ek")).to_be_visible()
    expect(page.get_by_label("Note")).to_have_value("Sings")  # nobody typed there: it stays as it is now
    save(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Mara Ek")
    expect(page.get_by_role("region", name="Fields").get_by_text("Sings")).to_be_visible()


@pytest.mark.parametrize("way", ["Escape", "a link", "undo", "refused, then Escape"])
def test_what_was_typed_of_a_person_is_kept_as_a_draft(page: Page, roster: Roster, way: str) -> None:
    roster.add()
    roster.field("Voice", "text")  # what undo takes back
    page.goto("/users/1/edit")
    page.get_by_role("button", name="Phone").click()
    page.keyboard.type("+46 8 465 004 17")
    page.get_by_label("First name").press("End")
    page.keyboard.type("h")
    if way.startswith("refused"):
        page.get_by_label("Username").fill("")
        save(page)
        expect(page.get_by_role("alert")).to_be_visible()
    leave = {
        "a link": lambda: page.get_by_role("link", name="Safety", exact=True).click(),
        "undo": lambda: page.get_by_role("button", name=re.compile("Undo")).click(),
    }.get(way, lambda: page.keyboard.press("Escape"))
    leave()
    expect(page.locator(".toast").first).to_contain_text("kept as a draft until you close Roster")
    page.goto("/users/1/edit")
    expect(page.get_by_label("First name")).to_have_value("Marah")
    expect(page.get_by_label("Phone", exact=True)).to_have_value("+46 8 465 004 17")
    page.get_by_role("button", name="Throw the draft away").click()
    expect(page.get_by_label("First name")).to_have_value("Mara")
    expect(page.get_by_label("Phone", exact=True)).to_have_count(0)
    expect(page.get_by_role("button", name="Throw the draft away")).to_have_count(0)


def test_a_post_is_not_left_without_a_question(page: Page, roster: Roster) -> None:
    roster.add()
    page.goto("/users/1")
    page.get_by_label("New post about").fill("Coffee")
    page.get_by_role("link", name="Safety", exact=True).click()
    question = page.get_by_role("dialog", name="What you typed is not saved.")
    expect(question.get_by_role("button", name="Stay here")).to_be_focused()
    page.keyboard.press("Enter")
    expect(question).to_be_hidden()
    expect(page.get_by_label("New post about")).to_have_value("Coffee")
    page.get_by_role("link", name="Safety", exact=True).click()
    question.get_by_role("button", name="Leave without saving").click()
    expect(page.get_by_label("New post about")).to_have_count(0)


def test_a_refused_post_keeps_its_text(page: Page, roster: Roster) -> None:
    roster.add()
    page.goto("/users/1")
    page.get_by_text("Text, day, who else").click()
    page.get_by_label("Text", exact=True).fill("A long story")
    page.get_by_label("Day", exact=True).fill("tomorrow")
    page.get_by_role("button", name="Post").click()
    expect(page.get_by_role("alert")).to_contain_text("2 things to fix")
    expect(page.get_by_label("Text", exact=True)).to_have_value("A long story")
    page.get_by_label("New post about Mara").fill("Coffee")
    fault = page.locator("#date-error")
    expect(fault).to_be_visible()
    page.get_by_label("Day", exact=True).fill("2 Nov 2026")
    expect(page.locator("#date-hint")).to_have_text("Read as Monday, 2 November 2026.")
    expect(fault).to_be_hidden()
    page.get_by_label("Day", exact=True).fill("soon")
    expect(fault).to_be_visible()
    page.get_by_label("Day", exact=True).fill("2026-11-02")
    page.get_by_role("button", name="Post").click()
    expect(page.locator(".post")).to_contain_text("2 November 2026")
    page.get_by_role("link", name="Edit Coffee").click()
    page.get_by_label("Title").fill("Tea")
    page.keyboard.press("Control+s")
    expect(page.locator(".post h3")).to_have_text("Tea")
    page.get_by_role("link", name="Edit Tea").click()
    page.get_by_role("button", name="Move the post Tea to the trash").click()
    expect(page.locator(".post")).to_have_count(0)
    page.locator(".toast").get_by_role("button", name="Undo").click()
    expect(page.locator(".post h3")).to_have_text("Tea")


def test_putting_back_asks_for_what_was_taken_meanwhile(page: Page, roster: Roster) -> None:
    roster.trash(roster.add(given="Mara", username="mara"))
    roster.add(given="Mara", username="mara", email="other@roster.example")
    page.goto("/trash")
    page.get_by_role("button", name="Put Mara back").click()
    expect(page.get_by_role("alert")).to_contain_text("Someone else has this now.")
    page.get_by_role("button", name="mara.2").click()
    page.get_by_role("button", name="Put back").last.click()
    expect(page.locator(".toast")).to_contain_text("Mara is back.")
    expect(page.get_by_role("heading", level=1)).to_have_text("Trash 0")
    page.goto("/users/1")
    expect(page.get_by_role("region", name="Reach")).to_contain_text("mara.2")


def test_a_phone_and_a_birthday_are_typed_by_keyboard_alone(page: Page) -> None:
    page.goto("/add")
    expect(page.get_by_label("First name")).to_be_focused()
    page.keyboard.type("Mara")
    page.get_by_label("E-mail", exact=True).fill("mara@lindqvist.example")
    page.get_by_role("button", name="Phone", exact=True).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_label("Phone", exact=True)).to_be_focused()
    page.keyboard.type("+46 8 465 004 17")
    page.keyboard.press("Shift+Tab")
    expect(page.get_by_label("What kind of phone")).to_be_focused()
    page.keyboard.type("Mobile")
    birthday = page.get_by_label("Birthday")
    birthday.fill("4 mar 1987")
    expect(birthday).to_have_accessible_description("Read as Wednesday, 4 March 1987.")
    birthday.fill("soon")
    expect(birthday).to_have_accessible_description(re.compile("As in 4 March 1987"))
    birthday.fill("4 march")
    page.keyboard.press("Control+s")
    expect(page.get_by_role("heading", level=1)).to_have_text("Mara")
    expect(page.get_by_role("link", name="+46 8 465 004 17")).to_have_attribute("href", "tel:+46846500417")
    expect(page.get_by_text(re.compile(r"^4 March (today|in \d+ days?)$"))).to_be_visible()


def test_keys_of_one_letter_that_are_off_do_nothing_and_are_not_promised(roster: Roster, page: Page) -> None:
    roster.add(given="Mara", family="Lindqvist")
    page.goto("/settings")
    page.get_by_label("Keys of one letter").uncheck()
    page.get_by_role("button", name="Save for this computer").click()
    page.goto("/")
    expect(page.locator(".head kbd, #pane kbd", has_text="Del")).to_be_visible()
    for letter in ("N", "E", "P"):
        expect(page.locator("kbd", has_text=re.compile(f"^{letter}$"))).to_have_count(1)
        expect(page.locator("kbd", has_text=re.compile(f"^{letter}$"))).to_be_hidden()
        page.keyboard.press(letter.lower())
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox")).to_be_focused()
    assert page.url.endswith("/")
    page.get_by_role("button", name="List of keys").click()
    expect(page.locator("#keys dd", has_text="Search people and posts")).to_be_visible()
    expect(page.locator("#keys dd", has_text=re.compile("^Person$"))).to_have_count(0)


def test_the_key_saves_the_form_that_is_written_in(page: Page, roster: Roster) -> None:
    mara = roster.add(given="Mara", tags=["Choir"])
    for title in ("One", "Two"):
        roster.post(mara, title)
    page.goto("/users/1")
    for title in ("One", "Two"):
        page.locator("li.post", has_text=title).get_by_role("link", name="Edit").click()
        expect(page.locator("li.post input:focus")).to_have_value(title)
    page.get_by_label("Title").last.fill("Changed")
    page.keyboard.press("Control+s")
    expect(page.get_by_text("Post saved.")).to_be_visible()
    expect(page.locator("li.post h3")).to_have_text(["Two", "Changed"])
    page.goto("/settings")
    page.get_by_label("Size of everything").select_option("110")
    page.keyboard.press("Control+s")
    expect(page.locator("html")).to_have_class("size-110")
    page.goto("/?q=tag:choir")
    page.get_by_role("button", name="Save view").click()
    page.keyboard.type("Singers")
    page.keyboard.press("Control+s")
    expect(page.get_by_text("The view Singers is saved.")).to_be_visible()
    page.get_by_role("button", name="List of keys").click()
    expect(page.locator("#keys dt kbd", has_text=re.compile("^S$"))).to_have_count(0)  # the form is closed


def test_the_key_saves_where_backups_lie_and_looks_at_what_tags_change(page: Page, roster: Roster) -> None:
    roster.add(given="Mara")
    page.goto("/safety/places")
    page.get_by_label("Room for backups").select_option("5")
    page.keyboard.press("Control+s")
    expect(page).to_have_url(re.compile("/safety$"))
    page.goto("/")
    page.keyboard.press("t")
    page.get_by_label("Tags", exact=True).fill("Choir")
    page.keyboard.press("Control+s")
    expect(page.locator(".samples ins")).to_have_text("Choir")
    page.keyboard.press("Control+s")
    expect(page.get_by_text("1 person tagged with Choir.")).to_be_visible()


def test_the_key_takes_no_other_forms_button(page: Page, roster: Roster) -> None:
    roster.add(given="Noor", username="noor")
    roster.add(given="Mara")
    page.goto("/users/2")
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    page.keyboard.press("Control+s")  # nothing is written: no post without a title
    page.get_by_text("Someone they know").click()
    page.get_by_label("New post about Mara").fill("Coffee")
    page.keyboard.press("Control+s")
    expect(page.locator(".post h3")).to_have_text("Coffee")
    page.get_by_text("Someone they know").click()
    page.get_by_label("Who", exact=True).fill("noor")
    page.keyboard.press("Control+Enter")  # as the form above has
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.keyboard.press("Control+s")
    expect(page.locator(".knows")).to_contain_text("Noor")
    assert [address.rsplit("/", 1)[1] for address in sent] == ["posts", "relations"]


def test_the_key_is_for_what_is_written_though_the_focus_is_elsewhere(page: Page, roster: Roster) -> None:
    mara = roster.add(given="Mara", tags=["Choir", "Board"])
    roster.belong(mara, roster.add(given="Noor"), "one.pdf")
    for name in ("Choir", "Board"):
        page.goto(f"/?q=tag:{name}")
        page.get_by_role("button", name="Save view").click()
        page.keyboard.type(name)
        page.keyboard.press("Control+s")
        expect(page.get_by_text(f"The view {name} is saved.")).to_be_visible()
    for address, field in (
        ("/tags", "the tag Choir"),
        ("/views", "the view Board"),
        ("/users/1", "the file one.pdf"),
    ):
        page.goto(address)
        if address == "/users/1":
            page.locator(".files li summary").click()
        page.get_by_label(f"Name of {field}").fill("Altos")
        page.get_by_role("heading", level=1).click()
        page.keyboard.press("Control+s")
        expect(page.get_by_text("is called Altos")).to_be_visible()
    page.goto("/settings/programs")
    page.get_by_label("Always the same port").fill("80")
    page.get_by_role("heading", level=1).click()
    page.keyboard.press("Control+s")
    expect(page.get_by_label("Always the same port")).to_have_attribute("aria-invalid", "true")


def test_a_tag_is_completed_behind_those_before_it(page: Page, roster: Roster) -> None:
    roster.add(given="Mara", tags=["Choir", "Board"])
    page.goto("/add")
    page.get_by_label("First name").fill("Noor")
    page.get_by_label("E-mail", exact=True).fill("noor@haddad.example")
    tags = page.get_by_label("Tags")
    tags.press_sequentially("Choir, bo")
    expect(page.locator("#tags-known option")).to_have_count(1)
    expect(page.locator("#tags-known option")).to_have_attribute("value", "Choir, Board")
    tags.fill("Choir, Board")
    save(page)
    expect(page.get_by_role("region", name="Fields")).to_contain_text("Board")
    page.goto("/tags")
    expect(page.get_by_role("row", name="Choir")).to_contain_text("2")
