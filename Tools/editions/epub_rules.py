"""Structural rules of EPUB 3.3, checked by themselves: epubcheck knows more of them, but cannot be had everywhere."""
import io
import posixpath
import re
import struct
import urllib.parse
import xml.etree.ElementTree as ElementTree
import zipfile

XHTML, OPF, DC = "{http://www.w3.org/1999/xhtml}", "{http://www.idpf.org/2007/opf}", "{http://purl.org/dc/elements/1.1/}"
EPUB_TYPE, XML_LANG = "{http://www.idpf.org/2007/ops}type", "{http://www.w3.org/XML/1998/namespace}lang"
CONTAINER = "{urn:oasis:names:tc:opendocument:xmlns:container}"
TYPES = {
    ".xhtml": "application/xhtml+xml", ".css": "text/css", ".png": "image/png", ".jpg": "image/jpeg", ".gif": "image/gif",
    ".webp": "image/webp",
}
PHRASING = set(
    "a abbr b br cite code del dfn em i img ins kbd mark q ruby s samp small span strong sub sup u var wbr".split())
FLOW = PHRASING | set("article blockquote div dl figure footer h1 h2 h3 h4 h5 h6 header hr nav ol p pre section table ul".split())
# What may stand in an element; what is not named here takes phrasing alone.
INSIDE = {
    "html": {"head", "body"}, "head": {"meta", "title", "link"}, "title": set(), "ul": {"li"}, "ol": {"li"},
    "dl": {"dt", "dd"}, "table": {"caption", "thead", "tbody", "tfoot"}, "thead": {"tr"}, "tbody": {"tr"}, "tfoot": {"tr"},
    "tr": {"td", "th"}, "figure": FLOW | {"figcaption"}, "ruby": PHRASING | {"rt"},
    **{name: FLOW for name in "a article blockquote body dd del div figcaption footer header ins li nav section td th".split()},
}
WITHOUT_TEXT = {"html", "head", "ul", "ol", "dl", "table", "thead", "tbody", "tfoot", "tr", "br", "hr", "img", "wbr", "meta", "link"}
ATTRIBUTES = {
    "a": {"href"}, "img": {"src", "alt"}, "td": {"colspan", "rowspan"}, "th": {"colspan", "rowspan"}, "ol": {"start"},
    "li": {"value"}, "meta": {"charset"}, "link": {"rel", "type", "href"},
}
COMMON = {"id", "class", "lang", "dir", "title", XML_LANG, EPUB_TYPE}
MODIFIED = re.compile(r"\d{4}-[01]\d-[0-3]\dT[0-2]\d:[0-5]\d:[0-5]\dZ")


def problems(file) -> list[str]:
    found: list[str] = []
    try:
        data = open(file, "rb").read() if isinstance(file, str) else file
        archive(data, found)
        with zipfile.ZipFile(io.BytesIO(data)) as book:
            if book.testzip():
                found.append("a file is damaged")
            contents(book, found)
    except (zipfile.BadZipFile, ElementTree.ParseError, KeyError, StopIteration) as error:
        found.append(f"it cannot be read: {error!r}")
    return found


def archive(data: bytes, found: list[str]) -> None:
    """EPUB 3.3 §4.2: the first file is `mimetype`, stored, without an extra field."""
    method, name, extra = struct.unpack_from("<8xH16xHH", data)
    if data[30:30 + name] != b"mimetype" or data[38:58] != b"application/epub+zip":
        found.append("it does not begin with its media type")
    if method or extra:
        found.append("its media type is packed, or has an extra field")


