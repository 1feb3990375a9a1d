"""The real API with its real services, set up by its environment. `python -m tests.bench.api`."""

import uvloop

from lovechat.api.app import create_api, serve
from lovechat.bootstrap import build_services
from lovechat.core.logs import set_up_logs
from lovechat.core.settings import read_settings
from tests.bench.child import announce, http_server, listen


async def _serve() -> None:
    settings = read_settings(_env_file=None)
    set_up_logs(debug=False)
    assert settings.database_url is not None
    # Cheap hashes: nobody signs in while we measure.
    services = build_services(settings, settings.database_url, bcrypt_rounds=4)
    await services.open()
    api = create_api(settings)
    serve(api, services)
    listener = listen()
    announce(listener)
    await http_server(api).serve(sockets=[listener])
    await services.close(drain_seconds=0)


if __name__ == "__main__":
    uvloop.run(_serve())
