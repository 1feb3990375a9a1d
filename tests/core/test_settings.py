import stat
from pathlib import Path
from typing import Any

import pytest

from lovechat.core.settings import Settings, SettingsError, keep_secret, read_settings

GOOD_SECRET = "b7Jq0-vR2xLw9ZtK5mHsYd8eNfUaPc3G"


@pytest.fixture(autouse=True)
def empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder without a `.env`."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def environ(monkeypatch: pytest.MonkeyPatch):
    """Set variables of the process and read the settings."""

    def read(**variables: str) -> Settings:
        for name, value in variables.items():
            monkeypatch.setenv(name, value)
        return read_settings()

    return read


def plain(value: Any) -> Any:
    return value.get_secret_value() if hasattr(value, "get_secret_value") else value


DEFAULTS = {
    "DATABASE_URL": None,
    "OPENAI_API_KEY": None,
    "OPENAI_BASE_URL": None,
    "OPENAI_MODEL": "gpt-4.1-mini",
    "LLM_PROVIDER": "auto",
    "LLM_MAX_OUTPUT_TOKENS": 800,
    "LLM_TIMEOUT_SECONDS": 60,
    "MODERATION": "off",
    "MODERATION_MODEL": "omni-moderation-latest",
    "MODERATION_BASE_URL": None,
    "MODERATION_API_KEY": None,
    "MODERATION_TIMEOUT_SECONDS": 1.5,
    "JWT_SECRET": None,
    "JWT_ALGORITHM": "HS256",
    "ACCESS_TOKEN_EXP_MINUTES": 30,
    "JWT_REFRESH_DAYS": 30,
    "APP_NAME": "Love Chat",
    "APP_ENV": "development",
    "DEBUG": False,
    "API_PREFIX": "",
    "ADMIN_SECRET": None,
    "DAILY_UNITS_LIMIT": 10_000,
    "UNITS_CHARS_PER_TOKEN": 4,
    "UNITS_MULTIPLIER": 1,
    "UNITS_FIXED_PER_REPLY": 0,
    "CHAT_RATE_LIMIT": "30/minute",
    "EXPLICIT_CEILING": 1.0,
    "NOTICE_INTERVAL_MINUTES": 60,
    "STORAGE_BACKEND": "local",
    "UPLOAD_DIR": Path("uploads"),
    "STATIC_URL_PREFIX": "/static",
    "S3_BUCKET": None,
    "S3_REGION": None,
    "S3_ENDPOINT_URL": None,
    "S3_PUBLIC_URL": None,
    "REDIS_URL": None,
    "AGE_ASSURANCE": "declared",
    "AGE_ASSURANCE_PROVIDER": None,
    "WORKERS": 1,
    "HOST": "127.0.0.1",
    "PORT": 8000,
    "PUBLIC_URL": None,
    "ALLOWED_ORIGINS": [],
    "TRUSTED_PROXY_HOPS": 0,
    "LOVECHAT_DATA_DIR": Path(".data"),
}


@pytest.mark.parametrize(("name", "value"), DEFAULTS.items())
def test_a_variable_that_is_not_set_has_its_default(name: str, value: Any):
    assert getattr(read_settings(), name.lower()) == value


def test_every_variable_has_a_default_in_this_table():
    assert {name.upper() for name in Settings.model_fields} == set(DEFAULTS)


