import Foundation
import SyncCore
import SyncTestKit
import Testing

@testable import ReaderSyncCLI
import TerminalText

@Suite("The output layer")
struct OutputTests {
    @Test(
        "text from elsewhere loses what a terminal would obey, and nothing else",
        arguments: [
            ("plain", "plain"), ("\u{1B}[31mred\u{1B}[0m", "red"), ("a\u{1B}]0;title\u{7}b", "ab"),
            ("a\u{1B}]8;;x\u{1B}\\b", "ab"), ("a\u{9B}2Jb", "ab"), ("lone \u{1B} escape", "lone  escape"),
            ("open \u{1B}]0;never closed", "open ]0;never closed"), ("line\nbreak\ttab", "line break tab"),
            ("\u{202E}turned\u{202C}", "turned"), ("e\u{301} 港 👩‍🚀", "e\u{301} 港 👩‍🚀"), ("\u{1B}", ""),
        ])
    func safeText(_ text: String, _ expected: String) {
        #expect(SafeText.line(text).unicodeScalars.elementsEqual(expected.unicodeScalars))
    }

    @Test(
        "a text is as wide as a terminal makes it",
        arguments: [("abc", 3), ("港の夜", 6), ("e\u{301}", 1), ("👩‍🚀", 2), ("🇨🇭", 2), ("ﾊ", 1), ("❤️", 2), ("", 0)])
    func width(_ text: String, _ columns: Int) {
        #expect(TextWidth.columns(text) == columns)
    }

    @Test("a cut text is never wider than the room it has", arguments: 0...12)
    func truncation(_ columns: Int) {
        for text in ["short", "港の夜明けを待つ", "a longer headline", "mixed 港 text"] {
            #expect(TextWidth.columns(TextWidth.truncated(text, to: columns)) <= columns)
            let styled = StyledText(text, .bold) + StyledText(text, .dim)
            #expect(styled.truncated(to: columns).columns <= columns)
        }
    }

    @Test("wrapped lines fit and lose no word")
    func wrapping() {
        let text = "A long line of words, 港の夜明けを待つ人々, and averyveryverylongwordindeed at the end"
        let lines = StyledText(text).wrapped(to: 12).map(\.plain)
        #expect(lines.allSatisfy { TextWidth.columns($0) <= 12 })
        let words = lines.joined().filter { $0 != " " }
        #expect(words == text.filter { $0 != " " })
    }

    @Test("wrapped lines keep the blanks within them and are all indented as the first is")
    func indentation() {
        func wrapped(_ text: String, _ columns: Int) -> [String] { StyledText(text).wrapped(to: columns).map(\.plain) }
        #expect(wrapped("    if x:", 20) == ["    if x:"])
        #expect(wrapped("    return   2 or more", 14) == ["    return   2", "    or more"])
        #expect(SafeText.lines("\tif x:\n\t\treturn") == ["    if x:", "        return"])
        // However much is indented, and whatever the width, half of it is left for the text.
        let blanks = String(repeating: " ", count: 1_000_000)
        for columns in 2...9 {
            let lines = wrapped(blanks + "港 words" + blanks + "and more" + blanks, columns)
            #expect(lines.count < 20 && lines.allSatisfy { TextWidth.columns($0) <= columns })
            #expect(lines.joined().filter { $0 != " " } == "港wordsandmore")
        }
        #expect(wrapped(blanks, 10) == [""])
    }

    @Test("a table on a terminal fits its width; elsewhere nothing is cut")
    func tables() {
        let long = String(repeating: "word ", count: 30)
        let table = Table(
            columns: [Table.Column(title: "ID"), Table.Column(title: "TITLE", isFlexible: true)],
            rows: [["abcd", StyledText(long)], ["abcdef", "港の夜明け"]])
        #expect(table.lines(width: 40).allSatisfy { $0.columns <= 40 })
        #expect(table.lines(width: nil).contains { $0.plain.contains(long) })
        #expect(table.lines(width: 40)[2].plain.hasPrefix("abcdef  港"))
    }

    @Test("colours are written only where they are wanted")
    func colours() {
        let text = StyledText("warning", .warning) + StyledText(" text")
        #expect(text.rendered(colour: false) == "warning text")
        #expect(text.rendered(colour: true) == "\u{1B}[33mwarning\u{1B}[0m text")
    }

