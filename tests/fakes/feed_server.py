"""Feeds on loopback for a bot that runs as people run it: a document for each path."""

import contextlib
import threading
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


def rss(*items):
    """A document of (title, description, link, published) rows."""
    rows = "".join(
        f"<item><title>{title}</title><description>{text}</description><link>{link}</link>"
        f"<pubDate>{format_datetime(published)}</pubDate></item>"
        for title, text, link, published in items
    )
    return f"<rss version='2.0'><channel><title>x</title>{rows}</channel></rss>".encode()


@contextlib.contextmanager
def feed_server(documents):
    """Serve {path: body}, a page where it begins as one; any other path is answered with 404. Yields the base address."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            body = documents.get(self.path)
            self.send_response(404 if body is None else 200)
            page = (body or b"").startswith(b"<!doctype html>")
            self.send_header("Content-Type", "text/html" if page else "application/rss+xml")
            self.send_header("Content-Length", str(len(body or b"")))
            self.end_headers()
            self.wfile.write(body or b"")

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    serving = threading.Thread(target=server.serve_forever)
    serving.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        serving.join()
        server.server_close()
