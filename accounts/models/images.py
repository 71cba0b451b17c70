"""An image that someone sent, looked at as bytes: what it is, how large, and that it ends where it says.

PNG, JPEG and WebP alone: no drawing language, which may hold programs.
"""

import struct
from hashlib import sha256

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

MOST_BYTES, MOST_PIXELS = 200_000, 2000  # in each direction
TYPES = {"png": "image/png", "jpg": "image/jpeg", "webp": "image/webp"}
# The markers of a JPEG that begin a frame, which says how large it is.
FRAMES = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}


def read_image(content):
    """Return what is stored of an image: itself, its digest, kind and size. Raise ValidationError for what is
    none of ours.
    """
    if len(content) > MOST_BYTES:
        text = _("This image is larger than 200 kB. Choose a smaller one.")
        raise ValidationError({"logo": ValidationError(text, code="too_large")})
    kind, size = kind_and_size(content)
    if kind is None:
        text = _("This is not a whole PNG, JPEG or WebP image. Choose another file.")
        raise ValidationError({"logo": ValidationError(text, code="invalid_image")})
    if not all(0 < side <= MOST_PIXELS for side in size):
        text = _("This image is more than 2000 pixels wide or high. Choose a smaller one.")
        raise ValidationError({"logo": ValidationError(text, code="too_large")})
    return {
        "logo": content,
        "logo_digest": sha256(content).hexdigest()[:32],
        "logo_kind": kind,
        "logo_width": size[0],
        "logo_height": size[1],
    }


def kind_and_size(content):
    """Return (kind, (width, height)) of an image; (None, None) of anything else."""
    for kind, size_of in (("png", png_size), ("jpg", jpeg_size), ("webp", webp_size)):
        try:
            size = size_of(content)
        except (struct.error, IndexError):
            size = None
        if size is not None:
            return kind, size
    return None, None


def png_size(content):
    if content[:8] != b"\x89PNG\r\n\x1a\n" or content[12:16] != b"IHDR":
        return None
    return struct.unpack(">II", content[16:24]) if content[-8:-4] == b"IEND" else None


def jpeg_size(content):
    if content[:3] != b"\xff\xd8\xff" or content[-2:] != b"\xff\xd9":
        return None
    at = 2
    while content[at] == 0xFF:
        marker, length = content[at + 1], struct.unpack(">H", content[at + 2 : at + 4])[0]
        if marker in FRAMES:
            height, width = struct.unpack(">HH", content[at + 5 : at + 9])
            return width, height
        at += 2 + length
    return None


def webp_size(content):
    if content[:4] != b"RIFF" or content[8:12] != b"WEBP":
        return None
    if struct.unpack("<I", content[4:8])[0] + 8 != len(content):
        return None
    chunk, data = content[12:16], content[20:]
    if chunk == b"VP8X":
        return 1 + int.from_bytes(data[4:7], "little"), 1 + int.from_bytes(data[7:10], "little")
    if chunk == b"VP8L" and data[0] == 0x2F:
        bits = int.from_bytes(data[1:5], "little")
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    if chunk == b"VP8 " and data[3:6] == b"\x9d\x01\x2a":
        width, height = struct.unpack("<HH", data[6:10])
        return width & 0x3FFF, height & 0x3FFF
    return None
