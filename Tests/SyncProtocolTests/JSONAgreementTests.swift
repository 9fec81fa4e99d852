import Foundation
import SyncCore
import SyncProtocol
import SyncTestKit
import Testing

/// Values drawn at random, of all kinds, with the characters and numbers that coders stumble over.
struct RandomJSON {
    var random: SeededRandom
    private static let pieces = [
        "a", "B", "é", "e\u{301}", "港", "😀", "\"", "\\", "/", "\n", "\r", "\t", "\u{8}", "\u{C}", "\0", "\u{1F}",
        "\u{7F}",
        "\u{80}", "\u{2028}", " ", "0", "<p class=\"x\">a longer run of plain text</p>",
    ]

    mutating func text() -> String {
        (0..<Int.random(in: 0..<9, using: &random)).map { _ in Self.pieces.randomElement(using: &random) ?? "" }
            .joined()
    }

    mutating func value(depth: Int = 0) -> JSONValue {
        switch Int.random(in: 0..<(depth > 4 ? 6 : 8), using: &random) {
        case 0: return .null
        case 1: return .bool(.random(using: &random))
        case 2: return .integer(Int64(bitPattern: random.next()) >> Int64.random(in: 0..<64, using: &random))
        case 3:
            let number = Double(bitPattern: random.next())
            return .fraction(number.isFinite ? number : 0.5)
        case 4: return .fraction(Double(Int.random(in: -9_999...9_999, using: &random)) / 100)
        case 5: return .string(text())
        case 6: return .array((0..<Int.random(in: 0..<5, using: &random)).map { _ in value(depth: depth + 1) })
        default:
            var members: [String: JSONValue] = [:]
            for _ in 0..<Int.random(in: 0..<6, using: &random) { members[text()] = value(depth: depth + 1) }
            return .object(members)
        }
    }
}

@Suite("Our JSON and Foundation's")
struct JSONAgreementTests {
    /// What the libraries wrote with before they had a writer of their own: digests stand on these bytes.
    private func foundation(_ value: JSONValue) throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return try encoder.encode(CodableJSON(value))
    }

    @Test("write the same bytes, and read the same values from them")
    func sameBytes() throws {
        var drawn = RandomJSON(random: SeededRandom(seed: 1))
        for _ in 0..<3_000 {
            let value = drawn.value()
            let bytes = try WireCodec.encode(value)
            #expect(bytes == (try foundation(value)))
            let ours = try WireCodec.decode(JSONValue.self, from: bytes)
            #expect(ours == (try JSONDecoder().decode(CodableJSON.self, from: bytes)).value)
        }
    }

    @Test(
        "spell every binary64 number alike",
        arguments: [1, 0.1, -0.0, 1e15, 1e16, 1e21, .leastNonzeroMagnitude, 1e-4, 1e-5, .pi, 1.7976931348623157e308])
    func fractions(number: Double) throws {
        #expect(try WireCodec.encode(JSONValue.fraction(number)) == (try foundation(.fraction(number))))
    }

    @Test("refuse to write what is no number", arguments: [Double.infinity, -.infinity, .nan])
    func noNumber(number: Double) {
        #expect(throws: WireError.self) { try WireCodec.encode(JSONValue.array([.fraction(number)])) }
    }

    @Test(
        "agree on damaged messages, but for what Foundation lets pass and RFC 8259 does not",
        arguments: 1...8 as ClosedRange<UInt64>)
    func damaged(seed: UInt64) throws {
        var drawn = RandomJSON(random: SeededRandom(seed: seed))
        var accepted = 0
        for _ in 0..<2_500 {
            var bytes = [UInt8](try WireCodec.encode(drawn.value()))
            for _ in 0...Int.random(in: 0..<3, using: &drawn.random) { Self.damage(&bytes, &drawn.random) }
            let ours = try? WireCodec.decode(JSONValue.self, from: Data(bytes))
            if ours != nil { accepted += 1 }
            guard Self.isCertain(bytes) else { continue }
            let theirs = try? JSONDecoder().decode(CodableJSON.self, from: Data(bytes)).value
            if ours != theirs, !Self.isLeniency(bytes, theirs) {
                Issue.record(
                    "\(String(decoding: bytes, as: UTF8.self)): \(String(describing: ours)), not \(String(describing: theirs))"
                )
            }
        }
        #expect(accepted > 250)
    }

    private static func damage(_ bytes: inout [UInt8], _ random: inout SeededRandom) {
        let telling: [UInt8] =
            Array("{}[]\",:\\u0123456789.eE+-tfn /\n\u{0}\u{1F}".utf8) + [0x80, 0xC3, 0xED, 0xA0, 0xF4, 0xFF]
        let at = bytes.isEmpty ? 0 : Int.random(in: 0..<bytes.count, using: &random)
        switch Int.random(in: 0..<6, using: &random) {
        case 0 where !bytes.isEmpty: bytes[at] ^= 1 << UInt8.random(in: 0..<8, using: &random)
        case 1 where !bytes.isEmpty: bytes.remove(at: at)
        case 2: bytes.insert(telling.randomElement(using: &random) ?? 0, at: at)
        case 3 where !bytes.isEmpty: bytes[at] = telling.randomElement(using: &random) ?? 0
        case 4: bytes.removeLast(min(bytes.count, Int.random(in: 0..<4, using: &random)))
        default: bytes.insert(contentsOf: bytes.prefix(at).suffix(8), at: at)
        }
    }

    /// Whether Foundation can be asked at all: it puts marks in the place of damaged UTF-8, reads other encodings by
    /// their zero bytes, and stops the process at some numbers of many digits.
    private static func isCertain(_ bytes: [UInt8]) -> Bool {
        guard String(validating: bytes, as: UTF8.self) != nil, !bytes.contains(0) else { return false }
        return !bytes.split(whereSeparator: { !"0123456789.eE+-".utf8.contains($0) }).contains {
            $0.count > 16 && $0.contains { ".eE".utf8.contains($0) }
        }
    }

    /// Where Foundation accepts more: a comma before a closing bracket; a byte order mark.
    private static func isLeniency(_ bytes: [UInt8], _ theirs: JSONValue?) -> Bool {
        guard theirs != nil else { return false }
        let text = String(decoding: bytes, as: UTF8.self)
        return text.hasPrefix("\u{FEFF}") || text.contains(/,[ \n\r\t]*[\]}]/)
    }
}
