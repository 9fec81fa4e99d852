#!/usr/bin/env python3
"""Writes RSS files of made-up articles of about 5 KB: make_feed.py FOLDER [ARTICLES [PER_FILE]]. Same bytes each time."""
import pathlib
import random
import sys

folder = pathlib.Path(sys.argv[1])
articles = int(sys.argv[2]) if len(sys.argv) > 2 else 10_000
per_file = int(sys.argv[3]) if len(sys.argv) > 3 else 2_000
folder.mkdir(parents=True, exist_ok=True)
rnd = random.Random(20261124)
syllables = [c + v + e for c in "b d f g k l m n p r s t v".split() for v in "aeiou" for e in ("", "n", "r", "s")]
words = ["".join(rnd.choice(syllables) for _ in range(rnd.choice((1, 2, 2, 3)))) for _ in range(8_000)]
weights = [1 / (rank + 8) for rank in range(len(words))]


def sentence() -> str:
    chosen = rnd.choices(words, weights, k=rnd.randint(6, 18))
    return " ".join(chosen).capitalize() + "."


for start in range(0, articles, per_file):
    items = []
    for number in range(start, min(start + per_file, articles)):
        paragraphs, size = [], 0
        while size < 4_800:
            text = " ".join(sentence() for _ in range(4))
            paragraphs.append(f"<p>{text}</p>")
            size += len(text) + 7
        when = 1_700_000_000 + number * 600
        import email.utils
        items.append(
            f"<item><title>{sentence()}</title><link>https://made-up.example/{number}</link>"
            f'<guid isPermaLink="false">article-{number:08d}</guid><description>{sentence()}</description>'
            f"<pubDate>{email.utils.formatdate(when)}</pubDate><category>section-{number % 12}</category>"
            f"<content:encoded><![CDATA[{''.join(paragraphs)}]]></content:encoded></item>")
    body = (
        '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" '
        'xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>Made up</title>'
        "<link>https://made-up.example/</link><description>Made up</description>" + "".join(items) + "</channel></rss>")
    (folder / f"part-{start // per_file:03d}.xml").write_text(body, encoding="utf-8")
