import FeedFormats
import Testing

@Suite("Plain text")
struct PlainTextTests {
    private func text(_ html: String) -> String { PlainText.render(html, base: "https://p.example/") }

    @Test("paragraphs and headings are separated by a blank line")
    func blocks() {
        #expect(
            text("<h2>Head</h2><p>One\n  two<br>three</p><div>four</div>")
                == "## Head\n\nOne two\nthree\n\nfour")
    }

    @Test("lists carry their marks and are indented when nested")
    func lists() {
        #expect(
            text(
                "<ul><li>a<ul><li>b</li></ul></li><li><p>c</p><p>d</p></li></ul><ol start=9><li>e</li><li>f</li></ol>"
            )
                == "- a\n  - b\n- c\n\n  d\n\n9. e\n10. f")
    }

    @Test("quotes carry their mark on every line, blank ones too")
    func quotes() {
        #expect(text("<p>a</p><blockquote><p>b</p><p>c</p></blockquote><p>d</p>") == "a\n\n> b\n>\n> c\n\nd")
    }

    @Test("links become footnotes, the same address one number")
    func links() {
        #expect(
            text("<p><a href=/1>one</a>, <a href=/2>two</a>, <a href=/1>again</a>.</p>")
                == "one [1], two [2], again [1].\n\n[1] https://p.example/1\n[2] https://p.example/2")
    }

    @Test("a link that shows its own address needs no footnote")
    func bareLink() {
        #expect(text("<a href='https://p.example/1'>https://p.example/1</a>") == "https://p.example/1")
    }

    @Test("figures show caption and credit, images their text")
    func figures() {
        #expect(
            text(
                "<p>a</p><figure><img src=/i alt=x><figcaption>A <b>bridge</b> <cite>Jo Park</cite></figcaption></figure>b"
            )
                == "a\n\n[Image: A bridge (Jo Park)]\n\nb")
        #expect(text("<img src=/i alt='A map'>") == "[Image: A map]")
        #expect(text("<figure><img src=/i alt='A map'></figure>") == "[Image: A map]")
        #expect(text("a<img src=/i alt=''>b") == "ab")
    }

    @Test("pre keeps its blanks")
    func pre() {
        #expect(text("<p>x</p><pre>a\n   b\n\nc</pre><p>y</p>") == "x\n\na\n   b\n\nc\n\ny")
    }

    @Test("cells of a row stand on one line")
    func tables() {
        #expect(text("<table><tr><th>a<th>b<tr><td>1<td>2</table>") == "a | b\n1 | 2")
    }

    @Test("entities are decoded and blanks between inline elements kept")
    func inline() {
        #expect(
            text("<b>a</b> <i>b</i>&nbsp;&eacute; &#8212; <q>c</q>")
                == "a b\u{A0}\u{E9} \u{2014} \u{201C}c\u{201D}")
    }

    @Test("cells that hold paragraphs stand on the line of their row, also inside a quote")
    func blocksInCells() {
        let table = "<table><tr><td><p>a</p><p>b</p></td><td><p>c</p></td></tr><tr><td>d<td>e</table>"
        #expect(text("<p>x</p>" + table) == "x\n\na b | c\nd | e")
        #expect(text("<blockquote><p>x</p>\(table)</blockquote>") == "> x\n>\n> a b | c\n> d | e")
    }

    @Test("a table that lays out a page keeps its paragraphs")
    func layoutTables() {
        #expect(text("<table><tr><td><p>a</p><p>b</p></td></tr></table>") == "a\n\nb")
    }

    @Test("a definition stands indented below its term")
    func definitions() {
        #expect(text("<dl><dt>a</dt><dd>b<br>c</dd><dt>d</dt><dd>e</dd></dl>") == "a\n  b\n  c\nd\n  e")
    }

    @Test("an item can set its number")
    func itemNumbers() {
        #expect(text("<ol><li>a<li value=7>b<li>c</ol>") == "1. a\n7. b\n8. c")
    }

    @Test("quotes and links of a caption stay in the caption")
    func captions() {
        #expect(
            text("<figure><img src=/i><figcaption>A <q>bridge</q>, <a href=/l>Jo</a></figcaption></figure><p>b</p>")
                == "[Image: A \u{201C}bridge\u{201D}, Jo [1]]\n\nb\n\n[1] https://p.example/l")
    }

    @Test("an image without text shows its title")
    func titles() {
        #expect(text("<img src=/i title='A map'>") == "[Image: A map]")
        #expect(text("<img src=/i>") == "[Image]")
    }

    @Test("every name of a character that HTML has is read, and some without their semicolon")
    func names() {
        #expect(text("&check;&NotEqualTilde;&rarr;&bigstar;") == "\u{2713}\u{2242}\u{338}\u{2192}\u{2605}")
        #expect(text("&eacute&copy2 &notit; &hellip &nosuch;") == "\u{E9}\u{A9}2 \u{AC}it; &hellip &nosuch;")
    }
}
