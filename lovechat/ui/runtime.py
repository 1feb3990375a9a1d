"""What the states of the pages use of the process that shows them; absent while the bundle is built."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from lovechat.bootstrap import Services

IsConnected = Callable[[str], Awaitable[bool]]


@dataclass(frozen=True, slots=True)
class _Runtime:
    services: Services
    is_connected: IsConnected


_held: list[_Runtime] = []


def attach(services: Services, is_connected: IsConnected) -> None:
    """Let the states use these services from now on; `is_connected` tells whether a tab's socket is open."""
    _held[:] = [_Runtime(services, is_connected)]


def services() -> Services:
    """What the states call. Raises `RuntimeError` before the server is up."""
    return _runtime().services


async def is_connected(token: str) -> bool:
    """Whether the tab with this token listens just now."""
    return await _runtime().is_connected(token)


def _runtime() -> _Runtime:
    if not _held:
        raise RuntimeError("the services are not up yet")
    return _held[0]
