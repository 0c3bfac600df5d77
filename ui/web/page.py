"""The web page: chat with the evidence beside it, and the library. `serve` is what `jupilu chat` runs."""

from __future__ import annotations

import json
import os
import sys
import threading
from collections.abc import Collection
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ingest.errors import JupiluError
from ingest.settings import Settings
from ui.listening import free_port, is_loopback, port_taken, usable
from ui.web.settings import WebSettings
from ui.web.wording import say

if TYPE_CHECKING:
    import gradio
    from starlette.middleware import Middleware
    from starlette.routing import Route

    from ui.web.library_routes import LibraryDesk
    from ui.web.service import Service

STATIC = Path(__file__).parent / "static"
# For the whole window, unlike page.css, which Gradio narrows to the page's content.
SHEETS = ("frame.css", "evidence.css", "library.css")

LEFT_OUT: dict[str, Any] = {
    "ssr_mode": False,
    "pwa": False,
    "enable_monitoring": False,
    "footer_links": [],  # Gradio words its footer in the browser's language, not in the page's
    "run_history": False,
}
"""What Gradio offers and the page does without."""


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
    from ui.web.layout import build
    from ui.web.library_routes import LibraryDesk
    from ui.web.service import Service

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
    _warm_soon(service)
    port = port or free_port(host)
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
                "routes": _routes(service, desk),
                "middleware": _middleware(host, uploads=may_change, is_private=local and not share),
                "docs_url": None,
                "redoc_url": None,
            },
            # Gradio's MCP server knows no login: with one, programs use gradio_client.
            mcp_server=find_spec("mcp") is not None and not logins,
            **LEFT_OUT,
            theme=theme(),
            css="\n".join(static("css", first="page.css", without=SHEETS)),
            head=head(),
        )
    except OSError as error:
        # Gradio's own words advise what `jupilu chat` has no option for; they stay in the cause.
        raise JupiluError(port_taken(host, port)) from error
    if blocks.mcp_server_obj is not None:
        answer_mcp_in_json(blocks.mcp_server_obj)
    return blocks


def _routes(service: Service, desk: LibraryDesk) -> list[Route]:
    """The addresses beside Gradio's own."""
    from ui.web.export_routes import export_routes
    from ui.web.library_routes import library_routes
    from ui.web.model_routes import model_routes
    from ui.web.routes import routes
    from ui.web.viewer import viewer_routes

    return [
        *export_routes(service),
        *model_routes(service),
        *routes(service),
        *viewer_routes(service),
        *library_routes(desk),
    ]


def _middleware(host: str, *, uploads: bool, is_private: bool) -> list[Middleware]:
    """What every request passes; a page for this machine alone answers to this machine's names only."""
    from starlette.middleware import Middleware
    from starlette.middleware.trustedhost import TrustedHostMiddleware

    from ui.web.routes import Guard

    guard = Middleware(Guard, uploads=uploads)
    if not is_private:
        return [guard]
    # A page elsewhere could otherwise point its own name at this machine and read the library.
    names = ["127.0.0.1", "localhost", "[::1]", host]
    return [Middleware(TrustedHostMiddleware, allowed_hosts=names), guard]


def head() -> str:
    """What stands in the page's head: the sheets for the whole window and all scripts."""
    sheets = (f"<style>{(STATIC / name).read_text(encoding='utf-8')}</style>" for name in SHEETS)
    return "".join([*sheets, *(f"<script>{text}</script>" for text in static("js", first="page.js"))])


def static(ending: str, *, first: str, without: Collection[str] = ()) -> list[str]:
    """The page's own files of a kind, each as text: the one that all others stand on first, then by name."""
    names = sorted(path.name for path in STATIC.glob(f"*.{ending}") if path.name not in (first, *without))
    return [(STATIC / name).read_text(encoding="utf-8") for name in (first, *names)]


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


def _no_plots() -> None:
    """Gradio tries to import matplotlib at every step of an answer; where there is none, it looks through the disk
    each time. This tells it once."""
    if find_spec("matplotlib") is None:
        sys.modules["matplotlib"] = None  # type: ignore[assignment]  # what import takes for "not there"


def _warm_soon(service: Service) -> None:
    """Load what the first question needs, once the page is there: it comes first."""
    import logging

    def warm() -> None:
        try:
            service.warm()
        except JupiluError as error:
            logging.getLogger(__name__).error("%s", error)

    warming = threading.Timer(1.0, warm)
    warming.daemon = True
    warming.start()