def contents(book: zipfile.ZipFile, found: list[str]) -> None:
    names = book.namelist()
    if len(set(name.lower() for name in names)) != len(names):
        found.append("two files have one name")
    root = next(ElementTree.fromstring(book.read("META-INF/container.xml")).iter(CONTAINER + "rootfile"))
    if root.get("media-type") != "application/oebps-package+xml":
        found.append("the container's root file has the wrong media type")
    path = root.get("full-path")
    package = ElementTree.fromstring(book.read(path))
    folder = posixpath.dirname(path)
    metadata(package, found)
    items = {}
    for item in package.iter(OPF + "item"):
        place = posixpath.join(folder, urllib.parse.unquote(item.get("href")))
        if item.get("id") in items or place in [other[0] for other in items.values()]:
            found.append(f"the manifest has {place} twice")
        items[item.get("id")] = (place, item.get("media-type"), (item.get("properties") or "").split())
        if place not in names:
            found.append(f"the manifest names {place}, which is not there")
        if TYPES.get(posixpath.splitext(place)[1]) != item.get("media-type"):
            found.append(f"{place} is no {item.get('media-type')}")
    held = {name for name in names if name not in {"mimetype", path} and not name.startswith("META-INF/")}
    for name in held - {item[0] for item in items.values()}:
        found.append(f"{name} is not in the manifest")
    spine = [reference.get("idref") for reference in package.iter(OPF + "itemref")]
    if not spine or len(set(spine)) != len(spine):
        found.append("the spine is empty, or names a file twice")
    for reference in spine:
        if items.get(reference, ("", ""))[1] != "application/xhtml+xml":
            found.append(f"the spine names {reference}, which is no page")
    pages = {place: ElementTree.fromstring(book.read(place)) for place, kind, _ in items.values() if kind.endswith("xhtml+xml")}
    ids = {place: check_page(place, page, found) for place, page in pages.items()}
    for place, page in pages.items():
        check_links(place, page, names, ids, [items[key][0] for key in spine if key in items], found)
    navs = [place for place, _, properties in items.values() if "nav" in properties]
    if len(navs) != 1 or not any(nav.get(EPUB_TYPE) == "toc" for nav in pages[navs[0]].iter(XHTML + "nav")):
        found.append("there is not one table of contents")


def metadata(package, found: list[str]) -> None:
    """EPUB 3.3 §5.5: identifier, title, language, and when it was last changed."""
    if package.get("version") != "3.0":
        found.append("the package is not of version 3.0")
    for name in ["identifier", "title", "language"]:
        if not any((element.text or "").strip() for element in package.iter(DC + name)):
            found.append(f"there is no {name}")
    unique = package.get("unique-identifier")
    if not any(element.get("id") == unique for element in package.iter(DC + "identifier")):
        found.append("the unique identifier is not there")
    dates = [meta.text or "" for meta in package.iter(OPF + "meta") if meta.get("property") == "dcterms:modified"]
    if len(dates) != 1 or not MODIFIED.fullmatch(dates[0]):
        found.append(f"it does not say once, in the form that is asked for, when it was changed: {dates}")


def check_page(place: str, page, found: list[str]) -> set[str]:
    ids: set[str] = set()
    if not (page.findtext(f"{XHTML}head/{XHTML}title") or "").strip():
        found.append(f"{place} has no title")

    def visit(element, links: int) -> None:
        name = element.tag.removeprefix(XHTML)
        allowed = INSIDE.get(name, PHRASING if name in FLOW | {"rt", "dt", "caption"} else set())
        if element.get("id") in ids:
            found.append(f"{place} has the id {element.get('id')} twice")
        ids.update([element.get("id")] if element.get("id") else [])
        for attribute in element.attrib:
            if attribute not in COMMON | ATTRIBUTES.get(name, set()):
                found.append(f"{place}: <{name}> has the attribute {attribute}")
        if name == "img" and element.get("alt") is None:
            found.append(f"{place}: an image says nothing of what it shows")
        text = (element.text or "") + "".join(child.tail or "" for child in element)
        if name in WITHOUT_TEXT and text.strip():
            found.append(f"{place}: there are words in <{name}> itself")
        for child in element:
            inner = child.tag.removeprefix(XHTML)
            if inner not in allowed:
                found.append(f"{place}: <{inner}> stands in <{name}>")
            if inner == "a" and links:
                found.append(f"{place}: a link stands in a link")
            visit(child, links + (inner == "a"))

    visit(page, 0)
    return ids