@pytest.mark.parametrize(
    ("name", "given", "read"),
    [
        ("OPENAI_API_KEY", "sk-abc", "sk-abc"),
        ("OPENAI_BASE_URL", "http://localhost:11434/v1/", "http://localhost:11434/v1"),
        ("OPENAI_MODEL", "gpt-5", "gpt-5"),
        ("LLM_PROVIDER", "demo", "demo"),
        ("LLM_MAX_OUTPUT_TOKENS", "16", 16),
        ("LLM_TIMEOUT_SECONDS", "0.5", 0.5),
        ("MODERATION_MODEL", "guard-1", "guard-1"),
        ("MODERATION_BASE_URL", "http://localhost:8001/v1/", "http://localhost:8001/v1"),
        ("MODERATION_API_KEY", "sk-mod", "sk-mod"),
        ("MODERATION_TIMEOUT_SECONDS", "0.8", 0.8),
        ("JWT_SECRET", GOOD_SECRET, GOOD_SECRET),
        ("JWT_ALGORITHM", "HS512", "HS512"),
        ("ACCESS_TOKEN_EXP_MINUTES", "5", 5),
        ("JWT_REFRESH_DAYS", "7", 7),
        ("APP_NAME", "Mi compañía", "Mi compañía"),
        ("APP_ENV", "test", "test"),
        ("DEBUG", "true", True),
        ("DEBUG", "0", False),
        ("API_PREFIX", "/api/v1", "/api/v1"),
        ("API_PREFIX", "/api/v1/", "/api/v1"),
        ("API_PREFIX", "/", ""),
        ("ADMIN_SECRET", "12345678", "12345678"),
        ("AGE_ASSURANCE_PROVIDER", "our.verifier:create", "our.verifier:create"),
        ("DAILY_UNITS_LIMIT", "1", 1),
        ("UNITS_CHARS_PER_TOKEN", "1", 1),
        ("UNITS_MULTIPLIER", "3", 3),
        ("UNITS_FIXED_PER_REPLY", "10", 10),
        ("CHAT_RATE_LIMIT", "5 per 10 seconds", "5 per 10 seconds"),
        ("STORAGE_BACKEND", "local", "local"),
        ("UPLOAD_DIR", "/srv/pictures", Path("/srv/pictures")),
        ("STATIC_URL_PREFIX", "/files/", "/files"),
        ("S3_BUCKET", "pictures", "pictures"),
        ("S3_REGION", "eu-west-1", "eu-west-1"),
        ("S3_ENDPOINT_URL", "http://localhost:9000", "http://localhost:9000"),
        ("S3_PUBLIC_URL", "https://cdn.example.org/p/", "https://cdn.example.org/p"),
        ("REDIS_URL", "rediss://:pass@cache:6380/1", "rediss://:pass@cache:6380/1"),
        ("REDIS_URL", "unix:///run/redis.sock", "unix:///run/redis.sock"),
        ("HOST", "0.0.0.0", "0.0.0.0"),
        ("PORT", "8010", 8010),
        ("PUBLIC_URL", "https://chat.example.org/", "https://chat.example.org"),
        (
            "ALLOWED_ORIGINS",
            "https://a.example, http://b.example:8080/",
            ["https://a.example", "http://b.example:8080"],
        ),
        ("TRUSTED_PROXY_HOPS", "2", 2),
        ("LOVECHAT_DATA_DIR", "/var/lib/love chat", Path("/var/lib/love chat")),
    ],
)
def test_a_good_value_is_taken(environ, name: str, given: str, read: Any):
    assert plain(getattr(environ(**{name: given}), name.lower())) == read


@pytest.mark.parametrize(
    ("name", "given", "form"),
    [
        ("DATABASE_URL", "mysql://db/x", "postgresql://user:password@host:5432/lovechat"),
        ("DATABASE_URL", "postgresql://", "postgresql://user:password@host:5432/lovechat"),
        ("DATABASE_URL", "db.sqlite", "postgresql://user:password@host:5432/lovechat"),
        ("DATABASE_URL", "postgresql://u:hush@h:port/x", "postgresql://user:password@host:5432/lovechat"),
        ("OPENAI_BASE_URL", "localhost:11434", "https://example.org"),
        ("OPENAI_BASE_URL", "http://[half", "https://example.org"),
        ("LLM_PROVIDER", "gpt", "'openai_chat'"),
        ("LLM_MAX_OUTPUT_TOKENS", "15", "greater than or equal to 16"),
        ("LLM_MAX_OUTPUT_TOKENS", "many", "integer"),
        ("LLM_TIMEOUT_SECONDS", "0", "greater than 0"),
        ("LLM_TIMEOUT_SECONDS", "soon", "number"),
        ("MODERATION", "on", "'advisory' or 'required'"),
        ("MODERATION_BASE_URL", "localhost:8001", "https://example.org"),
        ("MODERATION_TIMEOUT_SECONDS", "0", "greater than 0"),
        ("JWT_ALGORITHM", "none", "'HS256'"),
        ("JWT_ALGORITHM", "RS256", "'HS256'"),
        ("ACCESS_TOKEN_EXP_MINUTES", "0", "greater than or equal to 1"),
        ("JWT_REFRESH_DAYS", "366", "less than or equal to 365"),
        ("APP_NAME", "x" * 61, "at most 60"),
        ("APP_ENV", "staging", "'production'"),
        ("DEBUG", "maybe", "boolean"),
        ("API_PREFIX", "api", "/api/v1"),
        ("API_PREFIX", "/api v1", "/api/v1"),
        ("ADMIN_SECRET", "1234567", "at least 8 characters"),
        ("DAILY_UNITS_LIMIT", "-1", "greater than or equal to 1"),
        ("UNITS_CHARS_PER_TOKEN", "0", "greater than or equal to 1"),
        ("UNITS_MULTIPLIER", "0", "greater than or equal to 1"),
        ("UNITS_MULTIPLIER", "1.5", "integer"),
        ("UNITS_FIXED_PER_REPLY", "-1", "greater than or equal to 0"),
        ("CHAT_RATE_LIMIT", "lots", "30/minute"),
        ("CHAT_RATE_LIMIT", "0/minute", "30/minute"),
        ("CHAT_RATE_LIMIT", "30/minute;500/day", "one rate"),
        ("EXPLICIT_CEILING", "1.1", "less than or equal to 1"),
        ("NOTICE_INTERVAL_MINUTES", "14", "greater than or equal to 15"),
        ("NOTICE_INTERVAL_MINUTES", "181", "less than or equal to 180"),
        ("STORAGE_BACKEND", "ftp", "'local' or 's3'"),
        ("STATIC_URL_PREFIX", "/", "/static"),
        ("STATIC_URL_PREFIX", "static", "/static"),
        ("S3_ENDPOINT_URL", "minio:9000", "https://example.org"),
        ("S3_PUBLIC_URL", "ftp://cdn", "https://example.org"),
        ("REDIS_URL", "localhost:6379", "redis://localhost:6379/0"),
        ("REDIS_URL", "redis://[half", "redis://localhost:6379/0"),
        ("WORKERS", "0", "greater than or equal to 1"),
        ("WORKERS", "two", "integer"),
        ("PORT", "65536", "less than or equal to 65535"),
        ("PUBLIC_URL", "chat.example.org", "https://example.org"),
        ("PUBLIC_URL", "https://:443", "https://example.org"),
        ("ALLOWED_ORIGINS", "*", "https://chat.example.org"),
        ("ALLOWED_ORIGINS", "https://a.example,https://b.example/page", "https://chat.example.org"),
        ("ALLOWED_ORIGINS", "http://[half", "https://chat.example.org"),
        ("TRUSTED_PROXY_HOPS", "11", "less than or equal to 10"),
        ("AGE_ASSURANCE", "guessed", "'declared' or 'external_required'"),
        ("AGE_ASSURANCE", "external_required", "needs AGE_ASSURANCE_PROVIDER"),
        ("AGE_ASSURANCE_PROVIDER", "our.verifier", "a module and a callable"),
    ],
)
def test_a_bad_value_is_refused_in_one_line_with_its_name_and_the_form(
    environ, name: str, given: str, form: str
):
    with pytest.raises(SettingsError) as refused:
        environ(**{name: given})
    line = str(refused.value)
    assert line.startswith(f"{name}: ")
    assert form in line
    assert len(line.splitlines()) == 1
    assert "pydantic" not in line
    assert "hush" not in line


