"""Pictures of people: read with suspicion, drawn anew, kept under a random name."""

import asyncio
import io
import logging
import warnings
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

from PIL import Image, ImageOps

from lovechat.core.db import DATABASE_ERRORS
from lovechat.core.errors import Kind, LoveChatError
from lovechat.repos.accounts import Person
from lovechat.services.accounts import Accounts
from lovechat.services.storage import StorageBackend

log = logging.getLogger(__name__)

MAX_BYTES = 2 * 1024**2
MAX_UPLOAD = MAX_BYTES + 64 * 1024  # a picture and the form around it
# A camera's largest picture; checked before any pixel is decoded.
MAX_PIXELS = 50_000_000
SIZE = 512  # pixels of each side of what is kept
FORMATS = ("JPEG", "PNG", "WEBP")
QUALITY = 85


class Avatars:
    """Changes people's pictures."""

    def __init__(self, storage: StorageBackend, accounts: Accounts) -> None:
        self._storage = storage
        self._accounts = accounts
        # One at a time: a large picture takes 200 MB while it is decoded.
        self._pool = ThreadPoolExecutor(1, "avatars")

    async def change(self, person: Person, data: bytes) -> Person:
        """Give a person a new picture and forget the old one.

        Raises:
            LoveChatError: `file_too_large` (bytes or pixels), `unsupported_media`,
                `storage_unavailable`, `not_authenticated` when the account has just been erased.
        """
        url = await self.keep(data)
        try:
            changed, replaced = await self._accounts.set_avatar(person, url)
        except Exception:
            await self._forget_unless_kept(person, url)
            raise
        await self.forget(replaced)
        return changed

    async def keep(self, data: bytes) -> str:
        """Draw a picture anew, keep it, and return its address.

        Raises:
            LoveChatError: `file_too_large` (bytes or pixels), `unsupported_media`, `storage_unavailable`.
        """
        if len(data) > MAX_BYTES:
            raise too_large()
        loop = asyncio.get_running_loop()
        picture = await loop.run_in_executor(self._pool, redraw, data)
        return await self._storage.save(f"avatars/{uuid4().hex}.webp", picture, "image/webp")

    async def remove(self, person: Person) -> Person:
        """Leave a person without a picture.

        Raises:
            LoveChatError: `not_authenticated` when the account has just been erased.
        """
        changed, replaced = await self._accounts.set_avatar(person, None)
        await self.forget(replaced)
        return changed

    async def forget(self, url: str | None) -> None:
        """Delete the file of a picture that nobody refers to any more; a failure is logged."""
        key = self._storage.key_of(url) if url else None
        if key is not None:
            try:
                await self._storage.delete(key)
            except LoveChatError:
                log.exception("an old picture could not be deleted")

    async def _forget_unless_kept(self, person: Person, url: str) -> None:
        """Delete the file of a change that failed. A broken connection does not tell whether it did."""
        try:
            kept = await self._accounts.has_avatar(person, url)
        except DATABASE_ERRORS:
            log.exception("the file of a picture is left behind, nobody knows whether it counts")
            return
        if not kept:
            await self.forget(url)

    def close(self) -> None:
        """Let the thread end."""
        self._pool.shutdown(wait=False, cancel_futures=True)


def redraw(data: bytes) -> bytes:
    """Decode a JPEG, PNG or WebP by its content and encode it anew as a square WebP of 512 pixels.

    Metadata, further frames and anything behind the picture are left behind.

    Raises:
        LoveChatError: `unsupported_media`, or `file_too_large` above 50 million pixels.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # broken metadata, which is left behind anyway
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=FORMATS) as image:
                if image.width * image.height > MAX_PIXELS:
                    raise too_large()  # noqa: TRY301
                upright = ImageOps.exif_transpose(image)
                square = ImageOps.fit(upright.convert("RGBA"), (SIZE, SIZE))
    except LoveChatError:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise too_large() from None
    except Exception:  # noqa: BLE001
        # Pillow raises nearly anything, struct.error and TypeError too, for files that are not what they say.
        raise LoveChatError("unsupported_media", Kind.UNSUPPORTED) from None
    fresh = Image.frombytes("RGBA", square.size, square.tobytes())
    output = io.BytesIO()
    fresh.save(output, "WEBP", quality=QUALITY, method=4)
    return output.getvalue()


def too_large() -> LoveChatError:
    """The file has too many bytes, or the picture too many pixels."""
    return LoveChatError("file_too_large", Kind.TOO_LARGE, max_bytes=MAX_BYTES)
