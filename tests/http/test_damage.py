"""The ways out of a damaged file, at its doorstep: each is worth what it says, and keeps the damaged file."""

import io
import re
import shutil
import threading
from contextlib import closing

import pytest
from sqlalchemy.orm import Session

from tests.http.at_the_door import HOST, Window, enter, get, post
from webui.damage import Damage
from webui.doorstep import State
from webui.exchange import archive
from webui.safety import backup, health, locked, opening, second
from webui.safety.rescue import Rescue
from webui.store import errors, posts, users
from webui.store.ledger import history, sqlite
from webui.store.ledger.operations import operation


@pytest.fixture
def window():
    return Window()


@pytest.fixture
def three(tmp_path, database, engine):
    """Three people of whom a backup holds two; the file's header is gone."""

    def add(name):
        with Session(engine) as session, operation(session):
            person = users.add(session, {"username": name, "email": f"{name}@post.example"})
            posts.add(session, person.id, {"title": f"About {name}", "date": "2026-03-01"})

    add("mara")
    add("noor")
    made = backup.back_up(engine, tmp_path / "backups")
    add("ines")
    engine.dispose()
    with database.open("r+b") as file:
        file.write(bytes(100))
    return database, made


@pytest.fixture
def damaged(three, tmp_path, window):
    """(the damage, a client at its doorstep, how often the app was to be opened)."""
    entered = []
    damage = Damage(Rescue(three[0], tmp_path / "backups"), lambda: entered.append(1))
    at = State("damaged", three[0], tmp_path / "backups", "no SQLite header", damage=damage)
    yield damage, enter(at, window, tmp_path), entered
    damage.jobs.stop(10)
    damage.rescue.close()


def done(damage):
    for job in damage.jobs.active():
        assert job.ended.wait(30)


@pytest.mark.outside
def test_the_ways_out_of_damage_say_what_each_is_worth(damaged, three):
    damage, client, _entered = damaged
    answer = client.get("/", base_url=f"http://{HOST}")
    assert answer.headers["Refresh"] and "Reading what can be read" in answer.text
    before = three[0].read_bytes()
    assert damage.look().ended.wait(30)
    answer = client.get("/", base_url=f"http://{HOST}")
    assert "Refresh" not in answer.headers
    for said in [
        "Your backup is not.",
        "2 people, 2 posts",
        "you added or changed 1 person",
        "3 people, 3 posts",
        "1 file in",
        "no SQLite header",
    ]:
        assert said in " ".join(answer.text.split()), said
    read = get(client, "/rescue")
    assert "3 people can be read" in read and "Nothing is known to be missing" in read
    assert three[0].read_bytes() == before
    assert three[1].name in get(client, "/backups")


@pytest.mark.outside
def test_the_newest_backup_takes_the_place_of_the_damaged_file(damaged, three):
    damage, client, entered = damaged
    before = three[0].read_bytes()
    post(client, "/restore", path=str(three[1]))
    done(damage)
    assert entered == [1]
    assert people(three[0]) == ["mara", "noor"]
    [kept] = three[0].parent.glob("roster damaged *.db")
    assert kept.read_bytes() == before


@pytest.mark.outside
def test_a_second_press_does_nothing_to_the_file_that_is_whole_again(damaged, three):
    damage, client, entered = damaged
    for _press in range(2):
        post(client, "/restore", path=str(three[1]))
        done(damage)
    assert entered == [1]
    assert len(list(three[0].parent.glob("roster damaged *.db"))) == 1


@pytest.mark.outside
def test_what_was_read_takes_the_place_of_the_damaged_file(damaged, three):
    damage, client, entered = damaged
    damage.look().ended.wait(30)
    before = three[0].read_bytes()
    post(client, "/rescue")
    done(damage)
    assert entered == [1]
    assert people(three[0]) == ["ines", "mara", "noor"]
    [kept] = three[0].parent.glob("roster damaged *.db")
    assert kept.read_bytes() == before
    [report] = three[0].parent.glob("roster rescued * report.txt")
    assert "3 people" in report.read_text()
    assert not list((three[0].parent / "scratch").glob("work-*"))


