"""JPEG and PNG: decoded, turned upright, and encoded anew from their pixels alone."""

import io
from collections.abc import Callable
from typing import Any, Final

from PIL import Image, ImageOps, JpegImagePlugin, PngImagePlugin

from servicekit.documents.inspector.bounds import Bounds, Unfit
from servicekit.documents.refusals import Reason

_FORMATS: Final = {"image/jpeg": "JPEG", "image/png": "PNG"}
_ENDS: Final = {"JPEG": b"\xff\xd9", "PNG": b"\x00\x00\x00\x00IEND\xaeB`\x82"}
_ZIP_END: Final = b"PK\x05\x06"
_TAIL: Final = 70_000
_QUALITY: Final = 88
_PALETTE_FREE: Final = {"1", "L", "RGB", "RGBA", "LA", "P", "I", "I;16"}

# The formats are loaded now: later there is no file to load them from.
Image.init()
_PLUGINS = (JpegImagePlugin, PngImagePlugin)


def rebuilder(kind: str) -> Callable[[bytes, Bounds], bytes]:
    """Return what rebuilds an image of that media type."""
    name = _FORMATS[kind]
    return lambda content, bounds: _rebuild(name, content, bounds)


def _rebuild(name: str, content: bytes, bounds: Bounds) -> bytes:
    if _ZIP_END in content[-_TAIL:]:
        raise Unfit(Reason.TWO_FORMATS)
    if _ENDS[name] not in content:
        raise Unfit(Reason.UNREADABLE)
    Image.MAX_IMAGE_PIXELS = None  # counted here, before anything is decoded
    with Image.open(io.BytesIO(content), formats=[name]) as image:
        width, height = image.size
        if width * height > bounds.pixels:
            raise Unfit(Reason.TOO_MANY_PIXELS)
        if width < 1 or height < 1:
            raise Unfit(Reason.UNREADABLE)
        image.load()
        upright = ImageOps.exif_transpose(image)
        plain = _plain(upright, name)
    written = io.BytesIO()
    if name == "JPEG":
        plain.save(written, "JPEG", quality=_QUALITY)
    else:
        plain.save(written, "PNG", compress_level=3)
    return written.getvalue()


def _plain(image: Any, name: str) -> Any:
    """Return the pixels in a mode every reader knows, without anything that came beside them."""
    if name == "JPEG" and image.mode not in {"L", "RGB"}:
        image = image.convert("RGB")
    elif image.mode == "P" and "transparency" in image.info:
        image = image.convert("RGBA")
    elif image.mode not in _PALETTE_FREE:
        image = image.convert("RGB")
    image.info = {}
    return image
