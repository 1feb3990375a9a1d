"""Pictures to send."""

import io

from PIL import Image

PLACE = b"Null Island"
MAKER = 0x010F  # the EXIF tag of a camera's maker


def picture(kind: str = "PNG", size: tuple[int, int] = (60, 40)) -> bytes:
    """A red picture that says where it was taken."""
    exif = Image.Exif()
    exif[MAKER] = PLACE.decode()
    output = io.BytesIO()
    Image.new("RGB", size, (200, 40, 40)).save(output, kind, exif=exif)
    return output.getvalue()
