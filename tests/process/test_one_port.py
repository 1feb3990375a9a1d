"""One port serves everything: pages, websocket, REST, its documentation and people's files."""

import httpx
import pytest
from websockets.exceptions import InvalidStatus

from tests.support.event_socket import greet
from tests.support.program import Program

BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


def assert_problem(answer: httpx.Response, status: int, code: str) -> None:
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert (answer.json()["status"], answer.json()["code"]) == (status, code)


@pytest.mark.parametrize("path", ["/", "/safety", "/safety/"])
async def test_a_page_is_served_also_after_a_hard_reload(demo: Program, path: str):
    answer = await demo.client.get(path, headers={**BROWSER, "Cache-Control": "no-cache"})
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["cache-control"] == "no-cache"
    assert "default-src 'self'" in answer.headers["content-security-policy"]
    assert "<!DOCTYPE html>" in answer.text


async def test_the_files_that_a_page_names_are_served_and_may_be_kept_for_ever(demo: Program):
    page = (await demo.client.get("/", headers=BROWSER)).text
    names = {part.split('"', 1)[0] for part in page.split('href="') if part.startswith("/assets/")}
    assert names
    for name in names:
        answer = await demo.client.get(name)
        assert answer.status_code == 200
        assert "immutable" in answer.headers["cache-control"]


async def test_the_bundle_names_no_host_so_that_one_build_serves_every_address(demo: Program):
    page = (await demo.client.get("/", headers=BROWSER)).text
    (name,) = {part.split('"', 1)[0] for part in page.split('href="') if "/reflex-env-" in part[:30]}
    script = (await demo.client.get(name)).text
    assert "location.origin" in script
    assert "localhost:8000" not in script


async def test_the_documentation_and_the_schema_are_served(demo: Program):
    docs = await demo.client.get("/docs", headers=BROWSER)
    assert docs.status_code == 200
    assert docs.headers["content-type"].startswith("text/html")
    schema = (await demo.client.get("/openapi.json")).json()
    stream = schema["paths"]["/chat/stream"]["post"]["responses"]["200"]["content"]
    assert list(stream) == ["text/event-stream"]


async def test_the_health_says_that_the_demo_companion_speaks(demo: Program):
    health = (await demo.client.get("/health", headers=BROWSER)).json()
    assert health == {"status": "ok", "version": health["version"], "database": "ok", "llm": "demo"}


async def test_a_file_under_static_is_served_and_an_absent_one_is_a_problem(demo: Program):
    avatars = demo.home / "uploads" / "avatars"
    avatars.mkdir(parents=True, exist_ok=True)
    (avatars / "Luna.jpg").write_bytes(b"\xff\xd8\xff")
    answer = await demo.client.get("/static/avatars/Luna.jpg")
    assert (answer.status_code, answer.content) == (200, b"\xff\xd8\xff")
    assert answer.headers["content-type"] == "image/jpeg"
    assert_problem(await demo.client.get("/static/avatars/nobody.jpg"), 404, "not_found")


async def test_an_unknown_address_is_a_page_to_browsers_and_a_problem_to_programs(demo: Program):
    page = await demo.client.get("/no/such/thing", headers=BROWSER)
    assert page.status_code == 404
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert_problem(await demo.client.get("/no/such/thing"), 404, "not_found")
    assert_problem(await demo.client.post("/no/such/thing", headers=BROWSER), 404, "not_found")


async def test_a_route_of_the_api_answers_browsers_with_problems_too(demo: Program):
    assert_problem(await demo.client.get("/me", headers=BROWSER), 401, "not_authenticated")


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
async def test_the_websocket_opens_to_pages_of_its_own_origin(demo: Program, host: str):
    assert "sid" in await greet(demo.port, f"http://{host}:{demo.port}")


@pytest.mark.parametrize("origin", ["https://evil.example", "http://localhost:1", "null"])
async def test_the_websocket_is_closed_to_pages_of_other_origins(demo: Program, origin: str):
    with pytest.raises(InvalidStatus) as refusal:
        await greet(demo.port, origin)
    assert refusal.value.response.status_code == 403
