"""What the processes of a run have in common: how they start, and how they end with their parent."""

import os
import signal
import socket
import sys
import threading
from typing import Any

import uvicorn


def listen() -> socket.socket:
    """A socket on a free port of this machine."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen(1024)
    return listener


def announce(listener: socket.socket) -> None:
    """Tell the parent the port; from here on its end is ours."""
    threading.Thread(target=_end_with_parent, daemon=True).start()
    print(listener.getsockname()[1], flush=True)


def _end_with_parent() -> None:
    sys.stdin.read()  # to its end, which comes when the parent closes it or dies
    os.kill(os.getpid(), signal.SIGTERM)


def http_server(app: Any) -> uvicorn.Server:
    """uvicorn as `lovechat.server` sets it up, the same for both relays."""
    config = uvicorn.Config(
        app,
        loop="uvloop",
        http="httptools",
        lifespan="off",
        access_log=False,
        log_config=None,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=1,
    )
    return uvicorn.Server(config)
