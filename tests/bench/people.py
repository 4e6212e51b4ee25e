"""Invented people, the same for the same seed: as values, as a CSV like Google's, as cards like a phone's.

Names are put together from invented parts, many with diacritics; no real address occurs.
"""

import csv
import random
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path


def _list(text: str) -> list[str]:
    return text.split()


GIVEN = _list("""
    Ada Åsa Alma Aurélie Benno Bjørk Brígida Cäcilie Cosima Dagný Darko Dvořka Edda Elías Éloïse Emre Fenna
    Fjóla Gizela Goran Gül Hanné Håkon Hedwig Ilse Ignác Íris Jannik Jörn Jóhann Kaja Kéva Kirsi Lærke Lior
    Łucja Magnús Mára Mila Nadja Nels Núria Odd Ølve Orla Pelle Petra Pía Quim Ravn Renée Rún Sanna Sæunn
    Şirin Solveig Tamás Théa Tove Ulla Ünal Vanja Věra Viggo Wanda Wiebke Xenia Ylva Yoëlle Zdenka Zoë Zoé
    Zofia Zora
""")
FRONT = _list("""
    Al Berg Blå Brück Dor Eik Fjell Gar Häg Hol Iv Kast Kor Lind Løv Mar Nor Öster Pél Quar Rask Søl Šim
    Stein Thor Tóm Uhr Var Vík Wald Wróż Yng Zar Žel
""")
BACK = _list("""
    ander berg bäck dal dóttir ek feld fors gaard grén hagen heim holm ić jord ker lund mark mo nes nová
    ø quist rud skí stad ström sund thal ulv vang vik wald zik
""")
TAGS = _list("Choir Board Neighbours Rowing Bücherei Garden Alumni Theatre Volunteers")
WORDS = _list("""
    met her at the market and talked about the garden the harvest was late this year he sings in the choir
    on Thursdays asked for the recipe wants to borrow the long ladder moved to the harbour street the
    exhibition opens in spring told a story about lighthouses brought bread and a jar of honey plays the
    cello again the Straße is closed until Friday remembers the old café will write about the tour
""")
RARE = "heliotrope"  # a word of few posts
HEADER = (
    "First Name", "Middle Name", "Last Name", "Nickname", "Notes", "Labels",
    "E-mail 1 - Label", "E-mail 1 - Value", "E-mail 2 - Label", "E-mail 2 - Value",
    "Phone 1 - Label", "Phone 1 - Value", "Organization Name", "Organization Title", "Birthday",
    "Address 1 - Label", "Address 1 - Street", "Address 1 - City", "Address 1 - Postal Code",
)  # fmt: skip


@dataclass(frozen=True)
class Person:
    """One invented person: `work` is organisation and job, `address` street, city and postal code, all '' for
    those without; `post` is (title, body, day) or None."""

    given: str
    family: str
    email: str
    further: str
    note: str
    tags: tuple[str, ...]
    phone: str
    work: tuple[str, str]
    birthday: str
    address: tuple[str, str, str]
    post: tuple[str, str, str] | None


def people(count: int, seed: int = 7) -> Iterator[Person]:
    """Yield `count` people: half with a note and a birthday, a third at work somewhere, a quarter with an
    address, a fifth with a further e-mail, three fifths with a post."""
    chance = random.Random(seed)
    for number in range(count):
        yield Person(
            given=chance.choice(GIVEN),
            family=chance.choice(FRONT) + chance.choice(BACK),
            email=f"person{number}@{chance.choice(('post', 'letters', 'harbour'))}.example",
            further=f"p.{number}@work{number % 50}.example" if number % 5 == 0 else "",
            note=_sentence(chance, 12) if number % 2 else "",
            tags=tuple(chance.sample(TAGS, chance.choice((0, 0, 1, 2)))),
            phone=f"+99 {number:07d}",
            work=_work(number),
            birthday=f"19{number % 80 + 20}-{number % 12 + 1:02}-{number % 28 + 1:02}" if number % 2 else "",
            address=_address(number),
            post=_post(chance, number) if number % 5 < 3 else None,
        )


def _work(number: int) -> tuple[str, str]:
    return (
        (f"{FRONT[number % len(FRONT)]} & {BACK[number % len(BACK)]}", "Clerk")
        if number % 3 == 0
        else ("", "")
    )


def _address(number: int) -> tuple[str, str, str]:
    street = f"{FRONT[number % len(FRONT)]}{BACK[number % 7]} {number % 90 + 1}"
    return (
        (street, f"{FRONT[number % 5]}berg", f"{number % 90_000 + 10_000}")
        if number % 4 == 0
        else ("", "", "")
    )


def _post(chance: random.Random, number: int) -> tuple[str, str, str]:
    body = _sentence(chance, 25) + (f" {RARE}" if number % 1000 == 0 else "")
    day = f"20{chance.randint(10, 25)}-{chance.randint(1, 12):02d}-{chance.randint(1, 28):02d}"
    return _sentence(chance, 4), body, day


def _sentence(chance: random.Random, length: int) -> str:
    return " ".join(chance.choices(WORDS, k=length)).capitalize()


def write_cards(path: Path, count: int) -> None:
    """Write `count` people as a phone writes vCards 3.0."""
    with path.open("w", encoding="utf-8", newline="") as file:
        for one in people(count):
            street, city, postal_code = one.address
            lines = {
                "N": f"{one.family};{one.given};;;",
                "FN": f"{one.given} {one.family}",
                "EMAIL;type=INTERNET;type=HOME;type=pref": one.email,
                "EMAIL;type=INTERNET;type=WORK": one.further,
                "TEL;type=CELL;type=VOICE;type=pref": one.phone,
                "ORG": f"{one.work[0]};" if one.work[0] else "",
                "TITLE": one.work[1],
                "item1.ADR;type=HOME": f";;{street};{city};;{postal_code};" if street else "",
                "item1.X-ABADR": "de" if street else "",
                "BDAY": one.birthday,
                "CATEGORIES": ",".join(one.tags),
                "NOTE": one.note,
                "UID": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, one.email)}",
                "REV": "2024-01-02T03:04:05Z",
            }
            said = [f"{name}:{value}" for name, value in lines.items() if value]
            file.write("\r\n".join(["BEGIN:VCARD", "VERSION:3.0", *said, "END:VCARD", ""]))


def write_csv(path: Path, count: int) -> None:
    """Write `count` people as Google writes contacts, which knows no usernames and no posts."""
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(HEADER)
        for one in people(count):
            labels = " ::: ".join((*one.tags, "* myContacts"))
            further = ("Work", one.further) if one.further else ("", "")
            name = (one.given, "", one.family, "")
            contact = ("* Home", one.email, *further, "Mobile", one.phone)
            rows.writerow([*name, one.note, labels, *contact, *one.work, one.birthday, "Home", *one.address])
