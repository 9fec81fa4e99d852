import FeedFormats
import Foundation
import SyncTestKit
import Testing

/// The payloads of DOMPurify's tests and OWASP's cheat sheet: nothing that runs may be left.
@Suite("Cross-site scripting payloads")
struct CrossSiteScriptingTests {
    @Test("nothing of our own list of payloads runs after sanitising")
    func ownPayloads() throws {
        let list = try #require(JSONSerialization.jsonObject(with: Corpora.fixture("xss.json")) as? [String])
        #expect(list.count > 20)
        for payload in list { expectHarmless(payload) }
    }

    @Test(
        "nothing of the OWASP and DOMPurify payloads runs after sanitising", .enabled(if: Corpora.isPresent))
    func corpora() throws {
        var count = 0
        for path in ["xss-owasp/payloads.json", "xss-dompurify/cases.json"] {
            for item in try Corpora.json(path) as? [[String: Any]] ?? [] {
                guard let payload = item["payload"] as? String else { continue }
                count += 1
                expectHarmless(payload)
            }
        }
        #expect(count > 150)
    }

    @Test(
        "whole web pages come out harmless, and the same when sanitised again",
        .enabled(if: Corpora.isPresent))
    func pages() throws {
        let pages =
            Corpora.files("readability", extension: "html") + Corpora.files("feedfinder", extension: "html")
        #expect(pages.count > 20)
        for page in pages { try expectHarmless(String(decoding: Data(contentsOf: page), as: UTF8.self)) }
    }

    @Test(
        "nothing that feedparser's tests of its sanitiser hide runs either", .enabled(if: Corpora.isPresent))
    func feedparser() throws {
        let files = Corpora.files("feedparser/wellformed/sanitize")
        var read = 0
        for file in files {
            // Some are in formats that are refused.
            guard
                let feed = try? FeedParser.parse(
                    Data(contentsOf: file), contentType: nil, baseURL: "https://paper.example/feed")
            else { continue }
            read += 1
            for entry in feed.entries {
                let complaint = StrictHTML.complaint(about: entry.bodyHTML ?? "")
                #expect(complaint == nil, "\(complaint ?? "") from \(file.lastPathComponent)")
            }
        }
        #expect(read > 200)
    }

    @Test("markup that changes its meaning when it is written and read again has nothing to change here")
    func mutation() {
        let wraps = [
            "svg", "math", "noscript", "template", "style", "textarea", "title", "plaintext", "xmp", "iframe",
            "noembed", "noframes", "select", "table", "form", "svg><style", "math><mtext><table><mglyph><style",
            "svg><foreignObject", "svg><desc", "math><annotation-xml encoding=text/html", "form><math><mtext></form",
        ]
        let cores = [
            "<img src=x onerror=alert(1)>", "<!--</X><img src onerror=alert(1)>-->",
            "<a title=\"</X><img src onerror=x>\">",
            "</X><script>alert(1)</script>", "<p id=\"</X><img src=x onerror=alert(1)>\">",
            "<![CDATA[</X><img onerror=x>]]>",
            "<a href=\"\u{1}javascript:x\">y", "<b title='`\"><script>x</script>'>",
            "<img alt='``onerror=alert(1)'src=x>",
            "<X><X></X", "<X/><script", "\u{0}<scr\u{0}ipt>x</scr\u{0}ipt>",
            "<a target=_blank id=cookie name=x href=//x>",
        ]
        for wrap in wraps {
            let name = wrap.prefix { $0.isLetter }
            for core in cores {
                let inner = core.replacingOccurrences(of: "X", with: name)
                expectHarmless("a<\(wrap)>\(inner)</\(name)>b")
                expectHarmless("a<\(wrap)>\(inner)")
                expectHarmless("<\(wrap) \(inner) x='")
            }
        }
    }

    @Test("random pieces of markup come out harmless, and the same when sanitised again")
    func random() {
        let pieces = [
            "<", ">", "/", "\"", "'", "`", "=", " ", "&", ";", "&lt;", "&#60", "&quot;", "<a", "href=", "javascript:",
            "//x.y/",
            "<img src=x", "onerror=", "<svg>", "</svg>", "<style>", "</style>", "<!--", "-->", "--!>", "<![CDATA[",
            "]]>",
            "<table>", "<td>", "<tr>", "</table>", "<li>", "<p>", "</p>", "<math>", "<textarea>", "</textarea>",
            "<iframe",
            "\0", "\t", "\n", "data:text/html,", "<noscript>", "</noscript>", "<video src=/v>", "<span class=credit>",
            "</span>", "<figure>", "<figcaption>", "</figure>", "<blockquote>", "</a>", "t", "\u{202E}", "\u{85}", "é",
        ]
        var generator = SeededRandom(seed: 20_261_124)
        for _ in 0..<2_000 {
            let length = Int.random(in: 1...30, using: &generator)
            expectHarmless((0..<length).map { _ in pieces.randomElement(using: &generator) ?? "" }.joined())
        }
    }

    /// Holds the output to its grammar: see ``StrictHTML``.
    private func expectHarmless(_ payload: String) {
        for base in ["https://paper.example/a/", nil] {
            let html = HTMLSanitizer.sanitize(payload, base: base)
            let complaint = StrictHTML.complaint(about: html)
            #expect(complaint == nil, "\(complaint ?? "") in \(html) from \(payload)")
            #expect(HTMLSanitizer.sanitize(html, base: base) == html)
        }
    }
}
