"""Which encoding of Latin letters a text has: that in which most of its letters are those of one language.

Statistics of letters need more than a few names, and take Spanish for Polish however many there are. The
letters are those that Unicode's CLDR names for each language (its exemplar characters), without ASCII.
"""

import codecs
import itertools
import re
from collections import Counter
from collections.abc import Mapping

_WEST = ("åäöæøé", "äöüß", "éèêëàâæçîïôûùüÿœ", "áéíóúñü", "ãõáâàçéêíóôúü", "àèéìíòóùú", "þðáéíóúýæö",
         "éëïèöüáóêç", "àçèéíïòóúü")  # fmt: skip
_MIDDLE = ("áčďéěíňóřšťúůýž", "ąćęłńóśźż", "áéíóöőúüű", "áäčďéíĺľňóôŕšťúýž", "čćđšž", "ăâîşţ", "äöüß")
_ALPHABETS = {
    "cp1252": _WEST,
    "cp1250": _MIDDLE,
    "iso8859-2": _MIDDLE,
    "cp1254": ("çğıİöşüâîû",),
    "cp1257": ("āčēģīķļņšūž", "ąčęėįšųūž", "äöõüšž", "åäöé", "äöüß"),
    "mac-roman": _WEST,
    "cp850": _WEST,
}
_SIGNS = "‘’“”„–—…€£°§·«»ªº\xa0"  # beside the letters of any language
# No sign, then, but a letter of elsewhere.
_INSIDE = re.compile(r"(?<=[^\W\d_])[“”„–—…€£°§·«»](?=[^\W\d_])|(?<=[^\W\d_])[€£§·]|[€£§·](?=[^\W\d_])")
_ALONE = re.compile(rf"(?<![^\W\d_])[{_SIGNS}](?![^\W\d_])")  # it touches no letter
_SCRIPTS = {"cp1251", "cp1253", "cp1255", "cp1256", "iso8859-5", "iso8859-7", "koi8-r"}  # a byte each letter
_TWO_BYTES = {"cp932", "euc_jp", "gb18030", "big5hkscs", "cp949"}
_TOUCHING = re.compile(r"(?<=[A-Za-z])[^\x00-\x7f]|[^\x00-\x7f](?=[A-Za-z])")
_RUNS = re.compile(rb"([A-Za-z])?([\x80-\xff]+)([A-Za-z])?")
_FEW = 4  # letters, each alone
_SECOND = 0.5  # what a letter of a second language says: lists of people have names of several
_CLEARLY = 1.6  # times as likely by statistics as the commonest has to be, where letters say the same


def choose(sample: bytes, likely: Mapping[str, float]) -> str:
    """Return the codec of a text. `likely` says by statistics how likely each is, the likeliest first: it is
    that one where it is for no Latin letters (but Chinese is told from Korean), or no language has half of
    them."""
    if _is_latin(sample):
        others = _SCRIPTS | {codec for codec in _TWO_BYTES if codec in likely and _is_mixed(sample, codec)}
        likely = {codec: how for codec, how in likely.items() if codec not in others} or {"cp1252": 0}
    first = next(iter(likely))
    if first == "cp949" and "gb18030" in likely and not _is_korean(sample):
        return "gb18030"
    if first not in _ALPHABETS:
        return first
    if _ALONE.sub("", codecs.decode(sample, "cp1252", "replace")).isascii():
        return "cp1252"
    known = {codec: _known(sample, codec) for codec in _ALPHABETS}
    most = max(known.values())
    if most < 0.5:
        return first
    best = max((codec for codec in known if known[codec] == most), key=lambda each: likely.get(each, 0))
    is_clear = likely.get(best, 0) >= _CLEARLY * likely.get("cp1252", 0)
    return best if is_clear or known["cp1252"] < most else "cp1252"


def _is_latin(sample: bytes) -> bool:
    """Tell whether letters beyond ASCII stand among those of ASCII, or are a few, each alone: no script's
    own, then, in which words have several."""
    runs = _RUNS.findall(sample)
    among = sum(bool(before or behind) for before, _run, behind in runs)
    return 2 * among > len(runs) or (
        len(runs) < _FEW and all(len(run) == 1 for _before, run, _behind in runs)
    )


def _is_mixed(sample: bytes, codec: str) -> bool:
    """Tell whether most signs beyond ASCII of a text would touch one of A to Z, as they do in no language."""
    decoded = codecs.decode(sample, codec, "replace")
    return 2 * len(_TOUCHING.findall(decoded)) > sum(not each.isascii() for each in decoded)


def _is_korean(sample: bytes) -> bool:
    """Tell whether nearly all is Hangul: Chinese that is read as Korean has Chinese signs among it."""
    letters = [each for each in codecs.decode(sample, "cp949", "replace") if not each.isascii()]
    return sum("\uac00" <= each <= "\ud7a3" for each in letters) >= 0.9 * len(letters)


def _known(sample: bytes, codec: str) -> float:
    """Return how many of the letters beyond ASCII one language has, of 1, with some of a second one."""
    try:
        decoded = _INSIDE.sub("\ufffd", codecs.decode(sample, codec))
    except UnicodeDecodeError:
        return 0
    letters = Counter(each for each in decoded if not each.isascii())
    has = [{*alphabet, *alphabet.upper(), *_SIGNS} for alphabet in _ALPHABETS[codec]]
    pairs = [some | more for some, more in itertools.combinations(has, 2)]
    one, two = (
        max((sum(letters[each] for each in letters.keys() & some) for some in sets), default=0)
        for sets in (has, pairs)
    )
    return (one + _SECOND * max(0, two - one)) / max(1, letters.total())
