"""Where a server listens: which addresses this machine has, who can reach them, and one line for those that can't be.

The page (`jupilu chat`) and the API without it (`jupilu serve`) listen alike.
"""

from __future__ import annotations

import ipaddress
import socket

from ingest.errors import JupiluError

BACKLOG = 512
"""Connections that the system holds until they are taken."""


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
    """A port that nobody listens on. Raises JupiluError where the address is another machine's."""
    with socket.socket(_family(host)) as probe:
        try:
            probe.bind((host.strip("[]"), 0))
        except OSError as error:
            raise JupiluError(_not_ours(host, error)) from error
        number: int = probe.getsockname()[1]
        return number


def listener(host: str, port: int) -> socket.socket:
    """A socket that listens; port 0 takes a free one.

    Raises:
        JupiluError: the port is taken or may not be used, or the address is another machine's.
    """
    free_port(host)  # what is wrong with the address is told as such, not as a port that is taken
    listening = socket.socket(_family(host))
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host.strip("[]"), port))
        listening.listen(BACKLOG)
    except OSError as error:
        listening.close()
        raise JupiluError(port_taken(host, port)) from error
    return listening


def port_taken(host: str, port: int) -> str:
    """One line for a port that nothing can listen on."""
    return f"nothing can listen on port {port} of {host}: --port 0 takes a free one"


def _not_ours(host: str, error: OSError) -> str:
    return f"{host[:80]} is no address of this machine ({error.strerror or error}): --host 127.0.0.1 serves it alone"


def _family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET
