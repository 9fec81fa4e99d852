"""A publisher's site on loopback, with a feed of articles as awkward as real ones."""
import http.server
import struct
import threading
import zlib

ARTICLES = [
    ("Plain", "<p>One <em>two</em> &amp; three &nbsp; &hellip; four.</p><p>Five</p>"),
    ("Lists & tables", "<ul><li>a<ul><li>b</li></ul></li>c</ul><dl><dd>x</dd></dl><table><tr><td>1<td>2</table>"),
    ("Wide", "<pre>" + "x" * 400 + "</pre><table><tr>" + "<td>wide cell</td>" * 30 + "</tr></table>"),
    ("Long word", "<p>" + "Donaudampfschifffahrt" * 20 + "</p><p><a href='https://a.example/" + "y" * 300 + "'>link</a></p>"),
    ("Pictures", "<figure><img src='/one.png' alt='One'><figcaption>First <small>Credit</small></figcaption></figure>"),
    ("Quotes", "<blockquote><p>a</p></blockquote><q>b</q><details><summary>s</summary>t</details>"),
    ("Languages", "<p lang='ja'><ruby>漢<rp>(</rp><rt>kan</rt><rp>)</rp></ruby></p><p dir='rtl' lang='ar'>سلام</p>"),
    ("Links", "<p><a href='mailto:a@b.example'>m</a> <a href='https://exa mple/'>bad</a> <a href='#f'>f</a></p>"),
]


def png(width: int, height: int) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = b"".join(b"\0" + bytes((x * 5 + y) % 256 for x in range(width * 3)) for y in range(height))
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def feed(url: str) -> bytes:
    items = "".join(
        f"<item><title><![CDATA[{title}]]></title><guid>{url}/{number}</guid><link>{url}/{number}</link>"
        f"<category>{'World' if number % 2 else 'Books'}</category><pubDate>Mon, 02 Nov 2026 0{number}:00:00 GMT</pubDate>"
        f"<description><![CDATA[{html}]]></description></item>"
        for number, (title, html) in enumerate(ARTICLES))
    return (f'<?xml version="1.0"?><rss version="2.0"><channel><title>Harbour &amp; Sea</title><link>{url}/</link>'
            f"<description>d</description>{items}</channel></rss>").encode()


class Site:
    def __enter__(self):
        site = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                site.requests.append(self.path)
                body = feed(site.url) if self.path == "/feed.xml" else png(800, 300) if self.path == "/one.png" else None
                self.send_response(200 if body else 404)
                self.send_header("Content-Type", "image/png" if self.path.endswith("png") else "application/rss+xml")
                self.send_header("Content-Length", str(len(body or b"")))
                self.end_headers()
                self.wfile.write(body or b"")

            def log_message(self, *_):
                pass

        self.requests: list[str] = []
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