def check_links(place, page, names, ids, spine, found: list[str]) -> None:
    for element in page.iter():
        for attribute in ["href", "src"]:
            address = element.get(attribute)
            if address is None:
                continue
            parts = urllib.parse.urlsplit(address)
            if parts.scheme:
                if element.tag != XHTML + "a" or parts.scheme not in {"http", "https", "mailto"}:
                    found.append(f"{place} needs {address[:60]} from elsewhere")
                continue
            target = posixpath.normpath(posixpath.join(posixpath.dirname(place), urllib.parse.unquote(parts.path))) if parts.path else place
            if target not in names or parts.fragment and parts.fragment not in ids.get(target, set()):
                found.append(f"{place} leads to {address[:60]}, which is not there")
            elif element.tag == XHTML + "a" and target not in spine:
                found.append(f"{place} leads to {address[:60]}, which is not read")


def good() -> dict[str, str]:
    """The files of the smallest EPUB."""
    page = ('<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops"><head><title>t</title></head>'
            '<body><nav epub:type="toc"><ol><li><a href="a.xhtml">a</a></li></ol></nav></body></html>')
    return {
        "mimetype": "application/epub+zip",
        "META-INF/container.xml": '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles><rootfile '
        'full-path="p.opf" media-type="application/oebps-package+xml"/></rootfiles></container>',
        "a.xhtml": page,
        "p.opf": '<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="u"><metadata '
        'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:identifier id="u">x</dc:identifier><dc:title>t</dc:title><dc:language>en'
        '</dc:language><meta property="dcterms:modified">2026-11-02T00:00:01Z</meta></metadata><manifest><item id="a" href="a.xhtml" '
        'media-type="application/xhtml+xml" properties="nav"/></manifest><spine><itemref idref="a"/></spine></package>',
    }


def packed(files: dict[str, str], method: int = zipfile.ZIP_STORED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as book:
        for name, text in files.items():
            book.writestr(name, text)
    return out.getvalue()


def broken() -> bytes:
    """An EPUB with words where a list has items only."""
    files = good()
    return packed(files | {"a.xhtml": files["a.xhtml"].replace("</nav>", "</nav><ul>words<li>a</li></ul>")})


def prove() -> None:
    """Breaks a good EPUB in each way that is looked for."""
    breaks = [
        ("a.xhtml", "<ol>", "<ol>words", "words in <ol>"), ("a.xhtml", "a.xhtml", "b.xhtml", "not there"),
        ("a.xhtml", "<nav", "<p><p>x</p></p><nav", "<p> stands in <p>"), ("a.xhtml", "</body>", "", "cannot be read"),
        ("a.xhtml", "<nav", '<img src="http://a.example/x" alt=""/><nav', "from elsewhere"),
        ("a.xhtml", "<nav", '<p id="i">a</p><p id="i">b</p><nav', "twice"), ("a.xhtml", "<nav", "<script/><nav", "<script>"),
        ("a.xhtml", "<ol>", '<ol onclick="x">', "onclick"), ("p.opf", "01Z", "01.5Z", "when it was changed"),
        ("p.opf", 'href="a.xhtml"', 'href="c.xhtml"', "is not in the manifest"), ("p.opf", 'idref="a"', 'idref="b"', "no page"),
        ("p.opf", "<dc:title>t", "<dc:title>", "no title"), ("p.opf", 'properties="nav"', "", "table of contents"),
        ("mimetype", "epub", "epup", "media type"),
    ]

    files = good()
    assert problems(packed(files)) == [], problems(packed(files))
    for name, old, new, words in breaks:
        found = problems(packed(files | {name: files[name].replace(old, new, 1)}))
        assert any(words in problem for problem in found), f"{words!r} was not found: {found}"
    assert any("packed" in problem for problem in problems(packed(files, zipfile.ZIP_DEFLATED)))
    assert any("does not begin" in problem for problem in problems(packed(dict(reversed(files.items())))))
