import SyncTestKit
import Testing

@testable import FeedFormats

/// What is looked at in words of eight bytes must read as if it were looked at byte by byte, wherever in a word it lies.
@Suite("Eight bytes at once")
struct ByteWordTests {
    @Test("bytes become the string that the standard library makes of them, valid or not")
    func strings() {
        var generator = SeededRandom(seed: 3)
        let pieces: [[UInt8]] = [
            Array("plain text, ".utf8), Array("é".utf8), Array("€".utf8), Array("😀".utf8), [0xC3], [0x80],
            [0xE2, 0x82],
            [0xF0, 0x9F, 0x98], [0xED, 0xA0, 0x80], [0xC0, 0xAF], [0xF5], [0xF4, 0x90, 0x80, 0x80], [0xE0, 0x80, 0x80],
        ]
        for _ in 0..<3_000 {
            // Half of them without what is no UTF-8.
            let choice = Bool.random(using: &generator) ? pieces.count : 4
            var bytes: [UInt8] = []
            for _ in 0..<Int.random(in: 0...12, using: &generator) {
                bytes += pieces[Int.random(in: 0..<choice, using: &generator)]
            }
            #expect(ValidText.string(bytes) == String(decoding: bytes, as: UTF8.self), "\(bytes)")
            #expect(UTF8Census(bytes).isValid == (String(validating: bytes, as: UTF8.self) != nil), "\(bytes)")
        }
    }

    @Test("the places of a byte are those where it stands, whatever stands beside it")
    func places() throws {
        var generator = SeededRandom(seed: 4)
        for _ in 0..<3_000 {
            let bytes = (0..<8).map { _ in
                [0x1F, 0x20, 0x21, 0xA0, 0x00].randomElement(using: &generator) ?? 0 as UInt8
            }
            let word = try #require(bytes.withUnsafeBufferPointer { ByteWord($0, at: 0) })
            let expected = bytes.indices.filter { bytes[$0] == 0x20 }.map { UInt64(0x80) << UInt64(8 * $0) }
            #expect(word.places(of: 0x20) == expected.reduce(0, |), "\(bytes)")
            #expect(word.hasControl == bytes.contains { $0 < 0x20 }, "\(bytes)")
            #expect(word.isASCII == bytes.allSatisfy { $0 < 0x80 }, "\(bytes)")
        }
    }

    @Test("white space is collapsed the same wherever it falls")
    func blanks() {
        var generator = SeededRandom(seed: 5)
        for _ in 0..<3_000 {
            let text = (0..<Int.random(in: 0...40, using: &generator)).map { _ in
                ["a", "bc", "é", " ", " ", "\n", "\t"].randomElement(using: &generator) ?? ""
            }.joined()
            let expected = text.split { " \n\t".contains($0) }.joined(separator: " ")
            #expect(PlainText.render("<p>\(text)</p>") == expected, "\(text.debugDescription)")
        }
    }

    @Test("text, plain or in a section, reads the same wherever its marks fall")
    func marks() throws {
        var generator = SeededRandom(seed: 6)
        let marks = ["&amp;", "&lt;b&gt;", " & ", "]]&gt;", "&eacute;", "\u{1}", "é", ">", "]"]
        for _ in 0..<300 {
            let text = (0..<Int.random(in: 1...6, using: &generator)).map { _ in
                (marks.randomElement(using: &generator) ?? "") + "xyz".prefix(Int.random(in: 0...3, using: &generator))
            }.joined()
            let section = text.filter { $0 != "]" }
            // Something stands before it in any case: blanks at the ends are trimmed.
            let whole = try Self.titles(text, section, shift: 1)
            for shift in 2..<10 {
                #expect(try Self.titles(text, section, shift: shift) == whole, "\(text.debugDescription) at \(shift)")
            }
        }
    }

    /// How a text reads that stands so many bytes further in.
    private static func titles(_ text: String, _ section: String, shift: Int) throws -> [String] {
        let filler = String(repeating: "f", count: shift)
        let items = [filler + text, "<![CDATA[\(filler)\(section)]]>"].map { "<item><title>\($0)</title></item>" }
        return try Sample.parse(Sample.rss(items.joined())).entries.map { String($0.headline.dropFirst(shift)) }
    }
}
