import Foundation
import Testing

@testable import FeedFormats

/// The cases of html5lib-tests for the data state. Where our tokenizer is simpler by intent the class of difference
/// stands in ``TokenizerDifference`` with its reason; anything else fails.
@Suite("Tokenizer against html5lib")
struct TokenizerConformanceTests {
    @Test("tokens are those of html5lib, but for the listed classes", .enabled(if: Corpora.isPresent))
    func corpus() throws {
        var (checks, unlisted) = (0, [String]())
        for file in Corpora.files("html5lib/tokenizer", extension: "test") {
            let root = try JSONSerialization.jsonObject(with: Data(contentsOf: file)) as? [String: Any]
            // "xmlViolationTests" are not read: they are about what XML cannot hold, and nothing here becomes XML.
            let cases = root?["tests"] as? [[String: Any]] ?? []
            for item in cases {
                guard let one = TokenizerCase(item) else { continue }
                checks += 1
                guard one.ours != one.theirs, TokenizerDifference.of(one) == nil else { continue }
                unlisted.append("\(file.lastPathComponent) \(one.name): \(one.ours) for \(one.theirs)")
            }
        }
        #expect(checks > 100)
        #expect(unlisted.isEmpty, "\(unlisted.count) of \(checks): \(unlisted.prefix(40).joined(separator: "\n"))")
    }
}

/// Why a case may differ.
enum TokenizerDifference: CaseIterable {
    /// Names past 16 bytes are all the same to us: no element or attribute that we know is longer.
    case longName
    /// A NUL is taken out like every control, where the standard shows U+FFFD.
    case nul
    /// A reference to a control, or to a character that could reorder a line, is nothing instead of that character.
    case control
    /// Of the attributes of a tag the first 32 are kept.
    case manyAttributes

    static func of(_ item: TokenizerCase) -> TokenizerDifference? {
        allCases.first { $0.explains(item) }
    }

    private func explains(_ item: TokenizerCase) -> Bool {
        switch self {
        case .longName: item.theirs.contains { $0.hasPrefix("<") && $0.utf8.count > HTMLName.maximumBytes + 2 }
        case .nul: item.input.unicodeScalars.contains("\0")
        case .control: item.theirs != item.theirs.map(CleanText.block)
        case .manyAttributes: item.theirs.contains { $0.split(separator: "\u{1}").count > 33 }
        }
    }
}

/// One case: the tokens as text, comments and document types left out, since neither reaches anybody.
struct TokenizerCase {
    let name: String
    let input: String
    let theirs: [String]
    let ours: [String]

    init?(_ item: [String: Any]) {
        guard item["doubleEscaped"] == nil, let input = item["input"] as? String,
            let output = item["output"] as? [Any],
            (item["initialStates"] as? [String]).map({ $0.contains("Data state") }) ?? true
        else { return nil }
        name = item["description"] as? String ?? ""
        self.input = input
        theirs = Self.merged(output.compactMap { ($0 as? [Any]).flatMap(Self.text) })
        ours = Self.merged(Self.tokens(of: input))
    }

    private static func text(of token: [Any]) -> String? {
        switch token.first as? String {
        case "Character": return token[1] as? String
        case "StartTag":
            let attributes = token[2] as? [String: String] ?? [:]
            return tag(token[1] as? String ?? "", attributes)
        case "EndTag": return "</\(token[1])>"
        default: return nil
        }
    }

    private static func tag(_ name: String, _ attributes: [String: String]) -> String {
        "<" + ([name] + attributes.map { "\($0.key)=\($0.value)" }.sorted()).joined(separator: "\u{1}") + ">"
    }

    private static func tokens(of input: String) -> [String] {
        CleanText.withBytes(of: input) { bytes in
            var tokenizer = HTMLTokenizer(bytes)
            var tokens: [String] = []
            while let token = tokenizer.next() {
                switch token {
                case .text(let range):
                    var out: [UInt8] = []
                    let rules = HTMLAttributeRules(base: nil)
                    rules.decode(UnsafeBufferPointer(rebasing: bytes[range]), inAttribute: false, into: &out)
                    tokens.append(String(decoding: out, as: UTF8.self))
                case .start(let name): tokens.append(tag(text(name), attributes(in: tokenizer)))
                case .end(let name): tokens.append("</\(text(name))>")
                }
            }
            return tokens
        }
    }

    private static func attributes(in tokenizer: HTMLTokenizer) -> [String: String] {
        var result: [String: String] = [:]
        for attribute in tokenizer.attributes {
            let bytes = tokenizer.bytes[attribute.name]
            let small = bytes.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
            let name = String(decoding: small, as: UTF8.self)
            if result[name] == nil { result[name] = HTMLAttributeRules.value(attribute, in: tokenizer) }
        }
        return result
    }

    private static func text(_ name: HTMLName) -> String {
        let bytes =
            withUnsafeBytes(of: name.low.littleEndian, Array.init)
            + withUnsafeBytes(of: name.high.littleEndian, Array.init)
        return String(decoding: bytes.filter { $0 != 0 }, as: UTF8.self)
    }

    private static func merged(_ tokens: [String]) -> [String] {
        var result: [String] = []
        for token in tokens where !token.isEmpty {
            if !isTag(token), let last = result.last, !isTag(last) {
                result[result.count - 1] += token
            } else {
                result.append(token)
            }
        }
        return result
    }

    private static func isTag(_ token: String) -> Bool {
        token.hasPrefix("<") && token.hasSuffix(">") && token.utf8.count > 2
    }
}
