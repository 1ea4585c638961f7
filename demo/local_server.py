"""What the demo's own web servers share: this machine only, in a thread or as a process."""

import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self


class LocalServer(ThreadingHTTPServer):
    """Serves on 127.0.0.1; as a context manager it runs in a thread of its own."""

    daemon_threads = True
    verbose = False

    def __init__(self, port: int, handler: type[BaseHTTPRequestHandler]) -> None:
        super().__init__(("127.0.0.1", port), handler)
        self._thread: threading.Thread | None = None

    @property
    def url(self) -> str:
        """``http://127.0.0.1:<port>``, without a slash at the end."""
        return f"http://127.0.0.1:{self.server_port}"

    def __enter__(self) -> Self:
        self._thread = threading.Thread(
            target=self.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
        )
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.shutdown()
        if self._thread is not None:
            self._thread.join()
        self.server_close()

    def serve(self, words: str) -> int:
        """Say ``words``, then serve until interrupted; answers 0, a process's good end."""
        self.verbose = True
        sys.stdout.write(f"{words}\n")
        sys.stdout.flush()
        try:
            self.serve_forever()
        except KeyboardInterrupt:
            return 0
        finally:
            self.server_close()
        return 0
