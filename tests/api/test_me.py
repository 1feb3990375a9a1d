"""The person who holds the token: profile, picture and units."""

import io
import re
import struct
import zlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from PIL import Image

from lovechat.core.settings import Settings
from lovechat.services.avatars import MAX_BYTES, MAX_UPLOAD, SIZE
from tests.support.fake_upstream import FakeUpstream, say
from tests.support.people import Person
from tests.support.pictures import PLACE, picture


def png_that_claims(width: int, height: int) -> bytes:
    """A PNG of a few bytes whose header promises that many pixels."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = zlib.compress(b"\0" * 1000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


async def upload(person: Person, data: bytes, name: str = "me.png", kind: str = "image/png"):
    return await person.client.patch("/me/avatar", files={"file": (name, data, kind)}, headers=person.headers)


def stored(settings: Settings) -> list[Path]:
    return [path for path in settings.upload_dir.rglob("*") if path.is_file()]


async def refused(answer: httpx.Response, status: int, code: str, person: Person, settings: Settings):
    """The upload was turned down, and left nothing behind."""
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert (await person.get("/me")).json()["avatar_url"] is None
    assert stored(settings) == []


class TestProfile:
    async def test_each_person_sees_themselves(self, ana: Person, ben: Person):
        for person, name in ((ana, "Ana"), (ben, "Ben")):
            answer = await person.get("/me")
            assert answer.status_code == 200
            assert set(answer.json()) == {
                "id", "email", "display_name", "birthdate", "gender", "avatar_url", "language", "country",
                "explicit_preference", "created_at"
            }  # fmt: skip
            assert (answer.json()["id"], answer.json()["display_name"]) == (person.id, name)

    async def test_the_answer_stays_out_of_caches(self, ana: Person):
        assert (await ana.get("/me")).headers["cache-control"] == "no-store"


class TestAvatar:
    @pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
    async def test_a_picture_is_redrawn_and_served_to_anybody(self, kind: str, ana: Person, ben: Person):
        data = picture(kind)
        assert PLACE in data

        answer = await upload(ana, data, "holidays.gif", "text/html")  # what it claims to be is no matter

        assert answer.status_code == 200, answer.text
        profile = answer.json()
        assert profile == (await ana.get("/me")).json() == {**ana.user, "avatar_url": profile["avatar_url"]}
        assert (await ben.get("/me")).json()["avatar_url"] is None
        shown = await ben.client.get(profile["avatar_url"])
        assert (shown.status_code, shown.headers["content-type"]) == (200, "image/webp")
        drawn = Image.open(io.BytesIO(shown.content))
        assert (drawn.format, drawn.size) == ("WEBP", (SIZE, SIZE))
        assert PLACE not in shown.content
        assert dict(drawn.getexif()) == {}

    async def test_what_was_uploaded_cannot_run_as_a_page(self, ana: Person):
        url = (await upload(ana, picture() + b"<script>alert(1)</script>")).json()["avatar_url"]
        shown = await ana.client.get(url)
        assert shown.headers["x-content-type-options"] == "nosniff"
        assert shown.headers["content-security-policy"] == "default-src 'none'; sandbox"
        assert shown.headers["cache-control"].startswith("public")
        assert b"script" not in shown.content

    async def test_the_name_is_random_and_tells_nothing(self, ana: Person, ben: Person):
        urls = [(await upload(who, picture(), "ana.png")).json()["avatar_url"] for who in (ana, ben, ana)]
        assert len(set(urls)) == 3
        for url in urls:
            assert re.fullmatch(r"/static/avatars/[0-9a-f]{32}\.webp", url)
            assert ana.id.replace("-", "") not in url

    async def test_the_old_picture_goes_and_other_peoples_stay(
        self, ana: Person, ben: Person, settings: Settings
    ):
        old = (await upload(ana, picture())).json()["avatar_url"]
        bens = (await upload(ben, picture())).json()["avatar_url"]
        new = (await upload(ana, picture("JPEG"))).json()["avatar_url"]

        assert (await ana.client.get(old)).status_code == 404
        assert [(await ana.client.get(url)).status_code for url in (new, bens)] == [200, 200]
        assert len(stored(settings)) == 2

    async def test_a_picture_of_just_the_limit_is_taken(self, ana: Person):
        data = picture()
        assert (await upload(ana, data + b"\0" * (MAX_BYTES - len(data)))).status_code == 200

    async def test_more_than_2_mib_is_413(self, ana: Person, settings: Settings):
        for size in (MAX_BYTES + 1, MAX_UPLOAD + 1, 2 * MAX_UPLOAD):
            answer = await upload(ana, picture() + b"\0" * (size - len(picture())))
            await refused(answer, 413, "file_too_large", ana, settings)
            assert answer.json()["max_bytes"] == MAX_BYTES

    async def test_more_than_2_mib_is_413_when_its_length_is_not_announced(
        self, ana: Person, settings: Settings
    ):
        head = b'--x\r\ncontent-disposition: form-data; name="file"; filename="a.png"\r\n\r\n'

        async def pieces(size: int) -> AsyncIterator[bytes]:
            yield head + picture()
            for _ in range(size // 65536 + 1):
                yield b"\0" * 65536
            yield b"\r\n--x--\r\n"

        headers = {**ana.headers, "content-type": "multipart/form-data; boundary=x"}
        for size in (MAX_BYTES, MAX_UPLOAD):
            answer = await ana.client.patch("/me/avatar", content=pieces(size), headers=headers)
            assert "content-length" not in answer.request.headers
            await refused(answer, 413, "file_too_large", ana, settings)

    async def test_what_is_no_jpeg_png_or_webp_is_415(self, ana: Person, settings: Settings):
        for data in (
            b"just words",
            b"",
            b"GIF89a" + b"\0" * 40,
            b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        ):
            await refused(await upload(ana, data), 415, "unsupported_media", ana, settings)

    async def test_a_few_bytes_that_become_a_huge_picture_are_turned_down(
        self, ana: Person, settings: Settings
    ):
        for width, height in ((30_000, 30_000), (2**31 - 1, 1)):
            answer = await upload(ana, png_that_claims(width, height))
            await refused(answer, 413, "file_too_large", ana, settings)

    async def test_without_a_file_it_is_422(self, ana: Person, settings: Settings):
        form = "multipart/form-data"
        ways: list[dict[str, Any]] = [
            {"files": {"picture": ("a.png", b"x", "image/png")}},
            {"data": {"file": "a.png"}},
            {"json": {"file": "a.png"}},
            {"content": b"--x\r\n", "headers": {"content-type": form}},
            {"content": b"junk", "headers": {"content-type": f"{form}; boundary=x"}},
            {},
        ]
        for how in ways:
            headers = {**how.pop("headers", {}), **ana.headers}
            answer = await ana.client.patch("/me/avatar", headers=headers, **how)
            await refused(answer, 422, "invalid_request", ana, settings)
            assert answer.json()["errors"]

    async def test_a_folder_that_cannot_be_written_is_503_and_the_old_picture_stays(
        self, ana: Person, settings: Settings
    ):
        url = (await upload(ana, picture())).json()["avatar_url"]
        folder = settings.upload_dir / "avatars"
        folder.rename(settings.upload_dir / "away")
        folder.write_text("in the way")

        answer = await upload(ana, picture())

        assert (answer.status_code, answer.json()["code"]) == (503, "storage_unavailable")
        assert int(answer.headers["retry-after"]) > 0
        assert str(settings.upload_dir) not in answer.text
        assert (await ana.get("/me")).json()["avatar_url"] == url

    async def test_nothing_but_files_is_served(self, ana: Person, settings: Settings):
        await upload(ana, picture())
        (settings.upload_dir.parent / "secret").write_text("x")
        for path in ("/static/", "/static/avatars", "/static/avatars/", "/static/%2e%2e/secret"):
            assert (await ana.client.get(path)).status_code == 404, path


class TestUsage:
    async def test_each_person_spends_their_own_units(self, ana: Person, ben: Person, upstream: FakeUpstream):
        upstream.will(say("x" * 40))
        await ana.say(await ana.open_conversation())

        spent, unspent = await ana.usage(), await ben.usage()

        assert set(spent) == {"units_used", "units_limit", "units_remaining", "reset_at"}
        assert (spent["units_used"], spent["units_limit"], spent["units_remaining"]) == (10, 10_000, 9_990)
        assert (unspent["units_used"], unspent["units_remaining"]) == (0, 10_000)
        assert spent["reset_at"].endswith("T00:00:00.000Z")
