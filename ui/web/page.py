"""The web page: chat with the evidence beside it, and the library. `serve` is what `jupilu chat` runs."""

from __future__ import annotations

import ipaddress
import json
import os
import sys
import threading
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ingest.errors import JupiluError
from ingest.settings import Settings
from ui.web.settings import WebSettings
from ui.web.wording import say

if TYPE_CHECKING:
    import gradio

    from ui.web.service import Service

STATIC = Path(__file__).parent / "static"
# For the whole window, unlike page.css, which Gradio narrows to the page's content.
SHEETS = ("frame.css", "evidence.css", "library.css")
# In their order: page.js makes what the others add to.
SCRIPTS = ("page.js", "filters.js", "peek.js", "viewer.js", "sheet.js", "library.js")


def serve(settings: Settings, *, host: str = "127.0.0.1", port: int = 7860, share: bool = False) -> None:
    """Serve the page until it is interrupted.

    Args:
        settings: name the library.
        host: the address to listen on; other than this machine's own asks for a login or shows only.
        port: 0 takes a free one.
        share: open a public tunnel; needs a login.

    Raises:
        JupiluError: a public page without login, or a port that is taken.
    """
    blocks = launch(settings, WebSettings(), host=host, port=port, share=share)
    print(f"据披露 · Jupilu: {blocks.share_url or blocks.local_url}  (Ctrl+C ends)", flush=True)
    try:
        blocks.block_thread()
    finally:
        blocks.close(verbose=False)


def launch(
    settings: Settings, web: WebSettings, *, host: str, port: int, share: bool = False
) -> gradio.Blocks:
    """Start the page; gives the running Blocks (its `local_url` says where)."""
    # Before gradio is imported: it asks its maker's servers otherwise.
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    # A model that is set by name was cached at ingest; asking its maker for news would need the network.
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    from starlette.middleware import Middleware
    from starlette.middleware.trustedhost import TrustedHostMiddleware

    from ui.web.layout import build
    from ui.web.library_routes import LibraryDesk, library_routes
    from ui.web.routes import Guard, routes
    from ui.web.service import Service
    from ui.web.viewer import viewer_routes

    host = usable(host)
    logins = web.logins()
    local = is_loopback(host)
    if share and not logins:
        raise JupiluError(
            "--share=yes puts the page on the internet: set JUPILU_WEB_USERS=name:password first"
        )
    may_change = not web.read_only if web.read_only is not None else local or bool(logins)
    _no_plots()
    service = Service(settings)
    desk = LibraryDesk(service, web, may_change=may_change)
    blocks = build(service, web, desk, may_change=may_change)
    middleware = [Middleware(Guard, uploads=may_change)]
    if local and not share:
        # A page elsewhere could otherwise point its own name at this machine and read the library.
        middleware.insert(
            0, Middleware(TrustedHostMiddleware, allowed_hosts=["127.0.0.1", "localhost", "[::1]", host])
        )
    warming = threading.Timer(1.0, _warm, args=(service,))  # after the page is there: it comes first
    warming.daemon = True
    warming.start()
    try:
        port = port or free_port(host)
    except OSError as error:
        raise JupiluError(
            f"{host[:80]} is no address of this machine ({error.strerror or error}): --host 127.0.0.1 serves it alone"
        ) from error
    try:
        blocks.launch(
            server_name=host,
            server_port=port,
            share=share,
            auth=logins or None,
            auth_message=f"{say('zh', 'login')} {say('en', 'login')}" if logins else None,
            prevent_thread_lock=True,
            inbrowser=False,
            quiet=True,
            show_error=False,
            max_file_size=settings.max_file_bytes,
            max_threads=16,
            state_session_capacity=500,
            app_kwargs={
                "routes": [*routes(service), *viewer_routes(service), *library_routes(desk)],
                "middleware": middleware,
                "docs_url": None,
                "redoc_url": None,
            },
            # Gradio's MCP server knows no login: with one, programs use gradio_client.
            mcp_server=find_spec("mcp") is not None and not logins,
            ssr_mode=False,
            pwa=False,
            enable_monitoring=False,
            footer_links=[],  # Gradio words its footer in the browser's language, not in the page's
            run_history=False,
            theme=theme(),
            css=(STATIC / "page.css").read_text(encoding="utf-8"),
            head="".join(
                [f"<style>{(STATIC / name).read_text(encoding='utf-8')}</style>" for name in SHEETS]
                + [f"<script>{(STATIC / name).read_text(encoding='utf-8')}</script>" for name in SCRIPTS]
            ),
        )
    except OSError as error:
        # Gradio's own words advise what `jupilu chat` has no option for; they stay in the cause.
        raise JupiluError(
            f"nothing can listen on port {port} of {host}: --port 0 takes a free one"
        ) from error
    if blocks.mcp_server_obj is not None:
        answer_mcp_in_json(blocks.mcp_server_obj)
    return blocks


def answer_mcp_in_json(server: Any) -> None:
    """Give MCP clients JSON: Gradio prints results as Python does, which no other language reads."""

    def as_json(data: Any, root_url: str) -> list[Any]:
        return [
            server.types.TextContent(type="text", text=json.dumps(one, ensure_ascii=False)) for one in data
        ]

    server.postprocess_output_data = as_json


def theme() -> Any:
    """Gradio's base theme in fonts that every system has: none is fetched."""
    import gradio

    fonts = ["system-ui", "PingFang SC", "Noto Sans CJK SC", "Microsoft YaHei", "sans-serif"]
    return gradio.themes.Default(
        primary_hue="blue",
        neutral_hue="slate",
        font=fonts,
        font_mono=["ui-monospace", "Consolas", "monospace"],
    )


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach `host`."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def usable(host: str) -> str:
    """An address that something can listen on. Raises JupiluError."""
    import socket

    try:
        bare = host.strip().strip("[]")
        if not bare:
            raise OSError("it is empty")
        socket.getaddrinfo(bare, None)
    except (OSError, UnicodeError) as error:
        reason = " ".join(str(getattr(error, "strerror", None) or error).split())
        raise JupiluError(
            f"{host[:80]!r} is no address to listen on ({reason}): --host 127.0.0.1 serves this machine alone"
        ) from error
    return host.strip()


def free_port(host: str) -> int:
    """A port that nobody listens on."""
    import socket

    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.bind((host.strip("[]"), 0))
        number: int = probe.getsockname()[1]
        return number


def _no_plots() -> None:
    """Gradio tries to import matplotlib at every step of an answer; where there is none, it looks through the disk
    each time. This tells it once."""
    if find_spec("matplotlib") is None:
        sys.modules["matplotlib"] = None  # type: ignore[assignment]  # what import takes for "not there"


def _warm(service: Service) -> None:
    import logging

    try:
        service.warm()
    except JupiluError as error:
        logging.getLogger(__name__).error("%s", error)
