"""The services of the process that shows the pages; absent while the bundle is built."""

from lovechat.bootstrap import Services

_held: list[Services] = []


def attach(services: Services) -> None:
    """Let the states of the pages use these services from now on."""
    _held[:] = [services]


def services() -> Services:
    """What the states call. Raises `RuntimeError` before the server is up."""
    if not _held:
        raise RuntimeError("the services are not up yet")
    return _held[0]
