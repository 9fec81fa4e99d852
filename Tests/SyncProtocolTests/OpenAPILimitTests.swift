import Foundation
import SyncCore
import SyncProtocol
import SyncTestKit
import Testing

/// The numbers of `Protocol/openapi.json` and of the table in `Protocol/spec.md` are those of the code.
@Suite("Limits as they are written down")
struct OpenAPILimitTests {
    let api: APIDescription

    init() throws { api = try APIDescription.ours.get() }

    /// `Limits`, by name. That none is missing is tested against the source.
    private static let limits: [String: UInt64] = [
        "protocolVersion": UInt64(Limits.protocolVersion), "watchSeconds": UInt64(Limits.watchSeconds),
        "watchTokenBytes": UInt64(Limits.watchTokenBytes), "pushChanges": UInt64(Limits.pushChanges),
        "pushBytes": UInt64(Limits.pushBytes), "requestBytes": UInt64(Limits.requestBytes),
        "responseBytes": UInt64(Limits.responseBytes), "pageEntries": UInt64(Limits.pageEntries),
        "pageBytes": UInt64(Limits.pageBytes), "snapshotVersions": UInt64(Limits.snapshotVersions),
        "restoreEntries": UInt64(Limits.restoreEntries), "commonCursors": UInt64(Limits.commonCursors),
        "inlineEntries": UInt64(Limits.inlineEntries), "inlineBytes": UInt64(Limits.inlineBytes),
        "publications": UInt64(Limits.publications), "lineBytes": UInt64(Limits.lineBytes),
        "markRows": UInt64(Limits.markRows), "seenAlso": UInt64(Limits.seenAlso),
        "accountDevices": UInt64(Limits.accountDevices), "deviceNameBytes": UInt64(Limits.deviceNameBytes),
        "tokenBytes": UInt64(Limits.tokenBytes), "extraMembers": UInt64(Limits.extraMembers),
        "extraBytes": UInt64(Limits.extraBytes), "maximumCount": Limits.maximumCount,
    ]
    /// Limits that belong to a type of the core.
    private static let others: [String: UInt64] = [
        "EntityName.maximumBytes": UInt64(EntityName.maximumBytes),
        "tag: + TagName.maximumBytes": UInt64("tag:".utf8.count + TagName.maximumBytes),
        "ConsentTerms.maximumBytes": UInt64(ConsentTerms.maximumBytes),
        "Value.maximumNoteBytes": UInt64(Value.maximumNoteBytes),
        "Value.maximumProgress": UInt64(Value.maximumProgress),
        "HybridTimestamp.maximumMilliseconds": UInt64(HybridTimestamp.maximumMilliseconds),
        "UInt16.max": UInt64(UInt16.max), "CatalogPage.tileSize": CatalogPage.tileSize,
    ]

    private static func file(_ path: String) throws -> String {
        try String(contentsOfFile: APIDescription.sourceTree + "/" + path, encoding: .utf8)
    }

    @Test("x-limits has every constant of Limits.swift with its number, and no other")
    func table() throws {
        let source = try Self.file("Sources/SyncProtocol/Limits.swift")
        let declared = source.prefix(upTo: try #require(source.range(of: "public enum Route")).lowerBound)
            .matches(of: /public static let (\w+)/).map { String($0.output.1) }
        #expect(Set(declared) == Set(Self.limits.keys), "name them in this test")
        let written = Dictionary(uniqueKeysWithValues: api["/x-limits"].members.map { ($0, $1["value"].integer) })
        #expect(written == Self.limits.mapValues { Int64($0) })
    }

    @Test("each number beside an x-limit is that constant, each is used by name, and so are those in descriptions")
    func places() throws {
        let known = Self.limits.merging(Self.others) { $1 }
        var used: Set<String> = []
        func visit(_ value: JSONValue, at place: String) {
            if let name = value["x-limit"].text {
                used.insert(name)
                let numbers = ["maximum", "maxItems", "maxLength", "const"].compactMap { value[$0].integer }
                #expect(numbers == [known[name].map { Int64($0) }], "\(place): \(name)")
            }
            if let name = value["x-default-limit"].text {
                #expect(value["default"].integer == known[name].map { Int64($0) }, "\(place): \(name)")
            }
            for match in (value["description"].text ?? "").matches(of: /([0-9]+) [^0-9(]*\((\w+)\)/) {
                used.insert(String(match.output.2))
                #expect(UInt64(match.output.1) == known[String(match.output.2)], "\(place): \(match.output.0)")
            }
            for (name, member) in value.members { visit(member, at: place + "/" + name) }
            for item in value.items { visit(item, at: place + "/*") }
        }
        visit(api.document, at: "")
        // What no schema can say: how a sender or a server divides its work.
        let elsewhere: Set = [
            "pushBytes", "responseBytes", "pageBytes", "snapshotVersions", "inlineBytes", "watchSeconds",
        ]
        #expect(Set(known.keys).subtracting(used).isSubset(of: elsewhere))
    }

    @Test("the table in spec.md has every limit with its number, and no other")
    func specification() throws {
        let text = try Self.file("Protocol/spec.md")
        let section = try #require(text.split(separator: "\n## ").first { $0.hasPrefix("9. Limits") })
        var written: [String: UInt64] = [:]
        for line in section.split(separator: "\n") where line.hasPrefix("| `") {
            let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
            let names = cells[0].matches(of: /`(\w+)`/).map { String($0.output.1) }
            let numbers = cells[1].split(separator: ",").map { Self.number(String($0)) }
            try #require(names.count == numbers.count, "\(line)")
            for (name, number) in zip(names, numbers) { written[name] = number }
        }
        #expect(written == Self.limits.filter { $0.key != "protocolVersion" })
    }

    /// `4096`, `2 MiB`, `2^53 - 1`.
    private static func number(_ text: String) -> UInt64? {
        let words = text.split(separator: " ")
        if words.first == "2^53" { return (1 << 53) - 1 }
        let units = ["KiB": UInt64(1 << 10), "MiB": 1 << 20]
        return words.first.flatMap { UInt64($0) }.map { $0 * (words.count > 1 ? units[String(words[1])] ?? 0 : 1) }
    }
}
