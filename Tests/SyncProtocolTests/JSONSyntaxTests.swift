import Foundation
import SyncCore
import SyncProtocol
import Testing

@Suite("JSON, by the letter of RFC 8259")
struct JSONSyntaxTests {
    private func read(_ text: String) throws -> JSONValue {
        try WireCodec.decode(JSONValue.self, from: Data(text.utf8))
    }

    private func read(_ bytes: [UInt8]) throws -> JSONValue {
        try WireCodec.decode(JSONValue.self, from: Data(bytes))
    }

    @Test(
        "what is JSON is read",
        arguments: [
            ("null", .null), (" true ", .bool(true)), ("\r\n\t[ ]", .array([])), ("{ }", .object([:])),
            ("[1 , -2]", .array([.integer(1), .integer(-2)])),
            (#"{"a" : {"b":[]}}"#, .object(["a": .object(["b": .array([])])])),
            (#""\"\\\/\b\f\n\r\t\u0000\u00e9\uD83D\uDE00""#, .string("\"\\/\u{8}\u{C}\n\r\t\0é😀")),
            (
                #""plain \u007f 港 text that is longer than eight bytes""#,
                .string("plain \u{7F} 港 text that is longer than eight bytes")
            ),
        ] as [(String, JSONValue)])
    func accepted(text: String, value: JSONValue) throws {
        #expect(try read(text) == value)
    }

    @Test(
        "what is not JSON is refused, with the byte at which it ends to be",
        arguments: [
            ("", 0), (" ", 1), ("[1,]", 3), (#"{"a":1,}"#, 7), ("[1 2]", 3), (#"{"a"}"#, 4), (#"{1:2}"#, 1), ("1 2", 2),
            ("nul", 0), ("[tru]", 1), ("01", 1), ("-", 1), ("+1", 0), ("1.", 2), (".5", 0), ("1e", 2), ("1e+", 3),
            ("0x1", 1), ("NaN", 0), ("'a'", 0), (#""a"#, 2), ("\"a\nb\"", 2), (#""\q""#, 1), (#""\u00g0""#, 1),
            (#""\u12"#, 1), ("[", 1), ("{", 1), ("]", 0), ("[}", 1), (#"{"a":}"#, 5), ("/**/1", 0), ("\u{FEFF}1", 0),
            ("1\u{0}", 1), ("\u{A0}1", 0),
        ])
    func refused(text: String, place: Int) {
        let error = #expect(throws: WireError.self) { try read(text) }
        #expect(error?.description.hasSuffix("at byte \(place)") == true, "\(error?.description ?? "")")
    }

    @Test("512 levels are read, one more is refused")
    func depth() throws {
        for (left, right) in [("[", "]"), ("{\"a\":[", "]}")] {
            let levels = 512 / left.filter { "[{".contains($0) }.count
            let deep = String(repeating: left, count: levels) + String(repeating: right, count: levels)
            #expect(throws: Never.self) { try read(deep) }
            #expect(throws: WireError.self) { try read("[" + deep + "]") }
        }
    }

    @Test(
        "bytes that are no UTF-8 are refused wherever they stand in a string",
        arguments: [
            [0x80], [0xC0, 0x80], [0xC1, 0xBF], [0xC3], [0xE0, 0x9F, 0xBF], [0xED, 0xA0, 0x80], [0xE6, 0xB8],
            [0xF0, 0x8F, 0xBF, 0xBF], [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xFF], [0xF0, 0x9F, 0x98],
        ] as [[UInt8]])
    func notUTF8(bytes: [UInt8]) {
        for padding in 0..<17 {
            let text = Array("\"".utf8) + Array(repeating: 0x61, count: padding) + bytes + Array("bc\"".utf8)
            #expect(throws: WireError.self) { try read(text) }
        }
    }

    @Test("each character of Unicode is read as it stands and as it is escaped")
    func characters() throws {
        for value in stride(from: 0 as UInt32, through: 0x10FFFF, by: 61) {
            guard let scalar = Unicode.Scalar(value) else { continue }
            let text = String(Character(scalar))
            let escaped = text.utf16.map {
                "\\u" + String(repeating: "0", count: 4 - String($0, radix: 16).count) + String($0, radix: 16)
            }
            #expect(try read("\"" + escaped.joined() + "\"") == .string(text))
            if value >= 0x20, scalar != "\"", scalar != "\\" { #expect(try read("\"\(text)\"") == .string(text)) }
        }
    }

    @Test("a control character, mark or backslash is found at any offset in a string")
    func offsets() throws {
        for offset in 0..<40 {
            let before = String(repeating: "x", count: offset)
            #expect(try read("\"\(before)\\n\(before)\"") == .string(before + "\n" + before))
            #expect(throws: WireError.self) { try read("\"\(before)\u{1F}\(before)\"") }
            #expect(throws: WireError.self) { try read("\"\(before)\"\(before)\"") }
        }
    }

    @Test(
        "integers are exact over all of 64 bits, and what is no integer is a fraction",
        arguments: [
            ("9223372036854775807", .integer(.max)), ("-9223372036854775808", .integer(.min)), ("-0", .integer(0)),
            ("1.0", .integer(1)), ("1e3", .integer(1_000)), ("50e-1", .integer(5)),
            ("1E+18", .integer(1_000_000_000_000_000_000)),
            ("9007199254740993.0", .integer(9_007_199_254_740_993)), ("0e999999999999", .integer(0)),
            ("9223372036854775808", .fraction(0x1p63)), ("-9223372036854775809", .fraction(-0x1p63)),
            ("0.1", .fraction(0.1)), ("1e-5", .fraction(1e-5)), ("1.5e300", .fraction(1.5e300)),
            ("1e-400", .integer(0)),
        ] as [(String, JSONValue)])
    func numbers(text: String, value: JSONValue) throws {
        #expect(try read(text) == value)
    }

    @Test("a number beyond binary64 is refused", arguments: ["1e400", "-1e400", "1e99999999999999999999"])
    func tooLarge(text: String) {
        #expect(throws: WireError.self) { try read(text) }
    }

    @Test(
        "unsigned numbers keep to their range",
        arguments: [
            ("18446744073709551615", UInt64.max), ("18446744073709551616", nil), ("-1", nil), ("1.5", nil), ("-0", 0),
            ("1e19", 10_000_000_000_000_000_000), ("99999999999999999999", nil), ("123456789012345678901234", nil),
        ] as [(String, UInt64?)])
    func unsigned(text: String, value: UInt64?) {
        #expect((try? WireCodec.decode(UInt64.self, from: Data(text.utf8))) == value)
    }

    @Test("a number of a million digits takes no longer than reading it")
    func longNumber() throws {
        let digits = String(repeating: "7", count: 1_000_000)
        #expect(throws: WireError.self) { try read(digits) }
        #expect(try read("0." + digits) == .fraction(0.7777777777777778))
        #expect(throws: WireError.self) { try WireCodec.decode(UInt64.self, from: Data("1\(digits).0e5".utf8)) }
    }

    @Test("half of a surrogate pair spoils the text or object that it is in, and nothing beside it")
    func surrogates() throws {
        for half in [#"\ud800"#, #"\udc00"#, #"\ud800\ud800"#, #"x\udfff\ud800\udc00"#, #"\ud800\u0041"#] {
            let list =
                #"[{"sequence":1,"own":5,"received":0,"x":"\#(half)"},{"sequence":"\#(half)"},"#
                + #"{"\#(half)":1,"sequence":2,"own":5,"received":0},{"sequence":3,"own":6,"received":0}]"#
            let read = try WireCodec.decode(LenientList<WireEntry>.self, from: Data(list.utf8))
            #expect(read.elements.count == 2 && read.failures.map(\.path) == ["[1].sequence", "[2]"])
        }
    }

    @Test("of two members of one name the first counts, however the name is spelt")
    func duplicates() throws {
        #expect(try read(#"{"a":1,"a":2}"#) == .object(["a": .integer(1)]))
        let text = #"{"c\u0075rsors":[],"cursors":[1]}"#
        #expect(try WireCodec.decode(CommonRequest.self, from: Data(text.utf8)) == CommonRequest(cursors: []))
    }
}
