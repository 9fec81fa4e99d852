import SyncTestKit
import TerminalScreen
import Testing

@Suite("Sixels that a program made, looked through")
struct SixelPictureTests {
    private static let size = PixelSize(width: 4, height: 9)
    /// Two bands of four columns, the second one of three rows, in two colours.
    private static let good = "\u{1B}Pq\"1;1;4;9#0;2;0;0;0#1;2;100;0;0#0~~~~$#1!4?-#1!2FF#0F\u{1B}\\"

    private static func picture(_ text: String) -> SixelPicture? { SixelPicture(Array(text.utf8), size: size) }

    @Test(
        "one picture of the size that was asked for is taken as it is, and drawn at its place with the cursor put back")
    func taken() throws {
        let picture = try #require(Self.picture(Self.good))
        #expect(picture.text == Self.good)
        #expect(picture.show(at: .init(column: 2, row: 6)) == "\u{1B}7\u{1B}[7;3H\(Self.good)\u{1B}8")
        #expect(Self.picture(Self.good.replacingOccurrences(of: "Pq", with: "P0;1;0q")) != nil)
        #expect(Self.picture(Self.good.replacingOccurrences(of: "F\u{1B}", with: "F-\u{1B}")) != nil)
    }

    static let bad: [(String, String)] = [
        ("4;9", "5;9"), ("4;9", "4;10"), ("4;9", "4;99"), ("4;9", "4"), ("1;1;", "2;1;"), ("\"1;1;4;9", ""),
        ("4;9#", "4;9;1#"), ("~~~~$", "~~~~~$"), ("!4?", "!5?"), ("!4?", "!99999999999999999999?"), ("!4?", "!0?"),
        ("!4?", "!?"), ("!4?", "!4$"), ("$#1", "$\"1;1;4;9#1"), ("F\u{1B}", "F-F\u{1B}"), ("F\u{1B}", "F--\u{1B}"),
        ("$#1", "$\u{1B}]0;title\u{7}#1"), ("$#1", "$\u{1B}\\\u{1B}Pq#1"), ("$#1", "$\u{18}#1"), ("$#1", "$\u{9C}#1"),
        ("$#1", "$\n#1"), ("$#1", "$1#1"), ("$#1", "$ #1"), ("\u{1B}Pq", "\u{90}q"), ("Pq", "Pp"), ("Pq", "P$q"),
        ("\u{1B}Pq", " \u{1B}Pq"), ("F\u{1B}\\", "F\u{1B}\\\u{1B}[2J"), ("F\u{1B}\\", "F\u{1B}\\x"),
        ("F\u{1B}\\", "F\u{7}"),
    ]

    @Test("whatever paints elsewhere, or is anything else, is refused", arguments: bad)
    func refusal(_ part: String, _ replacement: String) throws {
        let text = Self.good.replacingOccurrences(of: part, with: replacement)
        #expect(text != Self.good)
        #expect(Self.picture(text) == nil)
    }

    @Test("no part of one is taken for one")
    func cut() {
        let bytes = Array(Self.good.utf8)
        for length in 0..<bytes.count {
            #expect(SixelPicture(Array(bytes.prefix(length)), size: Self.size) == nil)
            #expect(SixelPicture(Array(bytes.suffix(length)), size: Self.size) == nil)
        }
    }

    @Test("no bytes get past that a terminal could take for more than a picture", arguments: 0..<20 as Range<UInt64>)
    func noise(_ seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var bytes = Array(Self.good.utf8)
        for _ in 0..<400 {
            let at = Int.random(in: 0..<bytes.count, using: &random)
            let before = bytes[at]
            bytes[at] = UInt8.random(in: 0...255, using: &random)
            guard let picture = SixelPicture(bytes, size: Self.size) else {
                bytes[at] = before
                continue
            }
            #expect(picture.text.utf8.dropFirst().dropLast(2).allSatisfy { (0x20...0x7E).contains($0) })
        }
    }
}

extension String {
    /// With one text in place of another.
    fileprivate func replacingOccurrences(of part: String, with replacement: String) -> String {
        split(separator: part, omittingEmptySubsequences: false).joined(separator: replacement)
    }
}
