"""The promises of the look that arithmetic and reading can keep: contrast, layers, icons, policy.

Whether a page looks right is for eyes; whether it works in a browser is for tests/browser.
"""

import re
from collections.abc import Iterator
from math import cos, radians, sin
from pathlib import Path

import pytest

WEBUI = Path(__file__).parent.parent / "webui"
CSS = WEBUI / "static" / "css"
TEMPLATES = WEBUI / "templates"
STYLESHEETS = sorted(CSS.glob("*.css"))

Colour = tuple[float, float, float]  # oklch: lightness 0 to 1, chroma, hue in degrees


def number(css: str, name: str) -> float:
    return float(re.search(rf"--{name}: ([\d.]+);", css).group(1))


def tokens(*names: str) -> dict[str, Colour]:
    """The opaque colours of the stylesheets in order, a later one over an earlier one, and the faces."""
    css = "\n".join((CSS / name).read_text(encoding="utf-8") for name in names)
    found = re.findall(r"--([\w-]+): oklch\(([\d.]+) ([\d.]+) ([\d.]+)\);", css)
    colours = {name: (float(lightness), float(chroma), float(hue)) for name, lightness, chroma, hue in found}
    last = css[css.rindex("--face-l") :]
    for index, hue in enumerate(face_hues()):
        colours[f"face-{index}"] = (number(last, "face-l"), number(last, "face-c"), hue)
        colours[f"face-ink-{index}"] = (number(last, "face-ink-l"), number(last, "face-ink-c"), hue)
    return colours


def face_hues() -> list[float]:
    css = (CSS / "face.css").read_text(encoding="utf-8")
    return [float(hue) for hue in re.findall(r"\.hue-\d \{ --h: (\d+); \}", css)]


def luminance(colour: Colour) -> float:
    """WCAG relative luminance of an oklch colour on an sRGB screen: what lies outside is clipped."""
    lightness, chroma, hue = colour
    a, b = chroma * cos(radians(hue)), chroma * sin(radians(hue))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    linear = (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    )
    red, green, blue = (min(max(channel, 0.0), 1.0) for channel in linear)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: Colour, other: Colour) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


LIGHT = tokens("tokens.css")
DARK = tokens("tokens.css", "dark.css")
GROUNDS = ("paper", "sunk", "raised", "hover", "accent-soft")
EDGE_GROUNDS = ("paper", "sunk", "raised")  # where fields, buttons and ticks stand
# The lowest contrast each colour has on any of its grounds: light, dark. WCAG asks 4.5 of text, 3 of an edge.
LOWEST = {
    "ink": (14.35, 11.32),
    "ink-2": (7.12, 6.63),
    "ink-3": (4.94, 4.61),
    "accent": (6.10, 7.17),
    "good": (6.00, 7.26),
    "warn": (5.89, 7.68),
    "bad": (5.97, 6.32),
    "edge": (3.31, 3.14),
}
ON_ITS_OWN = {
    ("on-accent", "accent"): (6.98, 9.97),
    ("good", "good-soft"): (6.00, 6.85),
    ("warn", "warn-soft"): (6.00, 6.85),
    ("bad", "bad-soft"): (6.00, 6.85),
    ("ink", "mark"): (13.38, 6.79),
    ("accent-strong", "accent-soft"): (4.5, 4.5),
    **{(f"face-ink-{index}", f"face-{index}"): (7.01, 7.96) for index in range(8)},
}
ROUNDED = 0.005  # the figures above have two places


@pytest.mark.parametrize("name", LOWEST)
def test_text_and_edges_can_be_seen_on_every_ground(name: str) -> None:
    grounds = EDGE_GROUNDS if name == "edge" else GROUNDS
    for theme, least in zip((LIGHT, DARK), LOWEST[name], strict=True):
        assert min(contrast(theme[name], theme[ground]) for ground in grounds) >= least - ROUNDED


@pytest.mark.parametrize(("text", "ground"), ON_ITS_OWN)
def test_text_can_be_read_on_its_own_ground(text: str, ground: str) -> None:
    for theme, least in zip((LIGHT, DARK), ON_ITS_OWN[text, ground], strict=True):
        assert contrast(theme[text], theme[ground]) >= least - ROUNDED


def test_the_arithmetic_agrees_with_known_colours() -> None:
    white, black, grey = (1.0, 0.0, 0.0), (0.0, 0.0, 0.0), (0.5999, 0.0, 0.0)
    assert contrast(white, black) == pytest.approx(21)
    assert contrast(white, grey) == pytest.approx(4.0, abs=0.1)


def test_dark_only_changes_what_light_has() -> None:
    assert DARK.keys() == LIGHT.keys()
    assert DARK["paper"] != LIGHT["paper"]


def without_comments(stylesheet: Path) -> str:
    return re.sub(r"/\*.*?\*/", "", stylesheet.read_text(encoding="utf-8"), flags=re.DOTALL)


def test_each_stylesheet_is_in_a_layer() -> None:
    entry = without_comments(CSS / "app.css")
    layers = re.search(r"@layer ([\w, ]+);", entry).group(1).split(", ")
    imported = dict(re.findall(r'@import "([\w-]+\.css)" layer\((\w+)\);', entry))
    beside = {path.name for path in STYLESHEETS} - {"app.css", "dark.css"}
    assert imported.keys() == beside
    assert set(imported.values()) <= set(layers)
    # Dark is a link of its own, for its media; it names its layer itself.
    assert without_comments(CSS / "dark.css").strip().startswith("@layer tokens {")


@pytest.mark.parametrize("stylesheet", STYLESHEETS, ids=lambda path: path.name)
def test_no_stylesheet_needs_a_newer_engine(stylesheet: Path) -> None:
    css = without_comments(stylesheet)
    assert "light-dark(" not in css
    assert "&" not in css
    assert "http:" not in css and "https:" not in css
    assert list(nested(css)) == []


def nested(css: str) -> Iterator[str]:
    """What opens a block inside a rule; in @layer, @media, @container and @keyframes blocks are at home."""
    around: list[str] = []
    for before, brace in re.findall(r"([^{}]*)([{}])", css):
        if brace == "}":
            around.pop()
            continue
        opener = before.split(";")[-1].strip()
        if around and not around[-1].startswith("@"):
            yield opener
        around.append(opener)


def templates() -> list[Path]:
    return sorted(path for path in TEMPLATES.rglob("*") if path.is_file())


@pytest.mark.parametrize("template", templates(), ids=lambda path: str(path.relative_to(TEMPLATES)))
def test_no_template_breaks_the_policy(template: Path) -> None:
    text = re.sub(r"\{#.*?#\}", "", template.read_text(encoding="utf-8"), flags=re.DOTALL)
    assert not re.search(r"<style|\sstyle=", text)
    assert not re.search(r"<script(?![^>]*\ssrc=)", text)
    assert not re.search(r"\son\w+=|hx-on|hx-vals=.js:|javascript:", text)
    assert not re.search(r"(?:src|href|action)=[\"']https?:", text)


def test_each_icon_named_is_in_the_sprite() -> None:
    sprite = (TEMPLATES / "_partials" / "icons.svg").read_text(encoding="utf-8")
    drawn = re.findall(r'<symbol id="i-([\w-]+)"', sprite)
    text = "\n".join(path.read_text(encoding="utf-8") for path in templates())
    assert len(drawn) == len(set(drawn))
    assert set(re.findall(r"icon\(\s*\"([\w-]+)\"", text)) <= set(drawn)