def test_of_two_bad_values_one_line_is_shown(environ):
    with pytest.raises(SettingsError) as refused:
        environ(PORT="http", WORKERS="two")
    assert len(str(refused.value).splitlines()) == 1


def test_a_refused_secret_is_not_repeated(environ):
    with pytest.raises(SettingsError) as refused:
        environ(ADMIN_SECRET="hunter2")
    assert "hunter2" not in str(refused.value)


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+asyncpg", "postgresql+psycopg"])
def test_every_spelling_of_a_postgresql_address_is_read_by_psycopg(environ, scheme: str):
    settings = environ(DATABASE_URL=f" {scheme}://me:p%40ss@db.example:5433/chat?sslmode=require ")
    assert settings.database_url == "postgresql+psycopg://me:p%40ss@db.example:5433/chat?sslmode=require"


@pytest.mark.parametrize(
    ("given", "read"),
    [
        ("postgresql+asyncpg://db/chat?ssl=require", "postgresql+psycopg://db/chat?sslmode=require"),
        ("postgres://db/chat?a=b&ssl=require", "postgresql+psycopg://db/chat?a=b&sslmode=require"),
        ("postgresql:///chat?host=/run/pg", "postgresql+psycopg:///chat?host=/run/pg"),
    ],
)
def test_options_of_other_drivers_are_spelt_as_libpq_does(environ, given: str, read: str):
    assert environ(DATABASE_URL=given).database_url == read


def test_an_empty_variable_counts_as_not_set(environ):
    assert environ(DATABASE_URL="", PORT="", OPENAI_API_KEY="").database_url is None


@pytest.mark.parametrize(
    ("secret", "problem"),
    [
        (None, "is missing"),
        ("k3J9-short-but-random-xQ2", "has only 25 bytes"),
        ("x" * 64, "is an example"),
        ("change-me-change-me-change-me-change-me", "is an example"),
        ("your-super-long-jwt-key-goes-here-0123456789", "is an example"),
        ("tu-secreto-super-largo-va-aqui-0123456789", "is an example"),
        ("abababababababababababababababababababab", "is an example"),
    ],
)
def test_production_refuses_a_secret_that_protects_nothing(environ, secret: str | None, problem: str):
    given = {} if secret is None else {"JWT_SECRET": secret}
    with pytest.raises(SettingsError) as refused:
        environ(APP_ENV="production", **given)
    line = str(refused.value)
    assert line.startswith(f"JWT_SECRET: {problem}")
    assert "32" in line
    assert "openssl rand -hex 32" in line
    assert len(line.splitlines()) == 1
    assert secret is None or secret not in line


