import FeedFormats
import Foundation
import SyncTestKit
import Testing

/// Documents damaged at random, from seeds that are named when something fails.
@Suite("Mutations")
struct MutationTests {
    private static let fragments = [
        "<", ">", "\"", "'", "&", "&#27;", "&#x0;", "]]>", "<![CDATA[", "<!--", "-->", "<?", "</item>",
        "<item>", "\u{1B}[2J",
        "\u{0}", "<!DOCTYPE a [", "<a b=", "=\"", "<script>", "\u{202E}", "&lt;svg&gt;",
        "99999999999999999999", "xmlns:a=''",
    ]

    @Test(
        "a document with pieces swapped, dropped and put in never crashes and never leaks a control",
        arguments: 0..<8)
    func mutated(seed: Int) throws {
        var random = SeededRandom(seed: UInt64(seed))
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
            "../../Tools/demo-data")
        let name = seed % 2 == 0 ? "all-corrected.xml" : "notes.atom"
        let original = try [UInt8](Data(contentsOf: folder.appendingPathComponent(name)))
        for round in 0..<40 {
            var bytes = original
            for _ in 0..<Int.random(in: 1...12, using: &random) { Self.damage(&bytes, using: &random) }
            guard
                let feed = try? FeedParser.parse(Data(bytes), contentType: nil, baseURL: "https://a.example/")
            else {
                continue
            }
            for text in Self.texts(of: feed) {
                #expect(!text.unicodeScalars.contains(where: Self.isForbidden), "seed \(seed) round \(round)")
            }
        }
    }

    private static func damage(_ bytes: inout [UInt8], using random: inout SeededRandom) {
        let at = Int.random(in: 0..<bytes.count, using: &random)
        switch Int.random(in: 0..<4, using: &random) {
        case 0: bytes[at] = UInt8.random(in: 0...255, using: &random)
        case 1: bytes.insert(contentsOf: (fragments.randomElement(using: &random) ?? "").utf8, at: at)
        case 2: bytes.removeSubrange(at..<min(bytes.count, at + Int.random(in: 1...40, using: &random)))
        default: bytes.swapAt(at, Int.random(in: 0..<bytes.count, using: &random))
        }
    }

    private static func texts(of feed: ParsedFeed) -> [String] {
        var texts = [feed.title, feed.description ?? "", feed.siteURL ?? "", feed.language ?? ""]
        texts += feed.warnings.map(\.message)
        for entry in feed.entries {
            texts += [
                entry.headline, entry.bodyText, entry.bodyHTML ?? "", entry.guid ?? "", entry.link ?? "",
            ]
            texts += [
                entry.kicker ?? "", entry.standfirst ?? "", entry.section ?? "",
                entry.leadImage?.caption ?? "",
            ]
            texts +=
                entry.authors.flatMap { [$0.name, $0.bio ?? "", $0.url ?? ""] } + entry.categories
                + entry.relatedLinks
        }
        return texts
    }

    private static func isForbidden(_ scalar: Unicode.Scalar) -> Bool {
        (scalar.value < 0x20 && scalar != "\n" && scalar != "\t") || (0x7F...0x9F).contains(scalar.value)
            || (0x202A...0x202E).contains(scalar.value) || (0x2066...0x2069).contains(scalar.value)
    }
}
