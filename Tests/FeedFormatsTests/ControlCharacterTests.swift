import FeedFormats
import SyncTestKit
import Testing

@Suite("Control characters")
struct ControlCharacterTests {
    @Test("whatever a body holds, neither its HTML nor its text can steer a terminal")
    func property() {
        var generator = SeededRandom(seed: 7)
        for _ in 0..<3_000 {
            let source = Self.hostile(&generator)
            let html = HTMLSanitizer.sanitize(source, base: "https://p.example/")
            let text = PlainText.render(source, base: "https://p.example/")
            let stray = (html + text).unicodeScalars.first(where: StrictHTML.isControl)
            #expect(stray == nil, "U+\(String(stray?.value ?? 0, radix: 16)) from \(source.debugDescription)")
        }
    }

    @Test("a control written as a reference goes like one written plainly")
    func references() {
        for value in Array(0...0x1F) + [0x7F, 0x80, 0x9B, 0x85, 0x202E, 0x2066] where value != 9 && value != 10 {
            let source = "<p title=a>x&#\(value);y</p><img src=/i alt='x&#x\(String(value, radix: 16));y'>"
            for output in [HTMLSanitizer.sanitize(source, base: "https://p.example/"), PlainText.render(source)] {
                #expect(!output.unicodeScalars.contains(where: StrictHTML.isControl), "\(value)")
            }
        }
    }

    @Test("tag characters go, but for the flags that are made of them")
    func tags() {
        let scotland = "\u{1F3F4}\u{E0067}\u{E0062}\u{E0073}\u{E0063}\u{E0074}\u{E007F}"
        #expect(PlainText.render("a\u{E0041}\u{E0042}b \(scotland) c\u{E007F}") == "ab \(scotland) c")
        #expect(PlainText.render("\u{1F3F4}\u{E0067}\u{E0062}x") == "\u{1F3F4}x")
    }

    @Test("joiners and marks of direction stay, since scripts and emoji need them")
    func joiners() {
        let text = "\u{1F468}\u{200D}\u{1F469} \u{645}\u{200C}\u{6CC} a\u{200F}b"
        #expect(PlainText.render(text) == text)
    }

    private static func hostile(_ generator: inout SeededRandom) -> String {
        let sequences = [
            "\u{1B}]0;title\u{7}", "\u{1B}[2J", "\u{1B}P1;2q\u{1B}\\", "\u{9B}31m", "\u{9D}8;;x\u{9C}", "\u{90}x\u{9C}",
            "\u{202E}", "\u{2067}", "\u{2069}", "\u{200B}", "\u{FEFF}", "\u{E0001}\u{E0041}", "\u{2028}", "\u{FFF9}",
            "&#27;[1m", "&#x9b;", "&#155;", "&#0;", "<b>", "</b>", "<a href='x", "'>", "<img src=/a alt=\"", "\">",
            "<pre>",
            "<figcaption>", "<figure>", "<td>", "\r\n", "\r", "\u{B}", "\u{C}", "<!--", "&", "&#", "\u{1F3F4}",
            "<a title='",
        ]
        var out = String.UnicodeScalarView()
        for _ in 0..<Int.random(in: 1...40, using: &generator) {
            switch Int.random(in: 0..<4, using: &generator) {
            case 0: out.append(Unicode.Scalar(UInt8.random(in: 0...0xFF, using: &generator)))
            case 1: out.append(Unicode.Scalar(UInt32.random(in: 0...0x10FFFF, using: &generator)) ?? "x")
            default: out.append(contentsOf: (sequences.randomElement(using: &generator) ?? "").unicodeScalars)
            }
        }
        return String(out)
    }
}
