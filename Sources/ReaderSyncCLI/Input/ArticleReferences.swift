import ArgumentParser
import SQLiteReplica
import SyncCore

/// The articles that a command names: beginnings of ids, URLs, or `-` for what standard input names.
struct ArticleReferences: ParsableArguments {
    @Argument(
        help: ArgumentHelp(
            "Articles: the beginning of an id (4 digits or more), a URL, or '-' to read them from standard input.",
            valueName: "article"),
        completion: Completions.names(.article))
    var articles: [String] = []

    /// Most bytes of names on standard input.
    static let inputLimit = 64 << 20

    /// The articles, each once. If one is not found, none is returned.
    static func resolve(_ words: [String], in replica: Replica) throws -> [ArticleID] {
        var seen = Set<ArticleID>()
        var result: [ArticleID] = []
        for word in words {
            let names = word == "-" ? try standardInput() : [NamedArticles.Name(text: word, line: 0)]
            for name in names {
                let id = try find(name, in: replica)
                if seen.insert(id).inserted { result.append(id) }
            }
        }
        return result
    }

    /// The one article that a word names; with `-` the one that standard input names.
    static func one(_ word: String) throws -> String {
        guard word == "-" else { return word }
        let names = try standardInput()
        guard let name = names.first, names.count == 1 else {
            throw CommandFailure.usage("standard input names \(Plural.articles(names.count)), and one is wanted")
        }
        return name.text
    }

    private static func standardInput() throws -> [NamedArticles.Name] {
        try NamedArticles(try FileText.standardInput(limit: inputLimit)).names
    }

    private static func find(_ name: NamedArticles.Name, in replica: Replica) throws -> ArticleID {
        do throws(ReplicaError) { return try replica.articleID(name.text) } catch {
            var failure = CommandFailure(error)
            if error.code == .notFound { failure.candidates = near(name.text, in: replica) }
            if name.line > 0 { failure.message = "standard input, line \(name.line): \(failure.message)" }
            throw failure
        }
    }

    /// The newest articles whose ids come near, with their headlines.
    static func near(_ text: String, in replica: Replica) -> [String] {
        guard !text.contains("/"), let newest = try? replica.names(.article, beginning: "", limit: 1_000) else {
            return []
        }
        let ids = newest.map { String($0.name.prefix(max(4, text.count))) }
        return Spelling.nearest(to: text.lowercased(), among: ids).compactMap { id in
            newest.first { $0.name.hasPrefix(id) }.map { "\($0.name) \($0.title)" }
        }
    }
}
