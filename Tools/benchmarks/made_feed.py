"""Makes feeds. The same bytes each time: what is made depends on the arguments alone."""
import email.utils
import itertools
import pathlib
import random
import xml.sax.saxutils

START = 1_700_000_000
# Every so many seconds an article.
STEP = 600


class Prose:
    """Made-up words, the frequent ones more often, as in a language."""

    def __init__(self, seed: int):
        self.random = random.Random(seed)
        syllables = [c + v + e for c in "b d f g k l m n p r s t v".split() for v in "aeiou" for e in ("", "n", "r", "s")]
        spelled = random.Random(20261124)
        self.words = ["".join(spelled.choice(syllables) for _ in range(spelled.choice((1, 2, 2, 3)))) for _ in range(8_000)]
        self.sums = list(itertools.accumulate(1 / (rank + 8) for rank in range(len(self.words))))

    def sentence(self) -> str:
        count = self.random.randint(6, 18)
        return " ".join(self.random.choices(self.words, cum_weights=self.sums, k=count)).capitalize() + "."

    def body(self, bytes_wanted: int) -> str:
        paragraphs, size = [], 0
        while size < bytes_wanted - 200 or not paragraphs:
            count = 4 if bytes_wanted > 1_000 else 1
            text = " ".join(self.sentence() for _ in range(count))
            paragraphs.append(f"<p>{text}</p>")
            size += len(text) + 7
        return "".join(paragraphs)


def channel(title: str, site: str, items: list[str]) -> str:
    return (
        '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" '
        'xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>'
        f"<title>{title}</title><link>{site}</link><description>Made up</description>{''.join(items)}</channel></rss>")


def item(prose: Prose, site: str, number: int, size: int) -> str:
    return (
        f"<item><title>{prose.sentence()}</title><link>{site}{number}</link>"
        f'<guid isPermaLink="false">article-{number:08d}</guid><description>{prose.sentence()}</description>'
        f"<pubDate>{email.utils.formatdate(START + number * STEP)}</pubDate><category>section-{number % 12}</category>"
        f"<content:encoded><![CDATA[{prose.body(size)}]]></content:encoded></item>")


def write_publication(folder: pathlib.Path, articles: int, size: int, number: int = 0, per_file: int = 2_000):
    """Yields the files of one publication's history, the oldest first, each as it is made: with a million articles they
    need not all be there at once. Publications of other numbers have other articles."""
    folder.mkdir(parents=True, exist_ok=True)
    prose, site = Prose(20261124 + number), f"https://made-up{f'-{number}' if number else ''}.example/"
    for start in range(0, articles, per_file):
        items = [item(prose, site, number, size) for number in range(start, min(start + per_file, articles))]
        path = folder / f"part-{start // per_file:04d}.xml"
        path.write_text(channel("Made up", site, items), encoding="utf-8")
        yield path


def write_sites(folder: pathlib.Path, feeds: int, articles: int, size: int) -> None:
    """Feeds of as many publishers: 1.xml, 2.xml ..."""
    folder.mkdir(parents=True, exist_ok=True)
    for feed in range(1, feeds + 1):
        prose, site = Prose(20261124 + feed), f"https://site-{feed}.example/"
        items = [item(prose, site, number, size) for number in range(articles)]
        (folder / f"{feed}.xml").write_text(channel(f"Site {feed}", site, items), encoding="utf-8")


def markup_feed(kind: str, articles: int) -> str:
    """One feed of articles of about 5 KB with links, images, lists and quotes; `kind` is rss, escaped or atom."""
    rnd = random.Random(20261124)
    letters = ["ba", "den", "fi", "gor", "ka", "lun", "mé", "nos", "per", "ri", "ta", "vel"]
    words = ["".join(rnd.choices(letters, k=rnd.choice((1, 2, 2, 3)))) for _ in range(4_000)]

    def sentence() -> str:
        return " ".join(rnd.choices(words, k=rnd.randint(6, 18))).capitalize() + "."

    def body(number: int) -> str:
        parts, size = [], 0
        while size < 4_600:
            text = " ".join(sentence() for _ in range(4))
            link = f'<a href="/story/{number}/{size}?page=1&amp;part=2">{sentence()}</a>'
            part = [
                f"<p>{text} {link}</p>", f"<p>{text}</p>", f"<p>{text} <em>{sentence()}</em> &#8212; {sentence()}</p>",
                f"<blockquote><p>{text}</p></blockquote>", f"<ul><li>{sentence()}</li><li>{sentence()}</li></ul>",
                f'<h2>{sentence()}</h2><figure><img src="/i/{number}.jpg" alt="{sentence()}" width="640" height="480" />'
                f"<figcaption>{sentence()} <cite>{words[number % 4_000]}</cite></figcaption></figure>",
            ][rnd.choice((0, 0, 1, 1, 1, 2, 3, 4, 5))]
            parts.append(part)
            size += len(part)
        return "".join(parts)

    out = []
    for number in range(articles):
        link = f"https://made-up.example/{number}"
        if kind == "atom":
            out.append(
                f"<entry><title>{sentence()}</title><link href=\"{link}\"/><id>urn:article:{number:08d}</id>"
                f"<updated>2026-11-{number % 28 + 1:02d}T08:00:00Z</updated><summary>{sentence()}</summary>"
                f'<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">{body(number)}</div></content></entry>')
            continue
        html = body(number)
        content = xml.sax.saxutils.escape(html) if kind == "escaped" else f"<![CDATA[{html}]]>"
        out.append(
            f"<item><title>{sentence()}</title><link>{link}</link><guid isPermaLink=\"false\">a-{number:08d}</guid>"
            f"<description>{sentence()}</description><pubDate>Tue, {number % 28 + 1:02d} Nov 2026 08:00:00 GMT</pubDate>"
            f"<content:encoded>{content}</content:encoded></item>")
    if kind == "atom":
        return (
            '<?xml version="1.0" encoding="UTF-8"?><feed xmlns="http://www.w3.org/2005/Atom"><title>Made up</title>'
            f"<id>urn:made-up</id><updated>2026-11-24T08:00:00Z</updated>{''.join(out)}</feed>")
    return channel("Made up", "https://made-up.example/", out)