@pytest.mark.outside
def test_a_backup_from_elsewhere_is_shown_before_it_is_restored(damaged, three, tmp_path):
    damage, client, entered = damaged
    moved = three[1].rename(tmp_path / "elsewhere.zip")
    assert "There is no backup" in get(client, "/backups")
    bad = bytearray(moved.read_bytes())
    bad[len(bad) // 2] ^= 1
    post(client, "/backups", file=(io.BytesIO(bad), "elsewhere.zip"))
    assert "damaged after it was written" in get(client, "/backups")
    assert post(client, "/restore").status_code == 404
    post(client, "/backups", file=(moved.open("rb"), "elsewhere.zip"))
    assert "2 people, 2 posts" in get(client, "/backups") and not entered
    post(client, "/restore")
    done(damage)
    assert people(three[0]) == ["mara", "noor"] and entered == [1]


@pytest.mark.outside
def test_who_was_added_since_the_backup_is_added_to_it_and_one_undo_takes_it_back(damaged, three):
    damage, client, entered = damaged
    assert damage.look().ended.wait(30)
    assert "Restore and add the 1" in get(client, "/")
    post(client, "/restore", path=str(three[1]), add="1")
    done(damage)
    assert entered == [1]
    assert people(three[0]) == ["ines", "mara", "noor"]
    engine = sqlite.engine(three[0])
    with closing(sqlite.connect(three[0])) as connection:
        assert "About ines" in [row[0] for row in connection.execute("SELECT title FROM posts")]
    assert history.undo(engine).message == "restore.some"
    engine.dispose()
    assert people(three[0]) == ["mara", "noor"]


@pytest.mark.outside
def test_backups_of_the_second_place_are_offered_with_its_name(damaged, three, tmp_path):
    damage, client, _entered = damaged
    stick = tmp_path / "stick"
    stick.mkdir()
    place = damage.rescue.second = second.choose(stick, tmp_path / "backups", three[0])
    second.bring(place, three[1], tmp_path)
    assert damage.look().ended.wait(30)
    assert damage.rescue.newest.path == three[1]  # the nearer of two that are alike
    assert "1 file lies in the second place" in get(client, "/")
    three[1].write_bytes(b"PK rotten")
    assert damage.look().ended.wait(30)
    copy = stick / three[1].name
    assert damage.rescue.newest.path == copy
    for page in ("/", "/backups"):
        assert f"It lies in {stick}" in get(client, page)
    assert "Restore and add the 1" in get(client, "/")
    (stick / second.MARK).unlink()  # pulled, and its folder stayed
    assert str(copy) not in get(client, "/backups")
    assert post(client, "/restore", path=str(copy)).status_code == 404
    (stick / second.MARK).write_text(place.mark)
    get(client, "/backups")
    post(client, "/restore", path=str(copy))
    done(damage)
    assert people(three[0]) == ["mara", "noor"]


@pytest.mark.outside
def test_backups_of_a_minute_are_told_apart(damaged, three, tmp_path, engine):
    _damage, client, _entered = damaged
    one = shutil.move(three[1], tmp_path / "one.zip")
    shutil.copy(one, three[1])
    sound = tmp_path / "sound.db"
    archive.extract(three[1], archive.DATABASE, sound)
    of_sound = sqlite.engine(sound)
    made = backup.back_up(of_sound, tmp_path / "backups", reason="before_restore")
    of_sound.dispose()
    page = " ".join(get(client, "/backups").split())
    lines = re.findall(r"<li><div>(.*?)</div>", page)
    assert len(set(lines)) == 2 and made.name in lines[0] and three[1].name in lines[1]
    assert "before a restore" in lines[0] and "before" not in lines[1]
    assert all(re.search(r"<h2>\d+ \w+ \d{4}, \d\d:\d\d:\d\d", line) for line in lines)


@pytest.mark.outside
def test_copies_and_locked_ones_of_both_places_are_listed(damaged, three, tmp_path, monkeypatch):
    damage, client, entered = damaged
    stick = tmp_path / "stick"
    stick.mkdir()
    place = damage.rescue.second = second.choose(stick, tmp_path / "backups", three[0])
    copy = second.bring(place, three[1], tmp_path)
    for folder in (stick, tmp_path / "backups"):
        (folder / f"shut-{folder.name}.zip.age").write_bytes(b"age-encryption.org/v1\n...")
    (tmp_path / "backups" / "roster-rotten.zip").write_bytes(b"PK rotten")
    assert damage.look().ended.wait(30)
    first = " ".join(get(client, "/").split())
    assert "3 files in" in first and "2 files lie in the second place" in first
    page = " ".join(get(client, "/backups").split())
    assert page.count(three[1].name) == 2 and f"A copy lies in {stick}" in page  # its name, and its button
    assert "roster-rotten.zip" in page and "Damaged since it was written" in page
    assert "shut-stick.zip.age" in page and "shut-backups.zip.age" in page
    copy.write_bytes(b"PK" + copy.read_bytes()[2:-1])
    assert f"Its copy in {stick} is damaged" in get(client, "/backups")
    monkeypatch.setattr(locked, "unlocked", lambda _path, _said, to: shutil.copy(three[1], to / "shut.zip"))
    post(client, "/backups", path=str(tmp_path / "elsewhere.age"))
    assert "Passphrase of" not in get(client, "/backups"), "only what is listed is opened by its path"
    post(client, "/backups", path=str(stick / "shut-stick.zip.age"))
    assert "Passphrase of shut-stick.zip.age" in get(client, "/backups")
    post(client, "/backups/passphrase", passphrase="four walls and a roof")
    post(client, "/restore")
    done(damage)
    assert people(three[0]) == ["mara", "noor"] and entered == [1]


@pytest.mark.outside
def test_what_lies_in_the_trash_is_said_where_it_is_counted(database, engine, tmp_path, window):
    with Session(engine) as session:
        with operation(session):
            person = users.add(session, {"username": "mara", "email": "mara@post.example"})
            gone = users.add(session, {"username": "gone", "email": "gone@post.example"})
            posts.add(session, person.id, {"title": "One", "date": "2026-03-01"})
            posts.add(session, gone.id, {"title": "With them", "date": "2026-03-01"})
        with operation(session):
            users.trash(session, [gone.id])
    engine.dispose()
    with database.open("r+b") as file:
        file.write(bytes(100))
    damage = Damage(Rescue(database, tmp_path / "backups"), lambda: None)
    client = enter(State("damaged", database, tmp_path / "backups", damage=damage), window, tmp_path)
    assert damage.look().ended.wait(30)
    page = " ".join(get(client, "/rescue").split())
    assert "1 person can be read" in page
    assert "The table counts what is in the trash too: 1 person, 1 post." in page
    assert "1 person and 1 post." in page and "1 posts" not in page and "1 people" not in page
    damage.jobs.stop(10)
    damage.rescue.close()


@pytest.mark.outside
def test_a_second_place_that_does_not_answer_holds_nothing_up(damaged, three, monkeypatch):
    damage, client, _entered = damaged
    hanging = threading.Event()
    monkeypatch.setattr(second, "PATIENCE", 0.01)
    monkeypatch.setattr(second, "_mark", lambda _path: hanging.wait(30))
    damage.rescue.second = second.Place(three[0].parent / "network", "mark")
    assert damage.look().ended.wait(30)
    assert "If it is a stick, plug it in" in get(client, "/")
    assert damage.rescue.newest.path == three[1]
    hanging.set()


@pytest.mark.outside
def test_a_locked_backup_asks_for_its_passphrase(damaged, three, tmp_path, monkeypatch):
    damage, client, entered = damaged

    def unlocked(path, passphrase, folder):  # scrypt itself, which takes its time, is met in test_locked
        if passphrase != "four walls and a roof":
            raise errors.Refused(errors.Message("sealed.not_opened", {"name": path.name}))
        return shutil.copy(three[1], folder / "shut.zip")

    monkeypatch.setattr(locked, "unlocked", unlocked)
    post(client, "/backups", file=(io.BytesIO(b"age-encryption.org/v1\n..."), "shut.zip.age"))
    assert "Passphrase of shut.zip.age" in get(client, "/backups")
    post(client, "/backups/passphrase", passphrase="four walls")
    page = get(client, "/backups")
    assert "does not open with this passphrase" in page and "Passphrase of" in page
    post(client, "/backups/passphrase", passphrase="four walls and a roof")
    page = get(client, "/backups")
    assert "2 people, 2 posts" in page and "Passphrase of" not in page
    assert post(client, "/backups/passphrase", passphrase="again").status_code == 303
    post(client, "/backups", file=(io.BytesIO(b"age-encryption.org/v1\n..."), "shut.zip.age"))
    post(client, "/backups/passphrase", passphrase="four walls and a roof")
    post(client, "/restore")
    done(damage)
    assert people(three[0]) == ["mara", "noor"] and entered == [1]
    assert not list((three[0].parent / "scratch").glob("work-*"))


@pytest.mark.outside
def test_a_bare_database_with_its_log_is_taken_too(damaged, three, tmp_path, window):
    damage, client, entered = damaged
    small = [
        (io.BytesIO(b"log"), "roster.db-wal"),
        (io.BytesIO(b"SQLite format 3\0 and no more"), "roster.db"),
    ]
    post(client, "/backups", file=small)
    assert "roster.db was damaged" in get(client, "/backups")
    bare = tmp_path / "old" / "roster.db"
    bare.parent.mkdir()
    archive.extract(three[1], archive.DATABASE, bare)
    connection = sqlite.connect(bare)
    connection.execute("UPDATE users SET note = 'in the log alone' WHERE username = 'mara'")
    assert bare.with_name("roster.db-wal").stat().st_size
    window.choose_open = lambda _title, _kinds: bare
    post(client, "/backups", browse="1")
    assert "2 people, 2 posts" in get(client, "/backups")
    post(client, "/restore")
    done(damage)
    connection.close()
    assert entered == [1]
    with closing(sqlite.connect(three[0])) as connection:
        assert ("in the log alone",) in connection.execute("SELECT note FROM users").fetchall()


@pytest.mark.outside
def test_what_fails_leaves_the_damaged_file_and_says_so(damaged, three, monkeypatch):
    damage, client, entered = damaged
    before = three[0].read_bytes()

    def full(*_given):
        raise errors.Full

    monkeypatch.setattr(opening, "put_in_place", full)
    post(client, "/restore", path=str(three[1]))
    done(damage)
    done(damage)
    assert "The disk is full" in get(client, "/")
    assert three[0].read_bytes() == before and entered == []
    assert "3 people, 3 posts" in " ".join(get(client, "/").split()), "it looks on after that"
    assert post(client, "/restore", path=str(three[0])).status_code == 404
    three[0].write_bytes(b"no database at all")
    assert damage.look().ended.wait(30)
    assert "Nothing of a Roster database could be read" in get(client, "/")
    assert get(client, "/rescue") == get(client, "/")


def people(path):
    with closing(sqlite.connect(path)) as connection:
        assert health.check(connection) == []
        return [row[0] for row in connection.execute("SELECT username FROM users ORDER BY username")]
