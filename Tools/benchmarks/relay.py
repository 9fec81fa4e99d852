"""A relay between a client and a server that writes down what passes: how many requests, which, and how many bytes."""
import contextlib
import dataclasses
import http.client
import http.server
import threading
import urllib.parse


@dataclasses.dataclass
class Exchange:
    """One request and its answer; bodies as they are on the wire, compressed where they were."""

    method: str
    path: str
    headers: dict[str, str]
    request: bytes
    status: int
    answer: bytes


@contextlib.contextmanager
def relaying(target: str):
    """Gives the relay's address and the list that fills. Nothing is to be timed through it."""
    upstream = urllib.parse.urlsplit(target)
    seen: list[Exchange] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def pass_on(self):
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            headers = {name: value for name, value in self.headers.items() if name.lower() != "host"}
            connection = http.client.HTTPConnection(upstream.hostname, upstream.port, timeout=60)
            with contextlib.closing(connection):
                connection.request(self.command, self.path, body, headers)
                answer = connection.getresponse()
                payload = answer.read()
            seen.append(Exchange(self.command, self.path, headers, body, answer.status, payload))
            self.send_response_only(answer.status)
            for name, value in answer.getheaders():
                if name.lower() not in ("content-length", "transfer-encoding", "connection"):
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(payload)))
            self.end_headers()
            self.wfile.write(payload)

        do_GET = do_POST = pass_on

        def log_message(self, *arguments):
            pass

    relay = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    relay.daemon_threads = True
    thread = threading.Thread(target=relay.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{relay.server_address[1]}", seen
    finally:
        relay.shutdown()
        relay.server_close()