def test_production_takes_a_good_secret_and_refuses_a_weak_admin_secret(environ):
    assert environ(APP_ENV="production", JWT_SECRET=GOOD_SECRET).signing_key == GOOD_SECRET
    with pytest.raises(SettingsError, match=r"^ADMIN_SECRET: has only 8 bytes"):
        environ(ADMIN_SECRET="12345678")


def test_a_secret_is_measured_in_bytes(environ):
    assert environ(APP_ENV="production", JWT_SECRET="ñandúes-cigüeñas-búhos-águilas")  # 30 characters


def test_more_than_one_worker_needs_redis(environ):
    with pytest.raises(SettingsError, match=r"^WORKERS: is 2, .*REDIS_URL.*redis://localhost:6379/0"):
        environ(WORKERS="2")
    assert environ(REDIS_URL="redis://localhost:6379/0").workers == 2


def test_s3_needs_a_bucket(environ):
    with pytest.raises(SettingsError, match=r"^S3_BUCKET: is missing"):
        environ(STORAGE_BACKEND="s3")
    assert environ(S3_BUCKET="pictures").storage_backend == "s3"


@pytest.mark.parametrize(
    ("provider", "name"), [("openai", "OPENAI_API_KEY"), ("openai_chat", "OPENAI_BASE_URL")]
)
def test_a_named_provider_needs_a_key_or_a_server(environ, provider: str, name: str):
    with pytest.raises(SettingsError, match=rf"^{name}: is missing"):
        environ(LLM_PROVIDER=provider)
    assert environ(OPENAI_BASE_URL="http://localhost:11434/v1").provider == provider


@pytest.mark.parametrize("mode", ["advisory", "required"])
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("MODERATION_API_KEY", "sk-mod"),
        ("OPENAI_API_KEY", "sk-abc"),
        ("MODERATION_BASE_URL", "http://localhost:8001/v1"),
    ],
)
def test_moderation_needs_a_key_or_a_server(environ, mode: str, name: str, value: str):
    with pytest.raises(SettingsError, match=rf"^MODERATION: is {mode}, .*MODERATION_API_KEY.*[^\n]$"):
        environ(MODERATION=mode)
    assert environ(**{name: value}).moderation == mode


def test_the_provider_follows_the_key_unless_it_is_named(environ):
    assert environ().provider == "demo"
    assert environ(OPENAI_API_KEY="sk-abc").provider == "openai"
    assert environ(LLM_PROVIDER="demo").provider == "demo"


def test_the_process_stands_above_the_env_file(environ, empty_folder: Path):
    (empty_folder / ".env").write_text("PORT=8001\nAPP_NAME=Ñandú\nUNKNOWN=1\n", encoding="utf-8")
    assert environ().port == 8001
    assert environ(PORT="8002").port == 8002
    assert environ().app_name == "Ñandú"


def test_a_bad_value_in_the_env_file_is_refused_as_well(environ, empty_folder: Path):
    (empty_folder / ".env").write_text("WORKERS=many\n", encoding="utf-8")
    with pytest.raises(SettingsError, match=r"^WORKERS: "):
        environ()


def test_origins_are_our_own_address_the_local_ones_and_those_listed(environ):
    settings = environ(
        PUBLIC_URL="https://chat.example.org", PORT="8010", ALLOWED_ORIGINS="https://other.example"
    )
    assert settings.origins == [
        "https://chat.example.org",
        "http://localhost:8010",
        "http://127.0.0.1:8010",
        "https://other.example",
    ]


def test_the_signing_key_is_made_once_and_is_readable_by_its_owner_alone(environ, empty_folder: Path):
    settings = environ(LOVECHAT_DATA_DIR=str(empty_folder / "my data"))
    key = settings.signing_key
    path = empty_folder / "my data" / "secrets" / "jwt_secret"
    assert len(key.encode()) >= 32
    assert path.read_text() == key
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert read_settings().signing_key == key
    assert [entry.name for entry in path.parent.iterdir()] == ["jwt_secret"]


def test_two_copies_and_two_names_have_different_secrets(empty_folder: Path):
    made = [keep_secret(empty_folder / copy, name) for copy in ("a", "b") for name in ("one", "two")]
    assert len(set(made)) == 4


def test_a_secret_that_is_there_is_used_as_it_is(empty_folder: Path):
    (empty_folder / "secrets").mkdir()
    (empty_folder / "secrets" / "kept").write_text("mine\n")
    assert keep_secret(empty_folder, "kept") == "mine"
