"""What `jupilu serve` runs: listens, and serves the API until it is interrupted."""

from __future__ import annotations

import os
from contextlib import suppress
from importlib.util import find_spec

from ingest.errors import JupiluError, SettingsInvalid
from ingest.settings import Settings
from ui.listening import is_loopback, listener, usable
from ui.serving.settings import ServeSettings

PARTING = 10
"""Seconds that answers on their way have when the server is ended."""


def serve(settings: Settings, *, host: str = "127.0.0.1", port: int = 8000) -> None:
    """Serve the API until it is interrupted.

    Args:
        settings: name the library.
        host: the address to listen on; other than this machine's own needs keys.
        port: 0 takes a free one.

    Raises:
        SettingsInvalid: an address that others can reach, and no keys.
        LibraryMissing: there is nothing to serve.
        JupiluError: an address that can't be listened on, or a part that is not installed.
    """
    limits = ServeSettings()
    host = usable(host)
    if not is_loopback(host) and not limits.secrets():
        raise SettingsInvalid(
            f"{host} can be reached from other machines: set JUPILU_SERVE_KEYS=KEY,KEY first, or --host 127.0.0.1"
        )
    missing = [name for name in ("fastapi", "uvicorn") if find_spec(name) is None]
    if missing:
        raise JupiluError(f"{' and '.join(missing)} not installed: pip install 'jupilu[serve]'")
    # A model that is set by name was cached at ingest; asking its maker for news would need the network.
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    import uvicorn

    from ui.serving.app import build
    from ui.web.service import Service

    service = Service(settings)
    service.library()  # a library that is missing or broken is told now
    with listener(host, port) as listening:
        server = uvicorn.Server(
            uvicorn.Config(
                build(service, limits, host=host),
                log_level="warning",
                access_log=False,  # questions stand in addresses, and nobody asked to keep them
                server_header=False,
                proxy_headers=False,
                timeout_graceful_shutdown=PARTING,
            )
        )
        shown = f"[{host}]" if ":" in host else host
        print(
            f"据披露 · Jupilu API: http://{shown}:{listening.getsockname()[1]}/v1  (Ctrl+C ends)", flush=True
        )
        with suppress(KeyboardInterrupt):
            server.run(sockets=[listening])
