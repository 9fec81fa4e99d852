import FeedFormats
import Foundation
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

    /// Holds the output to its grammar: tags of the allow-list only, attributes of the allow-list only, each quoted,
    /// addresses of the allowed schemes, and no other `<` at all.
    private func expectHarmless(_ payload: String) {
        for base in ["https://paper.example/a/", nil] {
            let html = HTMLSanitizer.sanitize(payload, base: base)
            let complaint = Self.complaint(about: html)
            #expect(complaint == nil, "\(complaint ?? "") in \(html) from \(payload)")
            #expect(HTMLSanitizer.sanitize(html, base: base) == html)
        }
    }

    private static func complaint(about html: String) -> String? {
        var rest = html[...]
        while let open = rest.firstIndex(where: { $0 == "<" || $0 == ">" }) {
            guard rest[open] == "<", let close = rest[open...].firstIndex(of: ">") else {
                return "a stray bracket"
            }
            let tag = rest[rest.index(after: open)..<close]
            if let complaint = complaint(aboutTag: tag) { return complaint }
            rest = rest[rest.index(after: close)...]
        }
        return nil
    }

    private static func complaint(aboutTag tag: Substring) -> String? {
        var tag = tag.hasPrefix("/") ? tag.dropFirst() : tag
        let name = tag.prefix { $0.isLowercase || $0.isNumber }
        let allowed: Set<Substring> = [
            "a", "abbr", "b", "blockquote", "br", "caption", "cite", "code", "dd", "del", "details", "dfn",
            "div", "dl", "dt",
            "em", "figcaption", "figure", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i", "img", "ins", "kbd",
            "li", "mark",
            "ol", "p", "pre", "q", "rp", "rt", "ruby", "s", "samp", "small", "strong", "sub", "summary",
            "sup", "table",
            "tbody", "td", "tfoot", "th", "thead", "time", "tr", "u", "ul", "var", "wbr",
        ]
        guard allowed.contains(name) else { return "the tag \(name)" }
        tag = tag.dropFirst(name.count)
        while !tag.isEmpty {
            guard tag.first == " ", let equals = tag.firstIndex(of: "="), tag[equals...].hasPrefix("=\"")
            else {
                return "an attribute out of form"
            }
            let attribute = tag[tag.index(after: tag.startIndex)..<equals]
            let value = tag[equals...].dropFirst(2).prefix { $0 != "\"" }
            let names: Set<Substring> = [
                "href", "src", "cite", "alt", "title", "width", "height", "colspan", "rowspan", "start",
                "value", "datetime",
                "lang", "dir",
            ]
            guard names.contains(attribute) else { return "the attribute \(attribute)" }
            if ["href", "src", "cite"].contains(attribute) {
                let schemes =
                    attribute == "href" ? ["http://", "https://", "mailto:"] : ["http://", "https://"]
                guard schemes.contains(where: value.hasPrefix) else { return "the address \(value)" }
            }
            tag = tag[value.endIndex...].dropFirst()
        }
        return nil
    }
}
