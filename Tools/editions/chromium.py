"""Opens pages in headless Chromium over its debugging pipe, and says what is wrong with them."""
import json
import os
import pathlib
import select
import subprocess
import time

DARK, WIDTH = 60, 390

# Pages that break a rule each, and the words in which that is said.
BROKEN = {
    "remote": ("<p>a</p><img src='http://127.0.0.1:9/x.png'>", "asks for http://127.0.0.1:9/x.png"),
    "imageless": ("<img src='data:image/png;base64,AAAA'>", "is not shown"),
    "light": ("<body style='background:#fff'>a", "is not dark"),
    "wide": ("<meta name=viewport content='width=device-width'><div style='width:900px'>a</div>", "wider than the screen"),
    "script": ("<script>document.title='x'</script>", "script"),
}


class Browser:
    def __init__(self, program: str, folder):
        self.program, self.folder = program, folder

    def __enter__(self):
        inner_read, self.write = os.pipe()
        self.read, inner_write = os.pipe()

        def wire():
            # The pipe's ends may be 3 and 4 themselves.
            first, second = os.dup(inner_read), os.dup(inner_write)
            os.dup2(first, 3)
            os.dup2(second, 4)

        self.process = subprocess.Popen(
            [
                self.program, "--headless=new", "--no-sandbox", "--disable-gpu", "--remote-debugging-pipe",
                "--disable-dev-shm-usage", "--no-first-run", "--disable-background-networking",
                f"--user-data-dir={self.folder}/profile", "about:blank",
            ],
            preexec_fn=wire, close_fds=False, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(inner_read)
        os.close(inner_write)
        self.number, self.buffer, self.events = 0, b"", []
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(timeout=10)
        os.close(self.read)
        os.close(self.write)

    def message(self, seconds: float = 30) -> dict:
        end = time.monotonic() + seconds
        while b"\0" not in self.buffer:
            ready, _, _ = select.select([self.read], [], [], max(0, end - time.monotonic()))
            piece = os.read(self.read, 1 << 20) if ready else b""
            if not piece:
                raise SystemExit("edition-test: Chromium does not answer")
            self.buffer += piece
        text, _, self.buffer = self.buffer.partition(b"\0")
        return json.loads(text)

    def call(self, method: str, session: str | None = None, **parameters) -> dict:
        self.number += 1
        request = {"id": self.number, "method": method, "params": parameters}
        if session:
            request["sessionId"] = session
        data = json.dumps(request).encode() + b"\0"
        while data:
            data = data[os.write(self.write, data):]
        while True:
            answer = self.message()
            if answer.get("id") == self.number:
                if "error" in answer:
                    raise SystemExit(f"edition-test: {method}: {answer['error']}")
                return answer["result"]
            self.events.append(answer)

    def wait(self, method: str) -> None:
        while not any(event.get("method") == method for event in self.events):
            self.events.append(self.message())


LOOK = """(() => {
  const colour = element => getComputedStyle(element).backgroundColor.match(/[\\d.]+/g).map(Number);
  return JSON.stringify({
    background: [document.body, document.documentElement].map(colour),
    text: getComputedStyle(document.body).color.match(/[\\d.]+/g).map(Number),
    width: document.documentElement.scrollWidth, screen: innerWidth, scripts: document.scripts.length,
    images: [...document.images].map(image => [image.naturalWidth, image.getBoundingClientRect().right,
      image.src.slice(0, 60)]),
    links: [...document.querySelectorAll('nav a')].filter(a => !document.getElementById(a.hash.slice(1))).length,
    contents: document.querySelectorAll('nav a').length,
  })
})()"""


def problems(browser: Browser, file: str) -> list[str]:
    """What is wrong with a page, on a phone whose owner wants dark pages and has no network."""
    target = browser.call("Target.createTarget", url="about:blank")["targetId"]
    session = browser.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
    address = pathlib.Path(file).resolve().as_uri()
    browser.events.clear()
    for method in ["Network.enable", "Page.enable", "Runtime.enable"]:
        browser.call(method, session)
    browser.call("Network.emulateNetworkConditions", session, offline=True, latency=0, downloadThroughput=-1, uploadThroughput=-1)
    browser.call("Emulation.setDeviceMetricsOverride", session, width=WIDTH, height=844, deviceScaleFactor=2, mobile=True)
    browser.call("Emulation.setEmulatedMedia", session, features=[{"name": "prefers-color-scheme", "value": "dark"}])
    browser.call("Page.navigate", session, url=address)
    browser.wait("Page.loadEventFired")
    seen = json.loads(browser.call("Runtime.evaluate", session, expression=LOOK)["result"]["value"])
    browser.call("Target.closeTarget", targetId=target)
    found = []
    for event in browser.events:
        url = event.get("params", {}).get("request", {}).get("url", "") if event.get("method") == "Network.requestWillBeSent" else ""
        if url and url != address and not url.startswith("data:"):
            found.append(f"asks for {url[:80]}")
    for width, right, source in seen["images"]:
        if width == 0:
            found.append(f"an image is not shown: {source}")
        if right > WIDTH + 1:
            found.append(f"an image ends {right - WIDTH:.0f} pixels beyond the screen")
    if not seen["images"]:
        found.append("no image is in it")
    # Without a colour of its own the body shows the page's, and that the browser's.
    own = [colour for colour in seen["background"] if len(colour) == 3 or colour[3] > 0]
    if not own or max(own[0][:3]) > DARK or min(seen["text"][:3]) < 150:
        found.append(f"on a dark screen it is not dark: {seen['background']}, text {seen['text']}")
    if max(seen["width"], seen["screen"]) > WIDTH:
        found.append(f"it is wider than the screen: {seen['width']} pixels")
    if seen["scripts"]:
        found.append("there is a script in it")
    if seen["links"] or not seen["contents"]:
        found.append(f"{seen['links']} of {seen['contents']} lines of its contents lead nowhere")
    return found
