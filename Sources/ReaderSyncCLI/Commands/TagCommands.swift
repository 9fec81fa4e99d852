import ArgumentParser
import SQLiteReplica
import SyncCore

/// `tag TAG ARTICLE...`, or `tag ARTICLE... --tag T`.
struct TagArguments: ParsableArguments {
    @Argument(
        help: ArgumentHelp(
            "The tag, then articles; with --tag articles only. '-' reads articles from standard input.",
            valueName: "tag or article"), completion: Completions.tagThenArticles)
    var words: [String] = []

    @Option(help: "A tag; may be given several times.", completion: Completions.names(.tag))
    var tag: [String] = []

    func validate() throws {
        if words.count < (tag.isEmpty ? 2 : 1) {
            throw ValidationError(
                "name the tag and at least one article: TAG ARTICLE..., or ARTICLE... --tag TAG")
        }
    }

    func apply(_ isSet: Bool, _ context: Context) async throws {
        let tags = try (tag.isEmpty ? Array(words.prefix(1)) : tag).map { try TagWord.parse($0) }
        let replica = try context.open(.writing)
        let articles = try ArticleReferences.resolve(Array(words.dropFirst(tag.isEmpty ? 1 : 0)), in: replica)
        let edits = articles.flatMap { id in tags.compactMap { Edit.tag(id, $0, isSet) } }
        let names = tags.map(\.text).joined(separator: ", ")
        try await Recording.record(edits, in: replica, context, articles: articles) { count in
            isSet
                ? "tagged \(Plural.articles(count / tags.count)) \(names)"
                : "took \(names) off \(Plural.articles(count / tags.count))"
        }
    }
}

struct TagCommand: ReplicaCommand {
    static let configuration = CommandConfiguration(commandName: "tag", abstract: "Put tags on articles.")

    @OptionGroup var shared: SharedOptions
    @OptionGroup var arguments: TagArguments

    func run(in context: Context) async throws { try await arguments.apply(true, context) }
}

struct UntagCommand: ReplicaCommand {
    static let configuration = CommandConfiguration(commandName: "untag", abstract: "Take tags off articles.")

    @OptionGroup var shared: SharedOptions
    @OptionGroup var arguments: TagArguments

    func run(in context: Context) async throws { try await arguments.apply(false, context) }
}
