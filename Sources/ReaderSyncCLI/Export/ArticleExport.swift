import AssetEngine
import Editions
import SQLiteReplica
import SyncCore

/// One export of articles: they are read and written one by one, so that it takes the same memory for any number.
struct ArticleExport: Sendable {
    /// What is written.
    enum Format: Sendable {
        case epub, html, jsonLines
    }

    /// What was written.
    struct Done: Sendable {
        var articles: Int
        /// Articles that a sync took away meanwhile.
        var missing = 0
        var images: Int
        var bytes: Int
        var hasMore: Bool
    }

    var format: Format
    /// The file, or `-`.
    var path: String
    var overwrites: Bool
    var title: String
    var plan: ExportPlan

    /// What Ctrl-C leaves: no file, and of standard output what was taken of it.
    var unwritten: CommandFailure {
        CommandFailure(
            .interrupted, "interrupted",
            path == "-" ? "stopped; what was written is not all" : "stopped; no file was written")
    }

    /// Writes the file. Stops before the next article if the task is cancelled; then no file is left.
    func run(_ replica: Replica, _ context: Context) throws -> Done {
        let progress = ProgressLine(context.output)
        defer { progress.finish() }
        let pictures = AssetFolder(besideReplica: context.path)
        let held: (String) throws -> [UInt8]? = { url in
            try replica.asset(at: url).flatMap { pictures.bytes(of: $0.hash) }
        }
        let file = try OutputFile(path, overwrites: overwrites, context.output)
        var done = Done(articles: 0, images: 0, bytes: 0, hasMore: plan.hasMore)
        switch format {
        case .jsonLines:
            done.articles = try each(plan.articles, replica, progress) { detail in
                guard let detail else { return }
                let related = try RelatedReferences(detail.article, in: replica)
                try file.write(Array((JSONText.text(DetailRendering.json(detail, related)) + "\n").utf8))
            }
        case .epub:
            var writer = try EPUBWriter(edition(context.now), images: held, to: { try file.write($0) })
            done.articles = try each(writer.edition.entries, replica, progress) { detail in
                if let detail { try writer.add(detail.article) } else { try writer.addMissing() }
            }
            try writer.finish()
            done.images = writer.imageCount
        case .html:
            var writer = try HTMLEditionWriter(edition(context.now), images: held, to: { try file.write($0) })
            done.articles = try each(writer.edition.entries, replica, progress) { detail in
                if let detail { try writer.add(detail.article) } else { try writer.addMissing() }
            }
            try writer.finish()
            done.images = writer.imageCount
        }
        try file.finish()
        done.missing = plan.articles.count - done.articles
        done.bytes = file.count
        return done
    }

    private func edition(_ now: WallTime) -> Edition {
        Edition(title: title, language: plan.language, modified: now, entries: plan.articles)
    }

    /// - Parameter body: is given `nil` for an article that is gone.
    /// - Returns: how many articles were not.
    private func each(
        _ entries: [Edition.Entry], _ replica: Replica, _ progress: ProgressLine,
        _ body: (ArticleDetail?) throws -> Void
    ) throws -> Int {
        var written = 0
        for (index, entry) in entries.enumerated() {
            guard !Task.isCancelled else { throw unwritten }
            progress.show(
                ProgressLine.Work(doing: "writing", done: index, total: entries.count, noun: "articles"))
            let detail = try Self.article(entry, replica)
            try body(detail)
            if detail != nil { written += 1 }
        }
        return written
    }

    private static func article(_ entry: Edition.Entry, _ replica: Replica) throws -> ArticleDetail? {
        do throws(ReplicaError) {
            return try replica.article(entry.id.description)
        } catch {
            guard error.code == .notFound else { throw error }
            return nil
        }
    }
}
