import FeedFormats
import Foundation
import Testing

/// The OPML files of the W3C feed validator, node-opmlparser and NetNewsWire.
@Suite("OPML corpus", .enabled(if: Corpora.isPresent))
struct OPMLAgreementTests {
    /// What a person counts in the files: each `xmlUrl`, each once.
    private static func addresses(in text: String) -> Set<String> {
        // The files write it as `xmlUrl="` throughout; comments hold none.
        Set(
            text.components(separatedBy: "xmlUrl=\"").dropFirst().map {
                $0.components(separatedBy: "\"")[0].replacingOccurrences(of: "&amp;", with: "&")
            })
    }

    @Test("every feed that a list names is found, and only documents that are no list are refused")
    func agreement() throws {
        var agreement = Agreement("opml")
        for file in Corpora.files("opml", extension: "opml") {
            let data = try Data(contentsOf: file)
            let text = String(decoding: data, as: UTF8.self)
            let name = [file.deletingLastPathComponent(), file].map(\.lastPathComponent).joined(separator: "/")
            do throws(FeedError) {
                let list = try OPML.parse(data)
                agreement.begin(name)
                agreement.expect(!text.contains("<haha"), "refused", "read", "no OPML")
                let wanted = Self.addresses(in: text).compactMap { WebAddress.safe($0, base: nil) }
                let found = list.subscriptions.map(\.feedURL)
                for address in wanted { agreement.expect(found.contains(address), "xmlUrl", "\(found)", address) }
                agreement.expect(found.count == Set(wanted).count, "count", "\(found.count)", "\(wanted.count)")
                let isSound = !text.contains("Expect:       UnicodeError") && name != "node-opmlparser/malformed.opml"
                agreement.expect(list.warnings.isEmpty == isSound, "sound", "\(list.warnings)", "\(isSound)")
            } catch {
                agreement.begin(name)
                agreement.expect(text.contains("<haha"), "read", "\(error)", "a list")
            }
        }
        try agreement.settle(floor: 1000, atLeast: 60)
    }

    @Test("NetNewsWire's list without title attributes has names all the same")
    func withoutTitles() throws {
        for file in Corpora.files("opml/NetNewsWire", extension: "opml") {
            let list = try OPML.parse(Data(contentsOf: file))
            #expect(!list.subscriptions.isEmpty)
            #expect(list.subscriptions.allSatisfy { !$0.title.isEmpty })
        }
    }
}
