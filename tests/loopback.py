"""Small web servers on loopback, in this process: one that serves, one that stays silent, one that leads elsewhere."""

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path


@contextlib.contextmanager
def web_server(folder: Path, heard: list[dict[str, str]] | None = None, status: int = 200) -> Iterator[str]:
    """Serve a folder over HTTP, and note the headers of what is asked."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if heard is not None:
                heard.append(dict(self.headers))
            path = folder / self.path.partition("?")[0].lstrip("/")
            content = path.read_bytes() if path.is_file() else None
            self.send_response(status if content is not None or status != 200 else 404)
            self.send_header("Content-Length", str(len(content or b"")))
            self.end_headers()
            self.wfile.write(content or b"")

        def __getattr__(self, name: str) -> Callable[[], None]:
            if name.startswith("do_"):
                return self.do_GET
            raise AttributeError(name)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, args=[0.01], daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()


@contextlib.contextmanager
def answering(answer: bytes, *, again: bytes = b"") -> Iterator[int]:
    """A server that takes connections, says something and then is silent, or says something again for ever."""
    stop = threading.Event()

    def talk(connection: socket.socket) -> None:
        with connection, contextlib.suppress(OSError):
            connection.recv(1 << 16) if answer or again else None
            connection.sendall(answer)
            while not stop.wait(0.05):
                connection.sendall(again)

    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(0.02)

        def accept() -> None:
            while not stop.is_set():
                with contextlib.suppress(TimeoutError, OSError):
                    threading.Thread(target=talk, args=[listening.accept()[0]], daemon=True).start()

        thread = threading.Thread(target=accept, daemon=True)
        thread.start()
        try:
            yield listening.getsockname()[1]
        finally:
            stop.set()
            thread.join()


@contextlib.contextmanager
def redirecting(target: str) -> Iterator[tuple[str, list[dict[str, str]]]]:
    """Serve nothing but the way to another address, and note the headers of what is asked."""
    heard: list[dict[str, str]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            heard.append(dict(self.headers))
            self.send_response(302)
            self.send_header("Location", target + self.path)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, args=[0.01], daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}", heard
        finally:
            server.shutdown()


@contextlib.contextmanager
def full() -> Iterator[int]:
    """A port on which somebody listens and takes no more connections: whoever asks for one waits."""
    with socket.socket() as listening, contextlib.ExitStack() as waiting:
        listening.bind(("127.0.0.1", 0))
        listening.listen(0)
        for _ in range(3):
            caller = waiting.enter_context(socket.socket())
            caller.setblocking(False)
            caller.connect_ex(listening.getsockname())
        yield listening.getsockname()[1]
