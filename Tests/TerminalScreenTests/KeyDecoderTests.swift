import SyncTestKit
import TerminalScreen
import Testing

@Suite("Keys from bytes")
struct KeyDecoderTests {
    static let known: [(String, [Key])] = [
        ("j", ["j"]), ("G", ["G"]), (" ", [" "]), ("é", ["é"]), ("港", ["港"]), ("🚀", ["🚀"]),
        ("\r", [.enter]), ("\n", [.enter]), ("\t", [.tab]), ("\u{7F}", [.backspace]), ("\u{08}", [.backspace]),
        ("\u{03}", [.control("c")]), ("\u{1A}", [.control("z")]), ("\u{1C}", [.control("\\")]),
        ("\u{00}", [.control("`")]),
        ("\u{1B}[A", [.up]), ("\u{1B}OA", [.up]), ("\u{1B}[1;5B", [.down]), ("\u{1B}[H", [.home]), ("\u{1B}OF", [.end]),
        ("\u{1B}[1~", [.home]), ("\u{1B}[7~", [.home]), ("\u{1B}[4~", [.end]), ("\u{1B}[5~", [.pageUp]),
        ("\u{1B}[6;2~", [.pageDown]), ("\u{1B}[3~", [.delete]), ("\u{1B}[Z", [.backTab]), ("\u{1B}OP", [.function(1)]),
        ("\u{1B}[[A", [.function(1)]), ("\u{1B}[15~", [.function(5)]), ("\u{1B}[24~", [.function(12)]),
        ("\u{1B}x", [.alt("x")]), ("\u{1B}[27u", [.escape]), ("\u{1B}[99;5u", [.control("c")]), ("\u{1B}[97;1u", ["a"]),
        ("\u{1B}[?62;22c", [.answer(.attributes(hasSixel: false))]), ("\u{1B}[I", [.other]),
        ("\u{1B}]11;rgb:0/0/0\u{1B}\\q", ["q"]),
        ("\u{1B}]11;rgb:0/0/0\u{7}q", ["q"]), ("\u{1B}[200~a b\nc\u{1B}[201~q", [.paste("a b\nc"), "q"]),
        ("\u{1B}\u{1B}[A", [.escape, .up]), ("jk\u{1B}[Bq", ["j", "k", .down, "q"]),
        ("\u{1B}[?62;4;22cq", [.answer(.attributes(hasSixel: true)), "q"]),
        ("\u{1B}[?1;2;4c", [.answer(.attributes(hasSixel: true))]),
        // The first number is a level, the fourth of them no sixels.
        ("\u{1B}[?4;6c", [.answer(.attributes(hasSixel: false))]), ("\u{1B}[>4;4;0c", [.other]),
        ("j\u{1B}[6;20;10tk", ["j", .answer(.cell(PixelSize(width: 10, height: 20))), "k"]),
        ("\u{1B}[6;0;0t", [.other]), ("\u{1B}[6;9999999;8t", [.other]), ("\u{1B}[4;600;800t", [.other]),
    ]

    @Test("each sequence is its key, whole or byte by byte", arguments: known)
    func sequences(_ text: String, _ expected: [Key]) {
        var whole = KeyDecoder()
        #expect(whole.feed(text.utf8) == expected)
        var pieces = KeyDecoder()
        #expect(text.utf8.flatMap { pieces.feed([$0]) } == expected)
        #expect(!whole.isWaiting)
    }

    @Test("an escape alone waits, and is the key once nothing follows")
    func loneEscape() {
        var decoder = KeyDecoder()
        #expect(decoder.feed([0x1B]).isEmpty)
        #expect(decoder.isWaiting)
        #expect(decoder.expire() == [.escape])
        #expect(!decoder.isWaiting)
        #expect(decoder.feed("[A".utf8) == ["[", "A"])
    }

