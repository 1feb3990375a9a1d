"""The yearly report as an operator prints it."""

import json
from pathlib import Path

from lovechat.services.guardrails import GUARD_VERSION
from tests.support.people import make_person, register
from tests.support.program import Program, run_to_end

REPORT = ("-m", "lovechat", "safety-report", "--year")


async def test_it_counts_a_year_beside_a_running_server_and_names_nobody(tmp_path: Path):
    async with Program(tmp_path) as program:
        ana = await make_person(program.client, display_name="Ana")
        young = await register(program.client, email="young@example.org", birthdate="2015-05-17")
        assert young.status_code == 403
        body = {"conversation_id": await ana.open_conversation(), "content": "I am 15 years old"}
        assert (await ana.post("/chat/stream", body)).status_code == 403
        year = str((await program.client.get("/health")).headers["date"].split()[3])

        printed = await run_to_end(tmp_path, *REPORT, year)
        as_json = await run_to_end(tmp_path, *REPORT, year, "--json")
        before = await run_to_end(tmp_path, *REPORT, "2025")

    assert (printed.code, as_json.code, before.code) == (0, 0, 0), printed.stderr
    counts = {one["kind"]: one["count"] for one in json.loads(as_json.stdout)["counts"]}
    assert counts == {"underage_refusal": 1, "minor_speaker": 1}
    assert f"guard version {GUARD_VERSION}" in printed.stdout
    assert "underage_refusal" in printed.stdout
    assert "Nothing was counted" in before.stdout
    for private in (ana.id, ana.email, "young@example.org", "15 years old", "127.0.0.1"):
        assert private not in printed.stdout + as_json.stdout
