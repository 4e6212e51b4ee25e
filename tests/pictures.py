"""Pictures for tests: kept files, and what is made wrong on purpose."""

import hashlib
import io
from pathlib import Path

from PIL import Image

FOLDER = Path(__file__).parent / "files" / "pictures"
TURNED = (FOLDER / "turned.jpg").read_bytes()  # upright only by its Exif, which also says where and by whom
CLEAR = (FOLDER / "clear.png").read_bytes()
SMALL = (FOLDER / "small.webp").read_bytes()
LONGEST = 40_000  # what tests set the limit to: no more has to go through a form
MOVING = (FOLDER / "two.gif").read_bytes()


def sha(content: bytes) -> str:
    """Return the SHA-256 of some bytes, in hex."""
    return hashlib.sha256(content).hexdigest()


def made(kind: str, size: tuple[int, int], mode: str = "RGB") -> bytes:
    """Return an empty picture of a kind that Pillow writes."""
    stream = io.BytesIO()
    Image.new(mode, size).save(stream, kind)
    return stream.getvalue()


WRONG = {
    "cut off": (TURNED[:-2_000], "cut off or damaged"),
    "cut off early": (CLEAR[:60], "cut off or damaged"),
    "too many pixels": (made("PNG", (9_000, 9_000), "1"), "more than 64 million pixels"),
    "another kind": (made("BMP", (9, 9)), "no picture that can be read"),
    "no picture": (b"<svg xmlns='x'><script>1</script></svg>", "no picture that can be read"),
    "too large": (TURNED + bytes(LONGEST), f"larger than {LONGEST // 1000} kB"),
}
