"""Servers of this machine alone, for tests: on a free port, quiet, gone when the block ends."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import socket
    from collections.abc import Mapping
    from types import TracebackType
    from typing import Self

_LARGEST_REQUEST_BYTES = 64 << 20


class QuietServer(ThreadingHTTPServer):
    """A threaded server on a free port of this machine whose clients may vanish at any time."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(self, handler: type[BaseHTTPRequestHandler]) -> None:
        super().__init__(("127.0.0.1", 0), handler)
        self._thread = threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True)

    @property
    def base_url(self) -> str:
        """Where a client asks it."""
        return f"http://127.0.0.1:{self.server_port}/v1"

    def start(self) -> None:
        """Begin to serve, in a thread."""
        self._thread.start()

    def stop(self) -> None:
        """Serve no more and give the port back."""
        self.shutdown()
        self._thread.join()
        self.server_close()

    def handle_error(
        self, request: socket.socket | tuple[bytes, socket.socket], client_address: object
    ) -> None:
        """Say nothing: a client that went away is what these servers are for."""


class QuietHandler(BaseHTTPRequestHandler):
    """Keeps connections open, writes head and body at once and logs nothing."""

    protocol_version = "HTTP/1.1"
    wbufsize = -1  # else head and body go out apart and wait for each other's acknowledgement

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""

    def read_body(self) -> bytes:
        """Return the request's body."""
        size = min(int(self.headers.get("Content-Length", 0)), _LARGEST_REQUEST_BYTES)
        return self.rfile.read(size)

    def send(
        self,
        status: int,
        body: bytes,
        *,
        kind: str = "application/json",
        headers: Mapping[str, str] | None = None,
    ) -> None:
        """Send a whole answer."""
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)
        self.wfile.flush()


class LocalServer:
    """What serves while a ``with`` block lasts.

    Args:
        handler: Answers the requests.
    """

    def __init__(self, handler: type[BaseHTTPRequestHandler]) -> None:
        self._server = QuietServer(handler)

    @property
    def base_url(self) -> str:
        """Address to give as ``MODEL@BASE_URL``."""
        return self._server.base_url

    def __enter__(self) -> Self:
        self._server.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.stop()
