"""The environment: one class, read once, refused with one clear line when wrong."""

import contextlib
import errno
import os
import re
import secrets
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import SplitResult, urlsplit

import limits
from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

LlmProvider = Literal["openai", "openai_chat", "demo"]

MIN_SECRET_BYTES = 32
# Values that stand in examples and tutorials: known to everybody, so worthless as secrets.
_EXAMPLE_SECRETS = re.compile(
    r"change[-_ ]?me|secret[-_ ]?key|your[-_ ]|tu[-_ ]secreto|example|ejemplo|^(.)\1*$|^secret",
    re.IGNORECASE,
)
_POSTGRES_SCHEMES = ("postgres", "postgresql", "postgresql+asyncpg", "postgresql+psycopg")


class SettingsError(Exception):
    """A variable has a bad value; the message is the one line to show."""


class Settings(BaseSettings):
    """Every variable that changes how Love Chat runs, under its environment name."""

    model_config = SettingsConfigDict(
        env_file=".env",
        env_file_encoding="utf-8",
        env_ignore_empty=True,
        extra="ignore",
        hide_input_in_errors=True,
    )

    # Database and data
    database_url: str | None = None
    lovechat_data_dir: Path = Path(".data")

    # Language model
    openai_api_key: SecretStr | None = None
    openai_base_url: str | None = None
    openai_model: str = Field("gpt-4.1-mini", min_length=1)
    llm_provider: Literal["auto", "openai", "openai_chat", "demo"] = "auto"
    llm_max_output_tokens: int = Field(800, ge=16, le=100_000)
    llm_timeout_seconds: float = Field(60, gt=0, le=3600)

    # Moderation service
    moderation: Literal["off", "advisory", "required"] = "off"
    moderation_model: str = Field("omni-moderation-latest", min_length=1)
    moderation_base_url: str | None = None
    moderation_api_key: SecretStr | None = None
    moderation_timeout_seconds: float = Field(1.5, gt=0, le=60)

    # Tokens
    jwt_secret: SecretStr | None = None
    jwt_algorithm: Literal["HS256", "HS384", "HS512"] = "HS256"
    access_token_exp_minutes: int = Field(30, ge=1, le=24 * 60)
    jwt_refresh_days: int = Field(30, ge=1, le=365)

    # Application
    app_name: str = Field("Love Chat", min_length=1, max_length=60)
    app_env: Literal["development", "test", "production"] = "development"
    debug: bool = False
    api_prefix: str = ""
    admin_secret: SecretStr | None = None

    # Age
    age_assurance: Literal["declared", "external_required"] = "declared"
    age_assurance_provider: str | None = None

    # Quota and rate limits
    daily_units_limit: int = Field(10_000, ge=1, le=2_000_000_000)
    units_chars_per_token: int = Field(4, ge=1, le=100)
    units_multiplier: int = Field(1, ge=1, le=10_000)
    units_fixed_per_reply: int = Field(0, ge=0, le=1_000_000)
    chat_rate_limit: str = "30/minute"

    # Care
    explicit_ceiling: float = Field(1.0, ge=0, le=1, allow_inf_nan=False)
    notice_interval_minutes: int = Field(60, ge=15, le=180)

    # Storage
    storage_backend: Literal["local", "s3"] = "local"
    upload_dir: Path = Path("uploads")
    static_url_prefix: str = "/static"
    s3_bucket: str | None = None
    s3_region: str | None = None
    s3_endpoint_url: str | None = None
    s3_public_url: str | None = None

    # Processes
    redis_url: str | None = None
    workers: int = Field(1, ge=1, le=64)
    host: str = "127.0.0.1"
    port: int = Field(8000, ge=1, le=65535)
    public_url: str | None = None
    allowed_origins: Annotated[list[str], NoDecode] = []
    trusted_proxy_hops: int = Field(0, ge=0, le=10)

    @field_validator("database_url")
    @classmethod
    def _postgres_only(cls, value: str | None) -> str | None:
        if value is None:
            return None
        scheme, separator, rest = value.strip().partition("://")
        # asyncpg spells the option `ssl`, libpq `sslmode`.
        rest = re.sub(r"([?&])ssl=", r"\1sslmode=", rest)
        address = f"postgresql+psycopg://{rest}"
        if scheme not in _POSTGRES_SCHEMES or not separator or not rest or not _is_database_address(address):
            raise ValueError(
                "must be a PostgreSQL address such as postgresql://user:password@host:5432/lovechat"
            )
        return address

    @field_validator("api_prefix")
    @classmethod
    def _prefix(cls, value: str) -> str:
        value = value.rstrip("/")
        if value and not re.fullmatch(r"(/[A-Za-z0-9._~-]+)+", value):
            raise ValueError("must be empty or a path such as /api/v1")
        return value

    @field_validator("static_url_prefix")
    @classmethod
    def _static_prefix(cls, value: str) -> str:
        value = value.rstrip("/")
        if not re.fullmatch(r"(/[A-Za-z0-9._~-]+)+", value):
            raise ValueError("must be a path such as /static")
        return value

    @field_validator("age_assurance_provider")
    @classmethod
    def _callable(cls, value: str | None) -> str | None:
        if value is not None and not re.fullmatch(r"[A-Za-z_][\w.]*:[A-Za-z_]\w*", value, re.ASCII):
            raise ValueError("must be a module and a callable in it, such as our_verifier:create")
        return value

    @field_validator("chat_rate_limit")
    @classmethod
    def _rate(cls, value: str) -> str:
        try:
            rates = limits.parse_many(value)
        except ValueError:
            rates = []
        if len(rates) != 1 or rates[0].amount < 1:
            raise ValueError("must be one rate such as 30/minute or 500/day")
        return value

    @field_validator(
        "openai_base_url", "moderation_base_url", "public_url", "s3_endpoint_url", "s3_public_url"
    )
    @classmethod
    def _web_address(cls, value: str | None) -> str | None:
        if value is None:
            return None
        parts = _split(value)
        if parts is None or parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError("must be an address such as https://example.org")
        return value.rstrip("/")

    @field_validator("redis_url")
    @classmethod
    def _redis(cls, value: str | None) -> str | None:
        if value is not None:
            parts = _split(value)
            if parts is None or parts.scheme not in ("redis", "rediss", "unix"):
                raise ValueError("must be an address such as redis://localhost:6379/0")
        return value

    @field_validator("s3_bucket")
    @classmethod
    def _bucket(cls, value: str | None) -> str | None:
        if value is not None and not re.fullmatch(r"[A-Za-z0-9._-]{1,255}", value):
            raise ValueError("must be the name of a bucket such as lovechat-pictures")
        return value

    @field_validator("s3_region")
    @classmethod
    def _region(cls, value: str | None) -> str | None:
        if value is not None and not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9-]{0,62}", value):
            raise ValueError("must be the name of a region such as eu-west-1")
        return value

    @field_validator("allowed_origins", mode="before")
    @classmethod
    def _origins(cls, value: Any) -> Any:
        entries = [e.strip().rstrip("/") for e in value.split(",")] if isinstance(value, str) else value
        entries = [e for e in entries if e]
        for entry in entries:
            parts = _split(entry)
            if parts is None or parts.scheme not in ("http", "https") or not parts.hostname or parts.path:
                raise ValueError(
                    "must be origins such as https://chat.example.org, separated by commas; * is not accepted"
                )
        return entries

    @field_validator("admin_secret")
    @classmethod
    def _admin_secret(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and len(value.get_secret_value()) < 8:
            raise ValueError("must have at least 8 characters")
        return value

    @model_validator(mode="after")
    def _together(self) -> "Settings":
        if self.app_env == "production":
            self._check_production_secrets()
        if self.storage_backend == "s3" and not self.s3_bucket:
            raise SettingsError("S3_BUCKET: is missing; STORAGE_BACKEND=s3 needs the name of a bucket")
        if self.age_assurance == "external_required" and not self.age_assurance_provider:
            raise SettingsError(
                "AGE_ASSURANCE: is external_required, and that needs AGE_ASSURANCE_PROVIDER, "
                "the verifier to ask, such as our_verifier:create; none is built in"
            )
        if self.workers > 1 and not self.redis_url:
            raise SettingsError(
                f"WORKERS: is {self.workers}, and more than one worker needs REDIS_URL, "
                "such as redis://localhost:6379/0"
            )
        if self.llm_provider == "openai" and not self.openai_api_key and not self.openai_base_url:
            raise SettingsError(
                "OPENAI_API_KEY: is missing; LLM_PROVIDER=openai needs a key, or leave LLM_PROVIDER at auto"
            )
        if self.llm_provider == "openai_chat" and not self.openai_api_key and not self.openai_base_url:
            raise SettingsError(
                "OPENAI_BASE_URL: is missing; LLM_PROVIDER=openai_chat needs the address of a server "
                "such as http://localhost:11434/v1, or OPENAI_API_KEY"
            )
        if self.moderation != "off" and not self._reaches_moderation:
            raise SettingsError(
                f"MODERATION: is {self.moderation}, and needs MODERATION_API_KEY or OPENAI_API_KEY, or for a "
                "server that asks for no key its address in MODERATION_BASE_URL"
            )
        return self

    def _check_production_secrets(self) -> None:
        advice = (
            f"with APP_ENV=production it must be at least {MIN_SECRET_BYTES} random bytes; "
            "make one with: openssl rand -hex 32"
        )
        problem = _secret_problem(self.jwt_secret)
        if problem:
            raise SettingsError(f"JWT_SECRET: {problem}; {advice}")
        if self.admin_secret is not None and (problem := _secret_problem(self.admin_secret)):
            raise SettingsError(f"ADMIN_SECRET: {problem}; {advice}")

    @property
    def _reaches_moderation(self) -> bool:
        return bool(self.moderation_api_key or self.openai_api_key or self.moderation_base_url)

    @property
    def provider(self) -> LlmProvider:
        """The provider in force once `auto` is resolved."""
        if self.llm_provider != "auto":
            return self.llm_provider
        return "openai" if self.openai_api_key else "demo"

    @property
    def origins(self) -> list[str]:
        """Origins whose pages may open the websocket: our own and those that were listed."""
        own = [self.public_url] if self.public_url else []
        own += [f"http://{host}:{self.port}" for host in dict.fromkeys(("localhost", "127.0.0.1", self.host))]
        if self.port in (80, 443):
            scheme = "http" if self.port == 80 else "https"
            own += [f"{scheme}://{host}" for host in ("localhost", "127.0.0.1", self.host)]
        return list(dict.fromkeys([*own, *self.allowed_origins]))

    @property
    def data_dir(self) -> Path:
        """Where the state of this copy lives, as an absolute path."""
        return self.lovechat_data_dir.expanduser().absolute()

    @property
    def signing_key(self) -> str:
        """The secret that signs tokens: the given one, or one made once and kept in the data directory."""
        if self.jwt_secret is not None:
            return self.jwt_secret.get_secret_value()
        return keep_secret(self.data_dir, "jwt_secret")


def keep_secret(data_dir: Path, name: str) -> str:
    """Return the secret called `name`, made on first use and readable by its owner alone (0600)."""
    folder = data_dir / "secrets"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / name
    if not path.exists():
        # Written whole under another name and linked: of two processes that start together
        # one wins, and neither reads a half-written secret.
        draft = folder / f".{name}.{secrets.token_hex(4)}"
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(48))
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)
        draft.unlink()
    return path.read_text().strip()


