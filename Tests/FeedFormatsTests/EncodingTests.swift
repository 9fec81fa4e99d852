import FeedFormats
import Foundation
import Testing

/// (`Foundation` for `String.data(using:)`: tests only.)
@Suite("Encodings")
struct EncodingTests {
    private func feed(_ title: [UInt8], declared: String? = nil, header: String? = nil) throws -> ParsedFeed {
        var bytes = Data()
        if let declared { bytes.append(Data("<?xml version=\"1.0\" encoding=\"\(declared)\"?>".utf8)) }
        bytes.append(Data("<rss version=\"2.0\"><channel><title>".utf8))
        bytes.append(contentsOf: title)
        bytes.append(Data("</title></channel></rss>".utf8))
        return try FeedParser.parse(bytes, contentType: header, baseURL: nil)
    }

    @Test(
        "a declared encoding is read, under any of its names, and told by the Encoding Standard's",
        arguments: [
            ("Shift_JIS", [0x93, 0xFA, 0x96, 0x7B], "日本", "shift_jis"), ("x-sjis", [0x93, 0xFA], "日", "shift_jis"),
            ("EUC-JP", [0xC6, 0xFC, 0xCB, 0xDC], "日本", "euc-jp"), ("gb2312", [0xD6, 0xD0, 0xCE, 0xC4], "中文", "gbk"),
            ("Big5", [0xA4, 0xA4, 0xA4, 0xE5], "中文", "big5"), ("EUC-KR", [0xC7, 0xD1, 0xB1, 0xDB], "한글", "euc-kr"),
            ("KOI8-R", [0xF2, 0xD5, 0xD3], "Рус", "koi8-r"),
            ("windows-1251", [0xD0, 0xF3, 0xF1], "Рус", "windows-1251"),
            ("ISO-8859-1", [0x93, 0xE9], "\u{201C}é", "windows-1252"), ("latin2", [0xB1], "ą", "iso-8859-2"),
            ("ISO-2022-JP", [0x1B, 0x24, 0x42, 0x46, 0x7C, 0x1B, 0x28, 0x42], "日", "iso-2022-jp"),
            ("cp437", [0x82], "é", "cp437"),
        ] as [(String, [UInt8], String, String)])
    func declared(label: String, bytes: [UInt8], title: String, name: String) throws {
        let feed = try feed(bytes, declared: label)
        #expect(feed.title == title)
        #expect(feed.encoding == name)
        #expect(feed.warnings.isEmpty)
    }

    @Test("bytes that are UTF-8 are read as such although the document says otherwise, and the feed says so")
    func contradictedLatin1() throws {
        for label in ["us-ascii", "iso-8859-1", "windows-1252", "koi8-r"] {
            let feed = try feed(Array("Café".utf8), declared: label)
            #expect(feed.title == "Café" && feed.encoding == "utf-8")
            #expect(feed.warnings.map(\.code) == [.badEncoding])
        }
    }

    @Test("bytes that are no UTF-8 are read as windows-1252 although the document says UTF-8, and the feed says so")
    func contradictedUTF8() throws {
        let feed = try feed([0x43, 0x61, 0x66, 0xE9, 0x20, 0x96], declared: "utf-8")
        #expect(feed.title == "Café –" && feed.encoding == "windows-1252")
        #expect(feed.warnings.map(\.code) == [.badEncoding])
    }

    @Test("a header that says UTF-8 gives way to a declaration that fits the bytes")
    func wrongHeader() throws {
        let feed = try feed([0xF2, 0xD5, 0xD3], declared: "koi8-r", header: "text/xml; charset=utf-8")
        #expect(feed.title == "Рус" && feed.encoding == "koi8-r")
        #expect(feed.warnings.map(\.code) == [.badEncoding])
    }

    @Test("an encoding that nobody knows is named in a warning, and names no module of iconv")
    func unknown() throws {
        let feed = try feed(Array("Café".utf8), declared: "../../evil")
        #expect(feed.title == "Café" && feed.encoding == "utf-8")
        #expect(feed.warnings.map(\.code) == [.badEncoding])
    }

    @Test("a document without a declaration is told by the look of it")
    func guesses() throws {
        let russian = "Правительство приняло новое решение о строительстве дороги между городами"
        for (encoding, name) in [(String.Encoding.windowsCP1251, "windows-1251")] {
            let bytes = try #require(russian.data(using: encoding))
            let feed = try feed(Array(bytes))
            #expect(feed.title == russian && feed.encoding == name)
        }
        let japanese = "これは日本語のテストです。ありがとうございます"
        let bytes = try #require(japanese.data(using: .shiftJIS))
        #expect(try feed(Array(bytes)).encoding == "shift_jis")
        let french = "L'été dernier, à la fête, où les élèves ont chanté"
        #expect(try feed(Array(#require(french.data(using: .isoLatin1)))).title == french)
    }

    @Test("the C1 controls that no feed means are the characters of windows-1252 in their places")
    func demoronised() throws {
        #expect(try feed(Array("don\u{92}t".utf8)).title == "don\u{2019}t")
    }
}
