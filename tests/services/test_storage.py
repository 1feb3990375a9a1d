import socket
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import boto3
import pytest
from moto.server import ThreadedMotoServer

from lovechat.core.errors import Kind, LoveChatError
from lovechat.core.settings import read_settings
from lovechat.services.storage import (
    LocalStorageBackend,
    S3StorageBackend,
    StorageBackend,
    create_storage,
    require_key,
)

BUCKET = "pictures"
BACKENDS = ("local", "s3")
NO_KEYS = [
    "",
    ".",
    "..",
    "/",
    "/etc/passwd",
    "../secret",
    "avatars/../../secret",
    "avatars/..",
    "avatars/./a",
    "./a",
    "avatars//a",
    "avatars/",
    "..\\secret",
    "avatars\\a",
    "avatars/\0",
]


@pytest.fixture(scope="module")
def s3_url() -> Iterator[str]:
    """A store that speaks S3, with one bucket."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_ACCESS_KEY_ID", "testing")
        patch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
        server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
        server.start()
        url = "http://{}:{}".format(*server.get_host_and_port())
        boto3.client("s3", region_name="us-east-1", endpoint_url=url).create_bucket(Bucket=BUCKET)
        yield url
        server.stop()


@pytest.fixture(scope="module")
def s3(s3_url: str) -> S3StorageBackend:
    return S3StorageBackend(BUCKET, None, s3_url, None)


@pytest.fixture(params=BACKENDS)
def storage(request: pytest.FixtureRequest, tmp_path: Path) -> StorageBackend:
    """Each of the backends in turn: what is promised is promised of both."""
    if request.param == "s3":
        return request.getfixturevalue("s3")
    return LocalStorageBackend(tmp_path / "uploads", "/static/")


def new_key() -> str:
    return f"avatars/{uuid4().hex}.webp"


async def test_what_was_saved_is_loaded_byte_by_byte(storage: StorageBackend):
    key, data = new_key(), bytes(range(256)) * 1000
    await storage.save(key, data, "image/webp")
    assert await storage.load(key) == data


async def test_an_empty_file_is_a_file(storage: StorageBackend):
    key = new_key()
    await storage.save(key, b"", "image/webp")
    assert await storage.load(key) == b""


async def test_saving_again_replaces(storage: StorageBackend):
    key = new_key()
    first = await storage.save(key, b"one", "image/webp")
    assert await storage.save(key, b"second", "image/webp") == first
    assert await storage.load(key) == b"second"


async def test_the_address_leads_back_to_the_key(storage: StorageBackend):
    key = new_key()
    url = await storage.save(key, b"data", "image/webp")
    assert url.endswith(f"/{key}")
    assert storage.key_of(url) == key


async def test_other_addresses_have_no_key(storage: StorageBackend):
    url = await storage.save("avatars/a.webp", b"data", "image/webp")
    prefix = url.removesuffix("/avatars/a.webp")
    for other in (
        "",
        prefix,
        f"{prefix}/",
        f"{prefix}x/avatars/a.webp",
        f"{prefix}/../secret",
        f"{prefix}//avatars/a.webp",
        "https://elsewhere.example/avatars/a.webp",
        "avatars/a.webp",
    ):
        assert storage.key_of(other) is None, other


async def test_a_file_that_is_not_there_is_none(storage: StorageBackend):
    assert await storage.load(new_key()) is None
    assert await storage.load("nowhere/at/all.webp") is None


async def test_deleting_removes_and_deleting_again_is_no_error(storage: StorageBackend):
    key, other = new_key(), new_key()
    await storage.save(key, b"data", "image/webp")
    await storage.save(other, b"stays", "image/webp")
    await storage.delete(key)
    assert await storage.load(key) is None
    await storage.delete(key)
    await storage.delete(new_key())
    assert await storage.load(other) == b"stays"


async def test_what_stands_above_a_file_is_no_file(storage: StorageBackend):
    key = f"deep/{uuid4().hex}/file.webp"
    await storage.save(key, b"data", "image/webp")
    folder = key.rpartition("/")[0]
    assert await storage.load(folder) is None
    await storage.delete(folder)
    assert await storage.load(f"{key}/below") is None
    await storage.delete(f"{key}/below")
    assert await storage.load(key) == b"data"


@pytest.mark.parametrize("key", NO_KEYS)
async def test_a_key_that_leads_elsewhere_is_refused_by_every_method(storage: StorageBackend, key: str):
    with pytest.raises(ValueError, match="not a storage key"):
        await storage.save(key, b"data", "image/webp")
    with pytest.raises(ValueError, match="not a storage key"):
        await storage.load(key)
    with pytest.raises(ValueError, match="not a storage key"):
        await storage.delete(key)


@pytest.mark.parametrize(
    "key", ["a", "avatars/luna.webp", "a/b/c/d.png", ".hidden", "a..b/c...d", "ñandú/ü.webp"]
)
def test_an_ordinary_key_is_itself(key: str):
    assert require_key(key) == key


async def test_keys_with_letters_beyond_ascii_are_kept(storage: StorageBackend):
    url = await storage.save("ñandú/ü.webp", b"bird", "image/webp")
    assert await storage.load("ñandú/ü.webp") == b"bird"
    assert storage.key_of(url) == "ñandú/ü.webp"


async def test_local_files_lie_in_the_folder_whole_and_alone(tmp_path: Path):
    storage = LocalStorageBackend(tmp_path / "up loads", "https://chat.example.org/static")
    url = await storage.save("avatars/a.webp", b"data", "image/webp")
    assert url == "https://chat.example.org/static/avatars/a.webp"
    assert [p.name for p in (tmp_path / "up loads" / "avatars").iterdir()] == ["a.webp"]
    assert (tmp_path / "up loads" / "avatars" / "a.webp").read_bytes() == b"data"


async def test_a_link_in_the_folder_leads_nobody_out_of_it(tmp_path: Path):
    folder, secret = tmp_path / "uploads", tmp_path / "secret"
    folder.mkdir()
    secret.mkdir()
    (secret / "key").write_text("hush")
    (folder / "out").symlink_to(secret)
    storage = LocalStorageBackend(folder, "/static")
    for attempt in (
        lambda: storage.load("out/key"),
        lambda: storage.save("out/new", b"x", "image/webp"),
        lambda: storage.delete("out/key"),
    ):
        with pytest.raises(ValueError, match="leads out"):
            await attempt()
    assert [p.name for p in secret.iterdir()] == ["key"]


async def test_a_folder_that_cannot_be_written_is_an_outage(tmp_path: Path):
    blocked = tmp_path / "uploads"
    blocked.write_text("a file where the folder should be")
    storage = LocalStorageBackend(blocked, "/static")
    with pytest.raises(LoveChatError) as failed:
        await storage.save("avatars/a.webp", b"data", "image/webp")
    assert (failed.value.code, failed.value.kind) == ("storage_unavailable", Kind.UNAVAILABLE)


async def test_a_name_that_the_disk_cannot_take_is_an_outage_and_no_crash(tmp_path: Path):
    storage = LocalStorageBackend(tmp_path, "/static")
    for attempt in (
        lambda: storage.save("x" * 300, b"", "image/webp"),
        lambda: storage.load("x" * 300),
        lambda: storage.delete("x" * 300),
    ):
        with pytest.raises(LoveChatError, match="storage_unavailable"):
            await attempt()


async def test_s3_is_told_the_type_and_that_files_never_change(s3: S3StorageBackend, s3_url: str):
    key = new_key()
    url = await s3.save(key, b"data", "image/webp")
    assert url == f"{s3_url}/{BUCKET}/{key}"
    head = boto3.client("s3", region_name="us-east-1", endpoint_url=s3_url).head_object(
        Bucket=BUCKET, Key=key
    )
    assert head["ContentType"] == "image/webp"
    assert "immutable" in head["CacheControl"]


async def test_s3_gives_out_its_public_address_when_it_has_one(s3_url: str):
    storage = S3StorageBackend(BUCKET, "eu-west-1", s3_url, "https://cdn.example.org/pictures/")
    url = await storage.save("avatars/a.webp", b"data", "image/webp")
    assert url == "https://cdn.example.org/pictures/avatars/a.webp"
    assert storage.key_of(url) == "avatars/a.webp"
    assert storage.key_of(f"{s3_url}/{BUCKET}/avatars/a.webp") is None


def closed_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


async def assert_unavailable(storage: StorageBackend) -> None:
    for attempt in (
        lambda: storage.save("a.webp", b"data", "image/webp"),
        lambda: storage.load("a.webp"),
        lambda: storage.delete("a.webp"),
    ):
        with pytest.raises(LoveChatError) as failed:
            await attempt()
        assert (failed.value.code, failed.value.kind) == ("storage_unavailable", Kind.UNAVAILABLE)
        assert failed.value.retry_after == 10
        assert failed.value.details == {}


async def test_a_store_that_is_away_is_an_outage_and_no_missing_file(
    s3_url: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("time.sleep", lambda _: None)  # between the SDK's attempts
    await assert_unavailable(S3StorageBackend(BUCKET, None, f"http://127.0.0.1:{closed_port()}", None))


async def test_a_bucket_that_does_not_exist_is_an_outage_and_no_missing_file(s3_url: str):
    await assert_unavailable(S3StorageBackend("no-such-bucket", None, s3_url, None))


async def test_an_answer_that_is_cut_is_an_outage(s3: S3StorageBackend, monkeypatch: pytest.MonkeyPatch):
    key = new_key()
    await s3.save(key, b"data" * 100, "image/webp")
    real = s3._client.get_object

    def cut(**arguments: str) -> dict:
        answer = real(**arguments)
        answer["Body"]._content_length = "100000"  # as if more had been announced than came
        return answer

    monkeypatch.setattr(s3._client, "get_object", cut)
    with pytest.raises(LoveChatError, match="storage_unavailable"):
        await s3.load(key)


def test_the_settings_choose_the_backend(tmp_path: Path):
    local = read_settings(_env_file=None, upload_dir=tmp_path, public_url="https://chat.example.org")
    made = create_storage(local)
    assert isinstance(made, LocalStorageBackend)
    assert made.key_of("https://chat.example.org/static/avatars/a.webp") == "avatars/a.webp"
    remote = read_settings(
        _env_file=None,
        storage_backend="s3",
        s3_bucket="b",
        s3_region="eu-west-1",
        s3_endpoint_url="http://localhost:9000",
    )
    made = create_storage(remote)
    assert isinstance(made, S3StorageBackend)
    assert made.key_of("http://localhost:9000/b/avatars/a.webp") == "avatars/a.webp"
