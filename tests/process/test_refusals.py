"""What stops a start is said in one line that names the variable, without a traceback."""

import asyncio
import os
from pathlib import Path

import pytest

from lovechat.core.settings import Settings
from tests.support.program import RUN, Ended, Program, free_port, run_to_end

BAD_SETTINGS = 2

# Each with the variables that make it bad; `{file}` is a file where a folder is wanted.
BAD: dict[str, dict[str, str]] = {
    "DATABASE_URL": {"DATABASE_URL": "mysql://localhost/lovechat"},
    "OPENAI_API_KEY": {"LLM_PROVIDER": "openai"},
    "OPENAI_BASE_URL": {"OPENAI_BASE_URL": "localhost:11434"},
    "LLM_PROVIDER": {"LLM_PROVIDER": "gpt"},
    "LLM_MAX_OUTPUT_TOKENS": {"LLM_MAX_OUTPUT_TOKENS": "many"},
    "LLM_TIMEOUT_SECONDS": {"LLM_TIMEOUT_SECONDS": "0"},
    "JWT_SECRET": {"APP_ENV": "production", "JWT_SECRET": "short"},
    "JWT_ALGORITHM": {"JWT_ALGORITHM": "none"},
    "ACCESS_TOKEN_EXP_MINUTES": {"ACCESS_TOKEN_EXP_MINUTES": "0"},
    "JWT_REFRESH_DAYS": {"JWT_REFRESH_DAYS": "-1"},
    "APP_NAME": {"APP_NAME": "x" * 61},
    "APP_ENV": {"APP_ENV": "prod"},
    "DEBUG": {"DEBUG": "perhaps"},
    "API_PREFIX": {"API_PREFIX": "api v1"},
    "ADMIN_SECRET": {"ADMIN_SECRET": "1234567"},
    "AGE_ASSURANCE": {"AGE_ASSURANCE": "external_required"},
    "AGE_ASSURANCE_PROVIDER": {
        "AGE_ASSURANCE": "external_required",
        "AGE_ASSURANCE_PROVIDER": "no.such.module:create",
    },
    "DAILY_UNITS_LIMIT": {"DAILY_UNITS_LIMIT": "none"},
    "UNITS_CHARS_PER_TOKEN": {"UNITS_CHARS_PER_TOKEN": "0"},
    "UNITS_MULTIPLIER": {"UNITS_MULTIPLIER": "1.5"},
    "UNITS_FIXED_PER_REPLY": {"UNITS_FIXED_PER_REPLY": "-1"},
    "CHAT_RATE_LIMIT": {"CHAT_RATE_LIMIT": "often"},
    "MODERATION": {"MODERATION": "required"},
    "MODERATION_BASE_URL": {"MODERATION_BASE_URL": "localhost:9000"},
    "MODERATION_TIMEOUT_SECONDS": {"MODERATION_TIMEOUT_SECONDS": "0"},
    "EXPLICIT_CEILING": {"EXPLICIT_CEILING": "2"},
    "NOTICE_INTERVAL_MINUTES": {"NOTICE_INTERVAL_MINUTES": "240"},
    "STORAGE_BACKEND": {"STORAGE_BACKEND": "ftp"},
    "UPLOAD_DIR": {"UPLOAD_DIR": "{file}"},
    "STATIC_URL_PREFIX": {"STATIC_URL_PREFIX": "static files"},
    "S3_BUCKET": {"STORAGE_BACKEND": "s3"},
    "S3_REGION": {"STORAGE_BACKEND": "s3", "S3_BUCKET": "pictures", "S3_REGION": "no region"},
    "S3_ENDPOINT_URL": {"S3_ENDPOINT_URL": "minio:9000"},
    "S3_PUBLIC_URL": {"S3_PUBLIC_URL": "cdn.example.org"},
    "REDIS_URL": {"REDIS_URL": "localhost:6379"},
    "WORKERS": {"WORKERS": "2"},
    "HOST": {"HOST": "192.0.2.1"},
    "PORT": {"PORT": "80000"},
    "PUBLIC_URL": {"PUBLIC_URL": "chat.example.org"},
    "ALLOWED_ORIGINS": {"ALLOWED_ORIGINS": "*"},
    "TRUSTED_PROXY_HOPS": {"TRUSTED_PROXY_HOPS": "all"},
    "LOVECHAT_DATA_DIR": {"LOVECHAT_DATA_DIR": "{file}"},
}
ANYTHING_GOES = {"OPENAI_MODEL", "MODERATION_MODEL", "MODERATION_API_KEY"}


def assert_refused(ended: Ended, variable: str) -> None:
    assert ended.stdout == ""
    (line,) = ended.stderr.splitlines()
    assert line.startswith(f"{variable}: ")
    assert ended.code == BAD_SETTINGS


@pytest.fixture(scope="module")
async def refusals(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Ended]:
    """How a start with each bad value ended; as many at a time as there are processors."""
    home = tmp_path_factory.mktemp("refused")
    (home / "file").touch()
    seats = asyncio.Semaphore(os.cpu_count() or 1)

    async def refuse(variables: dict[str, str]) -> Ended:
        values = {name: value.replace("{file}", str(home / "file")) for name, value in variables.items()}
        async with seats:
            return await run_to_end(home, *RUN, **{"PORT": str(free_port()), **values})

    return dict(zip(BAD, await asyncio.gather(*map(refuse, BAD.values())), strict=True))


@pytest.mark.parametrize("variable", BAD)
def test_a_bad_value_stops_the_start_with_one_line_that_names_the_variable(
    refusals: dict[str, Ended], variable: str
):
    assert_refused(refusals[variable], variable)


def test_every_variable_has_a_bad_value_in_this_table():
    assert {name.upper() for name in Settings.model_fields} == set(BAD) | ANYTHING_GOES


async def test_what_is_taken_or_away_stops_the_start_with_one_line_and_disturbs_nobody(
    tmp_path: Path, demo: Program
):
    database = f"postgresql://postgres:hush@127.0.0.1:{free_port()}/lovechat"
    redis = f"redis://:hush@127.0.0.1:{free_port()}/0"
    taken, second, without_database, migrate, without_redis = await asyncio.gather(
        run_to_end(tmp_path, *RUN, PORT=str(demo.port)),
        run_to_end(demo.home, *RUN, PORT=str(free_port())),
        run_to_end(tmp_path, *RUN, DATABASE_URL=database, PORT=str(free_port())),
        run_to_end(tmp_path, "-m", "lovechat", "migrate", DATABASE_URL=database),
        run_to_end(tmp_path, *RUN, REDIS_URL=redis, PORT=str(free_port())),
    )
    assert_refused(taken, "PORT")
    assert "is taken by another program" in taken.stderr
    assert_refused(second, "LOVECHAT_DATA_DIR")
    assert "is in use by another copy" in second.stderr
    for ended, variable in (
        (without_database, "DATABASE_URL"),
        (migrate, "DATABASE_URL"),
        (without_redis, "REDIS_URL"),
    ):
        assert_refused(ended, variable)
        assert "does not answer" in ended.stderr
        assert "hush" not in ended.stderr
    assert (await demo.client.get("/health")).json()["database"] == "ok"


async def test_a_variable_in_the_env_file_counts_and_one_of_the_process_counts_more(tmp_path: Path):
    (tmp_path / ".env").write_text("PORT=80000\nWORKERS=0\n")
    of_file, of_process = await asyncio.gather(
        run_to_end(tmp_path, *RUN, WORKERS="1"), run_to_end(tmp_path, *RUN, PORT=str(free_port()))
    )
    assert_refused(of_file, "PORT")
    assert_refused(of_process, "WORKERS")
