import io
import random
import struct
import zlib
from typing import Any

import pytest
from PIL import Image, ImageDraw
from PIL.PngImagePlugin import PngInfo

from lovechat.core.errors import Kind, LoveChatError
from lovechat.services.avatars import MAX_BYTES, MAX_PIXELS, SIZE, redraw

RED, BLUE = (220, 30, 30), (30, 30, 220)
FORMATS = ("JPEG", "PNG", "WEBP")
ORIENTATION, MAKER, GPS = 0x0112, 0x010F, 0x8825
PLACE = "Null Island"


def encode(image: Image.Image, kind: str, **how: Any) -> bytes:
    output = io.BytesIO()
    image.save(output, kind, **how)
    return output.getvalue()


def halves(width: int = 80, height: int = 80) -> Image.Image:
    """A picture that is red above and blue below."""
    image = Image.new("RGB", (width, height), RED)
    ImageDraw.Draw(image).rectangle((0, height // 2, width, height), fill=BLUE)
    return image


def told_by(maker: str = PLACE, orientation: int = 1) -> Image.Exif:
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    exif[MAKER] = maker
    exif.get_ifd(GPS).update({1: "N", 2: (1.0, 2.0, 3.0), 3: "E", 4: (4.0, 5.0, 6.0)})
    return exif


def opened(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


def colour(image: Image.Image, x: float, y: float) -> str:
    """Which of the two colours is at a place, given in parts of the side."""
    pixel = image.convert("RGB").getpixel((int(x * (SIZE - 1)), int(y * (SIZE - 1))))
    assert isinstance(pixel, tuple)
    return "red" if pixel[0] > 150 > pixel[2] else "blue" if pixel[2] > 150 > pixel[0] else str(pixel)


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png_that_claims(width: int, height: int) -> bytes:
    """A PNG of a few bytes whose header promises that many pixels."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = zlib.compress(b"\0" * 1000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def refusal(data: bytes) -> str:
    with pytest.raises(LoveChatError) as refused:
        redraw(data)
    assert refused.value.kind is (
        Kind.TOO_LARGE if refused.value.code == "file_too_large" else Kind.UNSUPPORTED
    )
    return refused.value.code


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize("size", [(80, 80), (1, 1), (700, 200), (200, 700), (1500, 1500)])
def test_every_accepted_format_becomes_a_square_webp(kind: str, size: tuple[int, int]):
    image = opened(redraw(encode(halves(*size), kind)))
    assert (image.format, image.size) == ("WEBP", (SIZE, SIZE))


@pytest.mark.parametrize("kind", FORMATS)
def test_the_picture_itself_is_kept(kind: str):
    image = opened(redraw(encode(halves(), kind)))
    assert [colour(image, 0.5, 0.1), colour(image, 0.5, 0.9)] == ["red", "blue"]


@pytest.mark.parametrize("size", [(300, 100), (100, 300)])
def test_a_long_picture_is_cut_around_its_middle_and_not_squeezed(size: tuple[int, int]):
    long = Image.new("RGB", size, RED)
    middle = [(side - 100) // 2 for side in size]
    long.paste(BLUE, (middle[0], middle[1], middle[0] + 100, middle[1] + 100))
    image = opened(redraw(encode(long, "PNG")))
    assert {colour(image, x, y) for x in (0.05, 0.5, 0.95) for y in (0.05, 0.5, 0.95)} == {"blue"}


@pytest.mark.parametrize("mode", ["1", "L", "P", "LA", "RGBA", "I;16"])
def test_a_png_of_any_kind_of_pixels_is_read(mode: str):
    assert opened(redraw(encode(Image.new(mode, (40, 30)), "PNG"))).size == (SIZE, SIZE)


@pytest.mark.parametrize("mode", ["L", "CMYK"])
def test_a_jpeg_of_any_kind_of_pixels_is_read(mode: str):
    assert opened(redraw(encode(Image.new(mode, (40, 30)), "JPEG"))).size == (SIZE, SIZE)


def test_what_is_transparent_stays_transparent():
    image = opened(redraw(encode(Image.new("RGBA", (40, 40), (0, 0, 0, 0)), "PNG")))
    assert image.convert("RGBA").getpixel((5, 5)) == (0, 0, 0, 0)


@pytest.mark.parametrize("kind", FORMATS)
def test_where_and_with_what_it_was_taken_is_gone(kind: str):
    data = encode(halves(), kind, exif=told_by(), xmp=b"<x:xmpmeta>Null Island</x:xmpmeta>")
    assert PLACE.encode() in data
    assert opened(data).getexif().get_ifd(GPS)
    drawn = redraw(data)
    assert PLACE.encode() not in drawn
    image = opened(drawn)
    assert dict(image.getexif()) == {}
    assert not {"exif", "xmp", "icc_profile", "comment"} & set(image.info)


def test_comments_profiles_and_texts_are_gone():
    texts = PngInfo()
    texts.add_text("Author", PLACE)
    for data in (
        encode(halves(), "JPEG", comment=PLACE.encode()),
        encode(halves(), "PNG", pnginfo=texts, icc_profile=PLACE.encode() * 10),
        encode(halves(), "WEBP", icc_profile=PLACE.encode() * 10),
    ):
        assert PLACE.encode() not in redraw(data)


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize(
    ("orientation", "red_at"),
    [(1, (0.5, 0.1)), (3, (0.5, 0.9)), (6, (0.9, 0.5)), (8, (0.1, 0.5)), (5, (0.1, 0.5)), (7, (0.9, 0.5))],
)
def test_a_picture_taken_sideways_is_put_upright(kind: str, orientation: int, red_at: tuple[float, float]):
    image = opened(redraw(encode(halves(), kind, exif=told_by(orientation=orientation))))
    assert colour(image, *red_at) == "red"
    assert colour(image, 1 - red_at[0], 1 - red_at[1]) == "blue"


@pytest.mark.parametrize("kind", FORMATS)
def test_what_hides_behind_the_picture_is_gone(kind: str):
    tail = b"PK\x03\x04<script>alert(1)</script>"
    drawn = redraw(encode(halves(), kind) + tail)
    assert b"script" not in drawn
    assert b"PK\x03\x04" not in drawn
    assert opened(drawn).size == (SIZE, SIZE)


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_of_a_moving_picture_the_first_frame_is_kept(kind: str):
    frames = [Image.new("RGB", (60, 60), paint) for paint in (RED, BLUE, (0, 200, 0))]
    data = encode(frames[0], kind, save_all=True, append_images=frames[1:], duration=50)
    assert getattr(opened(data), "n_frames", 1) == 3
    image = opened(redraw(data))
    assert getattr(image, "n_frames", 1) == 1
    assert colour(image, 0.5, 0.5) == "red"


def test_of_a_phones_jpeg_with_two_pictures_the_first_is_kept():
    data = encode(halves(), "MPO", save_all=True, append_images=[Image.new("RGB", (80, 80), BLUE)])
    assert colour(opened(redraw(data)), 0.5, 0.1) == "red"


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(encode(halves(), "GIF"), id="GIF"),
        pytest.param(encode(halves(), "BMP"), id="BMP"),
        pytest.param(encode(halves(), "TIFF"), id="TIFF"),
        pytest.param(encode(halves(), "ICO"), id="ICO"),
        pytest.param(encode(halves(), "PDF"), id="PDF"),
        pytest.param(b'<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>', id="SVG"),
        pytest.param(b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", id="EPS"),
        pytest.param(b"just words", id="text"),
        pytest.param(b"", id="nothing"),
        pytest.param(b"\0" * 1000, id="zeros"),
        pytest.param(b"\x89PNG\r\n\x1a\n", id="only a PNG's first bytes"),
        pytest.param(b"\xff\xd8\xff\xe0", id="only a JPEG's first bytes"),
        pytest.param(b"RIFF\x10\0\0\0WEBPVP8 ", id="only a WebP's first bytes"),
        pytest.param(png_that_claims(60, 60)[:60], id="a PNG without its rows"),
        pytest.param(png_that_claims(0, 60), id="a PNG without a width"),
    ],
)
def test_anything_else_is_refused_by_its_content(data: bytes):
    assert refusal(data) == "unsupported_media"


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize("share", [0.3, 0.6, 0.95])
def test_a_truncated_picture_is_refused(kind: str, share: float):
    noise = Image.effect_noise((200, 200), 80).convert("RGB")
    data = encode(noise, kind)
    assert refusal(data[: int(len(data) * share)]) == "unsupported_media"


@pytest.mark.parametrize(
    ("width", "height"),
    [(30_000, 30_000), (2**31 - 1, 2**31 - 1), (10_000, 10_000), (50_000_001, 1), (7072, 7072)],
)
def test_a_pixel_bomb_is_refused_before_a_pixel_is_decoded(
    width: int, height: int, monkeypatch: pytest.MonkeyPatch
):
    decoded: list[object] = []
    monkeypatch.setattr("PIL.ImageFile.ImageFile.load", decoded.append)
    assert width * height > MAX_PIXELS
    data = png_that_claims(width, height)
    assert len(data) < 200
    assert refusal(data) == "file_too_large"
    assert decoded == []


def test_the_refusal_says_how_large_a_file_may_be():
    with pytest.raises(LoveChatError) as refused:
        redraw(png_that_claims(30_000, 30_000))
    assert refused.value.details == {"max_bytes": MAX_BYTES} == {"max_bytes": 2 * 1024**2}


def test_broken_metadata_does_not_spoil_a_good_picture():
    data = encode(halves(), "JPEG", exif=told_by())
    broken = data.replace(b"Exif\0\0II*\0\x08\0\0\0", b"Exif\0\0II*\0\xf8\xff\0\0")
    broken = broken.replace(b"Exif\0\0MM\0*\0\0\0\x08", b"Exif\0\0MM\0*\0\0\xff\xf8")
    assert broken != data
    assert colour(opened(redraw(broken)), 0.5, 0.1) == "red"


@pytest.mark.parametrize("kind", [*FORMATS, "MPO"])
def test_bytes_changed_at_random_give_a_picture_or_a_refusal(kind: str):
    small = Image.effect_noise((24, 24), 60).convert("RGB")
    extra = {"save_all": True, "append_images": [small.rotate(90)]} if kind == "MPO" else {}
    data = encode(small, kind, exif=told_by(orientation=6), **extra)
    dice = random.Random(kind)
    refused = drawn = 0
    for _ in range(40):
        spoilt = bytearray(data)
        for _ in range(dice.choice((1, 2, 4, 8))):
            # Headers are near the beginning, and most of what can go wrong is in them.
            place = dice.randrange(dice.choice((min(220, len(spoilt)), len(spoilt))))
            spoilt[place] = dice.randrange(256)
        try:
            assert opened(redraw(bytes(spoilt))).size == (SIZE, SIZE)
            drawn += 1
        except LoveChatError:
            refused += 1
    assert drawn + refused == 40
    assert refused


@pytest.mark.parametrize(
    "error", [struct.error("x"), TypeError("x"), KeyError("x"), zlib.error("x"), MemoryError()]
)
def test_whatever_the_decoder_raises_is_a_refusal(error: Exception, monkeypatch: pytest.MonkeyPatch):
    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr("PIL.ImageOps.exif_transpose", fail)
    assert refusal(encode(halves(), "PNG")) == "unsupported_media"
