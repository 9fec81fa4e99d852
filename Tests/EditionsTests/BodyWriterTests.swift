import Testing

@testable import Editions

@Suite("The text of an article in an edition")
struct BodyWriterTests {
    private func written(_ html: String, images: [String: String] = [:]) throws -> String {
        let writer = BodyWriter(image: { images[$0] }, link: { LinkAddress.valid($0) })
        var bytes: [UInt8] = []
        for markup in try writer.flow(BodyTree(html).nodes) { markup.write(to: &bytes) }
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test(
        "what may not stand where it does gives way, and no word is lost",
        arguments: [
            ("<p>One<br>two<hr>three", "<p>One<br/>two</p><hr/>three"),
            ("<em><p>a</p><ul><li>b</ul></em>", "<p>a</p><ul><li>b</li></ul>"),
            ("<li>a<li>b", "<ul><li>a</li><li>b</li></ul>"),
            ("<ul>a<li>b<ul><li>c</ul></ul>", "<ul><li>a</li><li>b<ul><li>c</li></ul></li></ul>"),
            ("<ul><ul><li>a</ul></ul>", "<ul><li><ul><li>a</li></ul></li></ul>"),
            ("<dl><dt>t<dd>d</dl>", "<dl><dt>t</dt><dd>d</dd></dl>"),
            ("<dl><dd>d<dt>t</dl>", "<div><div>d</div><div>t</div></div>"),
            ("<h1>a</h1><h6>b</h6><h2></h2>", "<h2>a</h2><h6>b</h6>"),
            ("<p></p><p> </p><div><p></p></div>", ""),
            ("<details><summary>s</summary>rest</details>", "<div><p><b>s</b></p>rest</div>"),
            ("<p>at <time datetime=\"soon\">noon</time></p>", "<p>at noon</p>"),
            (
                "<ul><li value=3>a</ul><ol start=2><li value=3>b</ol>",
                "<ul><li>a</li></ul><ol start=\"2\"><li value=\"3\">b</li></ol>"
            ),
            ("<ruby>漢<rp>(</rp><rt>kan</rt><rp>)</rp>字</ruby>", "<ruby>漢<rt>kan</rt></ruby>字"),
            ("<figure><figcaption>c</figcaption>text</figure>", "<figure>text<figcaption>c</figcaption></figure>"),
            ("<figcaption>c</figcaption>", "<div class=\"caption\">c</div>"),
            (
                "<p lang=\"de-CH\">a</p><p lang=\"x-klingon-long\">b</p>",
                "<p lang=\"de-CH\" xml:lang=\"de-CH\">a</p><p>b</p>"
            ),
            ("<p>a &amp; b &lt; c \u{FFFE}&#1;\u{85}d</p>", "<p>a &amp; b &lt; c d</p>"),
        ])
    func gives(html: String, expected: String) throws {
        #expect(try written(html) == expected)
    }

    @Test("a table comes in the order that is asked for, and what stood between its cells before it")
    func table() throws {
        let html = """
            <table>stray<tfoot><tr><td>f</tfoot><caption>c</caption><tr><th colspan=2 rowspan=0>h<tr></tr>\
            <tbody><tr><td>x</tbody></table><table></table>
            """
        let expected = """
            stray<div class="table"><table><caption>c</caption><tbody><tr><th colspan="2">h</th></tr></tbody>\
            <tbody><tr><td>x</td></tr></tbody><tfoot><tr><td>f</td></tr></tfoot></table></div>
            """
        #expect(try written(html) == expected)
    }

    @Test("a link around blocks stays, one inside another does not, and one that leads nowhere leaves its words")
    func links() throws {
        #expect(
            try written("<a href=\"https://a.example/\"><div>x</div></a>")
                == "<a href=\"https://a.example/\"><div>x</div></a>")
        #expect(try written("<p><a href=\"https://-_-^.example/\">x</a></p>") == "<p>x</p>")
        #expect(
            try written("<p><a href=\"https://a.example/{b}?c=[d]%zz#e#f\">x</a></p>")
                == "<p><a href=\"https://a.example/%7Bb%7D?c=%5Bd%5D%25zz#e%23f\">x</a></p>")
    }

    @Test("an image that is at hand is shown, and of another what it shows is said")
    func images() throws {
        let html = "<p><img src=\"https://a.example/1.png\" alt=\"A pier\"></p>"
        #expect(
            try written(html, images: ["https://a.example/1.png": "images/1.png"])
                == "<p><img src=\"images/1.png\" alt=\"A pier\"/></p>")
        #expect(try written(html) == "<p><span class=\"missing\">[A pier]</span></p>")
        #expect(try written("<p><img src=\"https://a.example/1.png\"></p>") == "")
    }
}
