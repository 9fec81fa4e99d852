import ArgumentParser
import SQLiteReplica
import SyncCore

import class FoundationEssentials.JSONDecoder
import struct FoundationEssentials.Data

/// The articles that a command names: beginnings of ids, URLs, or `-` for what standard input names.
struct ArticleReferences: ParsableArguments {
    @Argument(
        help: ArgumentHelp(
            "Articles: the beginning of an id (4 digits or more), a URL, or '-' to read them from standard input.",
            valueName: "article"))
    var articles: [String] = []

    /// Most bytes of names on standard input.
    static let inputLimit = 64 << 20

    /// The articles, each once. If one is not found, none is returned.
    static func resolve(_ words: [String], in replica: Replica) throws -> [ArticleID] {
        var seen = Set<ArticleID>()
        var result: [ArticleID] = []
        for word in try expanded(words) {
            let id = try replica.articleID(word)
            if seen.insert(id).inserted { result.append(id) }
        }
        return result
    }

    private static func expanded(_ words: [String]) throws -> [String] {
        guard words.contains("-") else { return words }
        let names = try names(in: try FileText.standardInput(limit: inputLimit))
        return words.flatMap { $0 == "-" ? names : [$0] }
    }

    /// The names in a text: one a line, as a plain word first in the line or as a JSON object with an `id`; or one
    /// document as `list --json` prints it.
    static func names(in text: String) throws -> [String] {
        var result: [String] = []
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let line = line.drop { $0.isWhitespace }
            guard !line.isEmpty else { continue }
            guard line.hasPrefix("{") else {
                result.append(String(line.prefix { !$0.isWhitespace }))
                continue
            }
            guard let named = try? JSONDecoder().decode(Named.self, from: Data(line.utf8)) else {
                throw CommandFailure.usage("standard input, line \(index + 1): no JSON object with an 'id'")
            }
            result += named.ids
        }
        return result
    }

    /// An article, or a document of them.
    private struct Named: Decodable {
        struct Item: Decodable {
            var id: String
        }

        private enum Key: String, CodingKey {
            case id, items
        }

        var ids: [String]

        init(from decoder: any Decoder) throws {
            let members = try decoder.container(keyedBy: Key.self)
            if let id = try? members.decode(String.self, forKey: .id) {
                ids = [id]
            } else {
                ids = try members.decode([Item].self, forKey: .items).map(\.id)
            }
        }
    }
}