def make_folder(name: str, folder: Path) -> None:
    """Make sure that the folder which a variable names is there and can be written to.

    Raises:
        SettingsError: it cannot.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if not os.access(folder, os.W_OK | os.X_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    except OSError as error:
        reason = "it is no folder" if isinstance(error, FileExistsError) else os.strerror(error.errno or 0)
        raise SettingsError(
            f"{name}: {folder} cannot be written to ({reason}); choose another folder"
        ) from None


def _split(address: str) -> SplitResult | None:
    """The parts of an address, or None when it is malformed."""
    try:
        parts = urlsplit(address)
        _ = parts.port  # raises for one that is no number up to 65535
    except ValueError:
        return None
    return parts


def _is_database_address(address: str) -> bool:
    from sqlalchemy import make_url
    from sqlalchemy.exc import ArgumentError

    try:
        make_url(address)
    except (ValueError, ArgumentError):
        return False
    return True


def _secret_problem(secret: SecretStr | None) -> str | None:
    if secret is None:
        return "is missing"
    value = secret.get_secret_value()
    if len(value.encode()) < MIN_SECRET_BYTES:
        return f"has only {len(value.encode())} bytes"
    if _EXAMPLE_SECRETS.search(value) or len(set(value)) < 8:
        return "is an example, not a secret"
    return None


def read_settings(**values: Any) -> Settings:
    """Read the process environment, then `.env`.

    Raises:
        SettingsError: a value is bad; the message names the variable, the problem and the form.
    """
    try:
        return Settings(**values)
    except ValidationError as error:
        raise SettingsError(_one_line(error)) from None


def _one_line(error: ValidationError) -> str:
    first = error.errors(include_url=False, include_context=False, include_input=False)[0]
    name = str(first["loc"][0]).upper() if first["loc"] else "settings"
    message = first["msg"].removeprefix("Value error, ")
    return f"{name}: {message[0].lower()}{message[1:]}"


@lru_cache(maxsize=1)
def load_settings() -> Settings:
    """The settings of this process, read once. Raises `SettingsError`."""
    return read_settings()
