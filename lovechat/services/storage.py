"""Where people's files go: a local folder, or any S3-compatible store."""

import asyncio
import contextlib
import os
import secrets
from collections.abc import Callable
from pathlib import Path, PurePosixPath
from typing import Any, Protocol

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from lovechat.core.errors import Kind, LoveChatError
from lovechat.core.settings import Settings

IMMUTABLE = "public, max-age=31536000, immutable"


class StorageBackend(Protocol):
    """Keeps files under keys such as `avatars/3f2a.webp`.

    Every method may raise `LoveChatError` `storage_unavailable`, and `ValueError` for a key that is
    none.
    """

    async def save(self, key: str, data: bytes, content_type: str) -> str:
        """Keep a file and return the address at which browsers find it."""
        ...

    async def load(self, key: str) -> bytes | None:
        """The content of a file, or None when there is none."""
        ...

    async def delete(self, key: str) -> None:
        """Remove a file; one that is not there is no error."""
        ...

    def key_of(self, url: str) -> str | None:
        """The key of an address that `save` returned, None for any other address."""
        ...


class LocalStorageBackend:
    """Files in a folder, served by this application under the static prefix."""

    def __init__(self, folder: Path, url_prefix: str) -> None:
        self._folder = folder.absolute()
        self._prefix = url_prefix.rstrip("/")

    async def save(self, key: str, data: bytes, content_type: str) -> str:  # noqa: ARG002
        """See `StorageBackend`; the type is told by the key's suffix when it is served."""
        await asyncio.to_thread(self._write, self._path(key), data)
        return f"{self._prefix}/{key}"

    async def load(self, key: str) -> bytes | None:
        """See `StorageBackend`."""
        return await asyncio.to_thread(self._read, self._path(key))

    async def delete(self, key: str) -> None:
        """See `StorageBackend`."""
        await asyncio.to_thread(self._unlink, self._path(key))

    def key_of(self, url: str) -> str | None:
        """See `StorageBackend`."""
        return _key_under(url, self._prefix)

    def _path(self, key: str) -> Path:
        path = self._folder / require_key(key)
        if not path.resolve().is_relative_to(self._folder.resolve()):
            raise ValueError(f"{key!r} leads out of the storage")
        return path

    def _read(self, path: Path) -> bytes | None:
        try:
            return path.read_bytes() if path.is_file() else None
        except OSError as error:
            raise _unavailable() from error

    def _unlink(self, path: Path) -> None:
        try:
            if path.is_file():
                path.unlink(missing_ok=True)
        except OSError as error:
            raise _unavailable() from error

    def _write(self, path: Path, data: bytes) -> None:
        draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            draft.write_bytes(data)
            draft.replace(path)  # a reader never sees half a file
        except OSError as error:
            with contextlib.suppress(OSError):
                draft.unlink(missing_ok=True)
            raise _unavailable() from error


class S3StorageBackend:
    """Files in a bucket; the SDK's blocking calls run in threads."""

    def __init__(
        self, bucket: str, region: str | None, endpoint_url: str | None, public_url: str | None
    ) -> None:
        """`public_url` is where browsers find the bucket, when it is not the endpoint."""
        self._bucket = bucket
        self._client: Any = boto3.client(
            "s3",
            region_name=region or os.environ.get("AWS_DEFAULT_REGION") or "us-east-1",
            endpoint_url=endpoint_url,
            config=Config(
                connect_timeout=5,
                read_timeout=20,
                retries={"max_attempts": 3, "mode": "standard"},
                # The form that every compatible store understands.
                s3={"addressing_style": "path" if endpoint_url else "auto"},
            ),
        )
        self._prefix = (public_url or f"{self._client.meta.endpoint_url}/{bucket}").rstrip("/")

    async def save(self, key: str, data: bytes, content_type: str) -> str:
        """See `StorageBackend`."""
        await self._run(
            self._client.put_object,
            Bucket=self._bucket,
            Key=require_key(key),
            Body=data,
            ContentType=content_type,
            CacheControl=IMMUTABLE,
        )
        return f"{self._prefix}/{key}"

    async def load(self, key: str) -> bytes | None:
        """See `StorageBackend`."""
        try:
            return await self._run(self._read, require_key(key))
        except LoveChatError as error:
            if _is_absent(error.__cause__):
                return None
            raise

    async def delete(self, key: str) -> None:
        """See `StorageBackend`."""
        await self._run(self._client.delete_object, Bucket=self._bucket, Key=require_key(key))

    def key_of(self, url: str) -> str | None:
        """See `StorageBackend`."""
        return _key_under(url, self._prefix)

    def _read(self, key: str) -> bytes:
        return self._client.get_object(Bucket=self._bucket, Key=key)["Body"].read()

    async def _run(self, work: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        try:
            return await asyncio.to_thread(work, *args, **kwargs)
        except (BotoCoreError, ClientError) as error:
            raise _unavailable() from error


def create_storage(settings: Settings) -> StorageBackend:
    """The backend that the settings ask for."""
    if settings.storage_backend == "s3":
        assert settings.s3_bucket is not None  # checked when the settings were read
        return S3StorageBackend(
            settings.s3_bucket, settings.s3_region, settings.s3_endpoint_url, settings.s3_public_url
        )
    prefix = f"{settings.public_url or ''}{settings.static_url_prefix}"
    return LocalStorageBackend(settings.upload_dir, prefix)


def require_key(key: str) -> str:
    """The key itself. Raises `ValueError` for one that could lead anywhere else."""
    path = PurePosixPath(key)
    plain = key == str(path) and "\\" not in key and "\0" not in key
    if (
        not plain
        or not path.parts
        or path.is_absolute()
        or any(part in ("", ".", "..") for part in path.parts)
    ):
        raise ValueError(f"{key!r} is not a storage key such as avatars/luna.webp")
    return key


def _key_under(url: str, prefix: str) -> str | None:
    if not url.startswith(f"{prefix}/"):
        return None
    try:
        return require_key(url.removeprefix(f"{prefix}/"))
    except ValueError:
        return None


def _is_absent(error: BaseException | None) -> bool:
    return isinstance(error, ClientError) and error.response["Error"]["Code"] in (
        "NoSuchKey",
        "404",
    )


def _unavailable() -> LoveChatError:
    return LoveChatError("storage_unavailable", Kind.UNAVAILABLE, retry_after=10)
