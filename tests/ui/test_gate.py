"""Who may send which event: every handler that a browser can name is in one of three groups."""

import pytest
import reflex as rx
from reflex.state import BaseState

import lovechat.lovechat  # noqa: F401  (it brings every state of the pages)
from lovechat.core.errors import not_found
from lovechat.ui.gate import OURS, find_door, refused

# What anybody may call: the gallery, the counts of the safety page, and what the server says in passing.
OPEN = {"gallery_state", "notices", "safety_state"}


def states(state: type[BaseState] = rx.State) -> list[type[BaseState]]:
    """Every state below this one, mixins left out."""
    below = [one for child in state.get_substates() for one in (child, *states(child))]
    return [one for one in below if not one._mixin]


def ours() -> dict[str, str]:
    """Every handler of ours by its full name, and the name of its state."""
    return {
        f"{state.get_full_name()}.{name}": state.get_name().rpartition("____")[2]
        for state in states()
        if OURS in state.get_full_name()
        for name in state.event_handlers
    }


def test_there_are_handlers_to_look_at():
    names = set(ours().values())
    assert {"chat_state", "account_state", "studio_editor_state", *OPEN} <= names


@pytest.mark.parametrize("handler", sorted(ours()))
def test_a_handler_wants_nobody_a_person_or_an_admin(handler: str):
    state = ours()[handler]
    stranger = find_door(handler, signed_in=False, admin=False)
    person = find_door(handler, signed_in=True, admin=False)
    admin = find_door(handler, signed_in=False, admin=True)
    if state in OPEN:
        assert (stranger, person, admin) == (None, None, None)
    elif state.startswith("studio_"):
        assert (stranger, person, admin) == ("/studio/login", "/studio/login", None)
    else:
        assert (stranger, person, admin) == ("/login", None, "/login")


def test_no_state_sets_its_fields_from_outside():
    names = [name for state in states() if OURS in state.get_full_name() for name in state.event_handlers]
    assert not [name for name in names if name.startswith(("set_", "setvar"))] or set(names) >= {"set_active"}
    fields = {name for state in states() for name in state.base_vars}
    setters = {name.removeprefix("set_") for name in names if name.startswith("set_")}
    assert not setters & fields


def test_what_breaks_is_told_by_its_code_alone():
    assert "not_found" in str(refused(not_found()))
    told = str(refused(RuntimeError("postgresql://user:secret@host")))
    assert "internal_error" in told
    assert "secret" not in told
