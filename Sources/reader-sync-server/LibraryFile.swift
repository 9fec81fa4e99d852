import FoundationEssentials
import ReferenceServer
import SyncCore

/// A file that says which newsletters are on offer, and with which words consents are asked for.
struct LibraryFile {
    var newsletters: [Newsletter]
    var wordings: [ConsentWording]

    /// Longest file, in bytes.
    private static let maximumBytes = 4 << 20

    init(path: String) throws {
        let bytes: Data
        do {
            bytes = try Data(contentsOf: URL(filePath: path))
        } catch {
            throw ServerError(.source, "\(path) cannot be read", remedy: "check the name")
        }
        guard bytes.count <= Self.maximumBytes else {
            throw ServerError(.source, "\(path) has more than \(Self.maximumBytes) bytes")
        }
        let content: Content
        do {
            content = try JSONDecoder().decode(Content.self, from: bytes)
        } catch {
            throw ServerError(
                .source, "\(path) is not a list of newsletters: \(error)",
                remedy: "compare it with Tools/demo-data/newsletters.json")
        }
        newsletters = content.newsletters.map {
            Newsletter(
                id: $0.id, title: $0.title, summary: $0.description ?? "", cadences: $0.cadences.map { Cadence($0) })
        }
        wordings = (content.consents ?? []).map {
            ConsentWording(
                purpose: $0.id, version: $0.wordingVersion, text: $0.wording, policyVersion: $0.policyVersion,
                termsVersion: $0.termsVersion, polarity: $0.polarity == .optOut ? .optOut : .optIn)
        }
    }

    private struct Content: Decodable {
        struct Item: Decodable {
            var id: EntityName
            var title: String
            var description: String?
            var cadences: [EntityName]
        }

        struct Wording: Decodable {
            enum Polarity: String, Decodable {
                case optIn = "opt-in"
                case optOut = "opt-out"
            }

            var id: EntityName
            var wordingVersion: String
            var policyVersion: String
            var termsVersion: String
            var polarity: Polarity?
            var wording: String
        }

        var newsletters: [Item]
        var consents: [Wording]?
    }
}
