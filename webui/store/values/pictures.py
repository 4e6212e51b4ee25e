"""A picture as it comes and as it is shown: scaled, upright, with nothing in it but the picture.

The library that reads pictures is imported here alone, and only once there is one to be read.
"""

import hashlib
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

from webui.store.errors import Invalid, Message

if TYPE_CHECKING:
    from PIL.Image import Image

LONGEST = 20_000_000  # bytes of a picture as it comes
MOST_PIXELS = 64_000_000  # unpacked that is 256 MB, for a moment
SHOWN = 512  # pixels of the longer side of what is shown
SHOWN_TYPE = "image/webp"
# What the library calls a kind; MPO is a JPEG with further views of the same behind it, as some phones write.
_FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
_TYPES = {
    "JPEG": "image/jpeg", "MPO": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp", "GIF": "image/gif",
}  # fmt: skip
_ORIENTATION = 0x0112  # of Exif; how a picture has to be turned to stand upright
_TURNS = {
    2: "FLIP_LEFT_RIGHT", 3: "ROTATE_180", 4: "FLIP_TOP_BOTTOM", 5: "TRANSPOSE",
    6: "ROTATE_270", 7: "TRANSVERSE", 8: "ROTATE_90",
}  # fmt: skip
SUFFIXES = {"image/jpeg": ".jpg", "image/png": ".png", "image/webp": ".webp", "image/gif": ".gif"}


@dataclass(frozen=True)
class Picture:
    """A picture that was read: `hash` is the SHA-256 (hex) of `original`, `shown` is what SHOWN_TYPE says."""

    hash: str
    media_type: str
    original: bytes
    shown: bytes


def read(content: bytes) -> Picture:
    """Read a JPEG, PNG, WebP or GIF, whatever it calls itself. Raises Invalid with the fault of `photo`."""
    if not content:
        raise _fault("photo.none")
    if len(content) > LONGEST:
        raise _fault("photo.too_large", most_bytes=LONGEST)
    from PIL import Image, UnidentifiedImageError

    Image.MAX_IMAGE_PIXELS = None  # its own limit only warns
    try:
        with Image.open(io.BytesIO(content), formats=_FORMATS) as image:
            if image.width * image.height > MOST_PIXELS:
                raise _fault("photo.too_many_pixels", most=MOST_PIXELS // 1_000_000)
            media_type, shown = _TYPES[image.format or ""], _shown(image)
    except Invalid:
        raise
    except UnidentifiedImageError as error:
        raise _fault("photo.other_kind") from error
    except Exception as error:  # each decoder has its own ways to meet what is cut off or wrong
        raise _fault("photo.damaged") from error
    return Picture(digest(content), media_type, content, shown)


def digest(content: bytes) -> str:
    """Return the `hash` of a picture as it came."""
    return hashlib.sha256(content).hexdigest()


def _shown(image: "Image") -> bytes:
    """Return a copy of the first frame: at most SHOWN pixels a side, in the colours that screens have."""
    from PIL import Image

    profile, turn = image.info.get("icc_profile"), image.getexif().get(_ORIENTATION)
    image.draft("RGB", (SHOWN, SHOWN))  # a JPEG is not even unpacked at its full size
    seen = image if image.mode in ("RGB", "L", "CMYK") and not image.has_transparency_data else _plain(image)
    seen.thumbnail((SHOWN, SHOWN))
    if turn in _TURNS:
        seen = seen.transpose(Image.Transpose[_TURNS[turn]])
    seen = _plain(_in_common_colours(seen, profile))
    made = io.BytesIO()
    Image.frombytes(seen.mode, seen.size, seen.tobytes()).save(made, "WEBP", quality=85)  # and nothing else
    return made.getvalue()


def _plain(image: "Image") -> "Image":
    wanted = "RGBA" if image.has_transparency_data else "RGB"
    return image if image.mode == wanted else image.convert(wanted)


def _in_common_colours(image: "Image", profile: bytes | None) -> "Image":
    """Return a picture in sRGB, which is what is meant where nothing is said."""
    if not profile or image.mode == "RGBA":
        return image
    from PIL import ImageCms

    try:
        theirs, ours = ImageCms.ImageCmsProfile(io.BytesIO(profile)), ImageCms.createProfile("sRGB")
        return ImageCms.profileToProfile(image, theirs, ours, outputMode="RGB") or image
    except (ImageCms.PyCMSError, OSError, ValueError):  # no profile at all, or one of other colours
        return image


def _fault(message: str, **values: int) -> Invalid:
    return Invalid({"photo": Message(message, values)})
