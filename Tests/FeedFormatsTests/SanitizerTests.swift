import FeedFormats
import Testing

@Suite("Sanitiser")
struct SanitizerTests {
    private func clean(_ html: String, base: String? = "https://paper.example/a/") -> String {
        HTMLSanitizer.sanitize(html, base: base)
    }

    @Test(
        "elements that run or draw over the page go with their content",
        arguments: [
            "<script>x</script>", "<style>x</style>", "<iframe src='https://v.example/'>x</iframe>",
            "<object data='x'>x</object>", "<svg onload='x'><text>x</text></svg>", "<math><mi>x</mi></math>",
            "<template>x</template>", "<textarea>x</textarea>", "<SCRIPT>x</scRIPT >", "<!-- x -->",
            "<?php x ?>",
            "<select><option>x</select>", "<script>x",
        ])
    func dropped(html: String) {
        #expect(clean("a\(html)").hasPrefix("a"))
        #expect(!clean("a\(html)").contains("x"))
    }

    @Test("a dropped element that is never closed takes only its tag with it")
    func unclosedObject() {
        #expect(clean("<object>a<p>b</p>") == "a<p>b</p>")
    }

    @Test("event handlers, style, class and id go")
    func attributes() {
        #expect(
            clean("<p onclick=x style='position:fixed' class=c id=i lang=en>t</p>") == "<p lang=\"en\">t</p>")
    }

    @Test(
        "a link that would run something loses its address",
        arguments: [
            "javascript:x", "JaVaScRiPt:x", " java\nscript:x", "java&#09;script:x", "java&Tab;script&colon;x",
            "&#106;avascript:x", "\u{1}javascript:x", "data:text/html,x", "vbscript:x", "file:///etc/passwd",
            "blob:x", "feed:javascript:x", "//", "http://",
        ])
    func badLinks(address: String) {
        #expect(clean("<a href=\"\(address)\">t</a>", base: nil) == "<a>t</a>")
    }

    @Test("links are made absolute and written safely")
    func links() {
        #expect(
            clean("<a href='../b?x=1&y=2'>t</a>") == "<a href=\"https://paper.example/b?x=1&amp;y=2\">t</a>")
        #expect(clean("<a href='mailto:a@b.example'>t</a>") == "<a href=\"mailto:a@b.example\">t</a>")
        #expect(
            clean("<a href='/a\"><script>'>t</a>")
                == "<a href=\"https://paper.example/a%22%3E%3Cscript%3E\">t</a>")
    }

    @Test("a parameter that looks like an entity stays a parameter")
    func ambiguousAmpersand() {
        #expect(
            clean("<a href='/?a=1&copy=2'>t</a>") == "<a href=\"https://paper.example/?a=1&amp;copy=2\">t</a>"
        )
    }

    @Test("images keep address, text and size; others than http go")
    func images() {
        #expect(
            clean("<img src=i.png alt='A \"b\"' width=640 height=480px onerror=x>")
                == "<img src=\"https://paper.example/a/i.png\" alt=\"A &quot;b&quot;\" width=\"640\" height=\"480\">"
        )
        #expect(clean("<img src='data:image/png;base64,xx'>") == "")
        #expect(clean("<img src='data:,' data-src='/r.png'>") == "<img src=\"https://paper.example/r.png\">")
    }

    @Test(
        "a tracking pixel goes",
        arguments: [
            "<img src=/p.gif width=1 height=1>", "<img src=/p.gif width='0'>",
            "<img src=/p style='display: none'>",
            "<img src=/p style='width:1px;height:1px'>", "<img src='https://pixel.wp.com/b.gif?x'>",
        ])
    func pixels(html: String) {
        #expect(clean(html) == "")
    }

    @Test("the output is balanced however the input was")
    func balance() {
        #expect(
            clean("<p>a<p>b<ul><li>c<li>d</ul></div></p>") == "<p>a</p><p>b</p><ul><li>c</li><li>d</li></ul>")
        #expect(clean("<b><i>x</b>y</i>") == "<b><i>x</i></b>y")
        #expect(
            clean("<table><tr><td>1<td>2<tr><td>3</table>")
                == "<table><tr><td>1</td><td>2</td></tr><tr><td>3</td></tr></table>")
        #expect(
            clean("<a href=/1>x<a href=/2>y")
                == "<a href=\"https://paper.example/1\">x</a><a href=\"https://paper.example/2\">y</a>")
    }

    @Test("text is escaped once and only once")
    func escaping() {
        #expect(
            clean("1 < 2 &amp; 3 &lt;b&gt; &amp;lt; \u{201C}q\u{201D} &hellip;")
                == "1 &lt; 2 &amp; 3 &lt;b&gt; &amp;lt; \u{201C}q\u{201D} \u{2026}")
    }

    @Test("sanitising again changes nothing")
    func idempotent() {
        for html in [
            "<p>a & b <a href='/x?a&b'>c</a><img src=/i alt='<'>", "<ul><li>x<table><td>y",
            "&amp;lt;script&gt;",
        ] {
            let once = clean(html)
            #expect(clean(once) == once)
        }
    }

    @Test("a comment ends where browsers end it")
    func comments() {
        #expect(clean("<!--><b>x</b>") == "<b>x</b>")
        #expect(clean("<!-- a --!><b>x</b>") == "<b>x</b>")
        #expect(clean("<!-- never <b>x</b>") == "")
    }

    @Test("a word that an element's name only starts with does not end raw text")
    func rawText() {
        #expect(clean("<script></scripty><b>x</b></script>y") == "y")
    }
}