    @Test("an answer that comes in pieces is waited for longer than a key")
    func slowAnswer() {
        var decoder = KeyDecoder()
        #expect(decoder.timeout == nil)
        #expect(decoder.feed("\u{1B}".utf8).isEmpty && decoder.timeout == KeyDecoder.patience)
        #expect(decoder.feed("[?62".utf8).isEmpty && decoder.timeout == KeyDecoder.longPatience)
        #expect(decoder.feed(";4c".utf8) == [.answer(.attributes(hasSixel: true))])
        #expect(decoder.timeout == nil)
    }

    @Test("once the terminal was asked an escape may be the answer's, until that is there")
    func expectedAnswer() {
        var decoder = KeyDecoder()
        decoder.expectsAnswer = true
        #expect(decoder.feed("\u{1B}".utf8).isEmpty && decoder.timeout == KeyDecoder.longPatience)
        #expect(decoder.feed("[".utf8).isEmpty && decoder.timeout == KeyDecoder.longPatience)
        #expect(decoder.feed("?6c".utf8) == [.answer(.attributes(hasSixel: false))])
        #expect(decoder.feed("\u{1B}".utf8).isEmpty && decoder.timeout == KeyDecoder.patience)
    }

    @Test("Alt and a letter that begins an answer is a key once nothing follows", arguments: "]PX^_[O")
    func alt(_ letter: Character) {
        var decoder = KeyDecoder()
        #expect(decoder.feed("\u{1B}\(letter)".utf8).isEmpty)
        #expect(decoder.isWaiting)
        #expect(decoder.expire() == [.alt(letter)])
        #expect(decoder.feed("q".utf8) == ["q"])
    }

    @Test("an answer without end ends at Ctrl-C, at CAN, after a while, and at a length")
    func endlessAnswer() {
        var decoder = KeyDecoder()
        #expect(decoder.feed("\u{1B}]11;rgb\u{3}q".utf8) == [.control("c"), "q"])
        #expect(decoder.feed("\u{1B}P1$r\u{18}q".utf8) == ["q"])
        #expect(decoder.feed("\u{1B}_abc".utf8).isEmpty)
        #expect(decoder.expire() == [.other])
        #expect(decoder.feed("\u{1B}X".utf8 + [UInt8](repeating: 0x61, count: 5_000)).contains("a"))
    }

    @Test("a paste does not expire, and its size is bounded")
    func paste() throws {
        var decoder = KeyDecoder()
        #expect(decoder.feed("\u{1B}[200~".utf8).isEmpty)
        #expect(!decoder.isWaiting)
        let size = KeyDecoder.maximumPaste + 500
        #expect(decoder.feed(repeatElement(UInt8(ascii: "x"), count: size)).isEmpty)
        #expect(decoder.feed("\u{1B}[201~".utf8) == [.paste(String(repeating: "x", count: KeyDecoder.maximumPaste))])
        #expect(decoder.feed("q".utf8) == ["q"])
    }

    @Test("broken UTF-8 is one mark of replacement, and the next key is not lost")
    func brokenText() {
        var decoder = KeyDecoder()
        #expect(decoder.feed([0xE6, 0xB8, UInt8(ascii: "q")]) == ["\u{FFFD}", "q"])
        #expect(decoder.feed([0xFF, UInt8(ascii: "q")]) == ["\u{FFFD}", "q"])
        #expect(decoder.feed([0xED, 0xA0, 0x80, UInt8(ascii: "q")]) == ["\u{FFFD}", "q"])
    }

    @Test("whatever bytes come, a person gets back to typing", arguments: 0..<40 as Range<UInt64>)
    func noise(_ seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var decoder = KeyDecoder()
        let alphabet = Array("\u{1B}\u{1B}[O]PX^_;~0129uq\r\u{18}".utf8) + [0xE6, 0x80]
        for _ in 0..<500 { _ = decoder.feed([alphabet.randomElement(using: &random) ?? 0]) }
        _ = decoder.expire()
        // Only the end of a paste ends a paste.
        _ = decoder.feed("\u{1B}[201~".utf8)
        #expect(decoder.feed("q".utf8).last == "q")
    }
}
