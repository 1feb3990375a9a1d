"""The commands of the document that this product was ordered with work as they were written there."""

import re

import pytest

from tests.support.curl import parse, run
from tests.support.people import ADMIN_SECRET
from tests.support.program import Program

# Word for word. They assume the port that `make run` takes by itself.
COMMANDS = r"""
# Luna
curl -X PATCH "http://localhost:8000/admin/characters/luna" \
  -H "X-Admin-Key: $ADMIN_SECRET" \
  -H "Content-Type: application/json" \
  -d '{"avatar_url": "http://localhost:8000/static/avatars/Luna.jpg"}'

# Vera
curl -X PATCH "http://localhost:8000/admin/characters/vera" \
  -H "X-Admin-Key: $ADMIN_SECRET" \
  -H "Content-Type: application/json" \
  -d '{"avatar_url": "http://localhost:8000/static/avatars/Vera.jpg"}'

# Luna
curl -X PATCH "http://localhost:8000/admin/characters/luna" \
  -H "X-Admin-Key: tu-secreto-admin-muy-largo" \
  -H "Content-Type: application/json" \
  -d '{"avatar_url": "http://localhost:8000/static/avatars/Luna.jpg"}'

# Vera
curl -X PATCH "http://localhost:8000/admin/characters/vera" \
  -H "X-Admin-Key: tu-secreto-admin-muy-largo" \
  -H "Content-Type: application/json" \
  -d '{"avatar_url": "http://localhost:8000/static/avatars/Vera.jpg"}'
"""


def commands() -> list[str]:
    return [block.split("\n", 1)[1].strip() for block in re.split(r"^# ", COMMANDS, flags=re.MULTILINE)[1:]]


@pytest.mark.parametrize("command", commands(), ids=["Luna", "Vera", "Luna again", "Vera again"])
async def test_the_curl_commands_that_give_a_character_its_picture_work(demo: Program, command: str):
    here = command.replace("tu-secreto-admin-muy-largo", "$ADMIN_SECRET")
    here = here.replace('"http://localhost:8000/admin', f'"http://localhost:{demo.port}/admin')
    status, _, text = await run(demo.client, parse(here, ADMIN_SECRET=ADMIN_SECRET))
    assert status == 200, text
    name = "luna" if "Luna" in command else "vera"
    picture = f"http://localhost:8000/static/avatars/{name.title()}.jpg"
    characters = {one["id"]: one for one in (await demo.client.get("/characters")).json()}
    assert characters[name]["avatar_url"] == picture


async def test_the_same_command_with_another_key_is_refused(demo: Program):
    here = commands()[0].replace(":8000/admin", f":{demo.port}/admin")
    status, kind, text = await run(demo.client, parse(here, ADMIN_SECRET="guessed"))
    assert (status, kind) == (401, "application/problem+json")
    assert '"code":"invalid_admin_key"' in text