    @Test("JSON has sorted members, and escapes what a terminal would obey without changing the value")
    func json() throws {
        let text = "q\" b\\ n\n esc\u{1B}[31m c1\u{9B} rlo\u{202E} 港"
        let document = JSONText.text(.object(["b": .string(text), "a": .array([.null, .bool(true), .integer(-3)])]))
        #expect(document.hasPrefix("{\"a\":[null,true,-3],\"b\":"))
        #expect(document.unicodeScalars.allSatisfy { !$0.isControl })
        #expect(
            try JSONDecoder().decode([String: CodableJSON].self, from: Data(document.utf8))["b"]?.value == .string(text)
        )
    }
}

@Suite("Words of the command line")
struct InputTests {
    private let now = WallTime(milliseconds: 1_795_500_000_000)

    @Test(
        "points in time are read",
        arguments: [
            ("24h", -86_400_000), ("7d", -604_800_000), ("90min", -5_400_000), ("2w", -1_209_600_000),
        ] as [(String, Int64)])
    func spans(_ text: String, _ offset: Int64) {
        #expect(TimeText.parse(text, now: now) == now.advanced(by: offset))
    }

    @Test("an instant is read as it is written, with its zone")
    func instants() {
        let noon = WallTime(milliseconds: 1_795_521_600_000)
        #expect(TimeText.timestamp(noon) == "2026-11-24T12:00:00.000Z")
        #expect(TimeText.parse("2026-11-24T12:00:00Z", now: now) == noon)
        #expect(TimeText.parse("2026-11-24T13:00:00.5+01:00", now: now) == noon)
        #expect(TimeText.timestamp(WallTime(milliseconds: -1)) == "1969-12-31T23:59:59.999Z")
    }

    @Test("an instant without a zone is one here, as a date is")
    func localInstants() throws {
        let midnight = try #require(TimeText.parse("2026-11-24", now: now))
        #expect(TimeText.parse("2026-11-24T00:00", now: now) == midnight)
        #expect(TimeText.parse("2026-11-24T19:30:05", now: now) == midnight.advanced(by: 70_205_000))
    }

    @Test(
        "what is no point in time is refused",
        arguments: [
            "", "7", "d", "7y", "2026-13-01", "2026-02-30", "2026-11-24T25:00Z", "2026-11-24T25:00", "2026-02-30T12:00",
            "2026-11-24T", "-1d", "٧d",
        ])
    func refusedTimes(_ text: String) {
        #expect(TimeText.parse(text, now: now) == nil)
    }

    @Test(
        "per cent become basis points",
        arguments: [("0", 0), ("100%", 10_000), ("42.5%", 4_250), ("0.07", 7), ("99.99", 9_999)])
    func percent(_ text: String, _ points: Int) {
        #expect(ProgressCommand.points(text) == points)
    }

    @Test("what is no per cent is refused", arguments: ["", "%", "-1", "100.01", "1e2", "5.", ".5", "1.234", "NaN"])
    func refusedPercent(_ text: String) {
        #expect(ProgressCommand.points(text) == nil)
    }

    @Test("slips of the finger find their word")
    func spelling() {
        let words = ["list", "login", "logout", "sync", "unsave"]
        #expect(Spelling.nearest(to: "lits", among: words).first == "list")
        #expect(Spelling.nearest(to: "synk", among: words) == ["sync"])
        #expect(Spelling.nearest(to: "zzzzzz", among: words).isEmpty)
    }

    @Test(
        "a server's address is checked",
        arguments: ["", "host", "ftp://h", "http://", "http://a b", "https://u:p@h", "http://h?x"])
    func addresses(_ text: String) {
        #expect(throws: CommandFailure.self) { try ServerURL.checked(text) }
    }

    @Test("only loopback may be spoken to in the clear without a warning")
    func clear() {
        #expect(ServerURL.isInTheClear("http://example.org"))
        #expect(!ServerURL.isInTheClear("https://example.org"))
        #expect(!ServerURL.isInTheClear("http://127.0.0.1:8080"))
        #expect(ServerURL.isInTheClear("http://localhost.example.org"))
    }
}
