"""A webhook: an HTTP server that is a process of its own. The path of a request says how it behaves.

It prints its port, and then a line of JSON for each request that it has read.
"""

import json
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Receiver(BaseHTTPRequestHandler):
    """Behaves as the path asks."""

    protocol_version = "HTTP/1.1"
    printing = threading.Lock()
    asked: dict[str, int] = {}  # noqa: RUF012 - shared by all requests

    def do_POST(self) -> None:
        """Take a message, or do what a receiver should not do."""
        body = self.rfile.read(int(self.headers["Content-Length"]))
        headers = {name.lower(): value for name, value in self.headers.items()}
        with self.printing:
            count = self.asked[self.path] = self.asked.get(self.path, 0) + 1
            print(json.dumps({"path": self.path, "headers": headers, "body": body.decode()}), flush=True)
        behaviour = self.path.strip("/").partition("/")[0]
        if behaviour == "hang":
            time.sleep(3600)
        if behaviour == "drip":
            while True:
                self.wfile.write(b"H")
                time.sleep(0.05)
        if behaviour == "dies" and count == 1:
            time.sleep(3600)
        if behaviour == "slow":
            time.sleep(0.3)
        if behaviour == "recovers":
            self.answer(503 if count < 3 else 200)
        elif behaviour == "redirect":
            self.answer(302, Location="/take/elsewhere")
        else:
            self.answer({"fail": 500, "gone": 410, "busy": 429}.get(behaviour, 204), **{"Retry-After": "1234"})

    def answer(self, status: int, **headers: str) -> None:
        """Answer with a status and no body."""
        self.send_response(status)
        for name, value in {"Content-Length": "0", **headers}.items():
            self.send_header(name, value)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Print nothing else."""


if __name__ == "__main__":
    server = ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    server.daemon_threads = True
    print(server.server_address[1], flush=True)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        sys.exit(0)
