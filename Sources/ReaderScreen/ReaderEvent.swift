public import SQLiteReplica
public import SyncCore
public import TerminalScreen
public import TerminalText

/// What happens to a reader's screen.
public enum ReaderEvent: Sendable {
    case key(Key)
    /// The screen has this size now.
    case resized(columns: Int, rows: Int)
    /// The screen is about to be gone, without a key: a signal, or the terminal was closed.
    case ending
    /// Another process, or a search that completed the index, wrote to the replica.
    case changedElsewhere
    /// Other pictures can be shown than before.
    case picturesChanged
    /// The answer to ``ReaderEffect/list(_:limit:ticket:)``.
    case listed([ArticleHandle], isAll: Bool, ticket: Int)
    /// The answer to ``ReaderEffect/load(_:)``.
    case loaded([ArticleHandle: ListedArticle])
    /// The answer to ``ReaderEffect/count``.
    case counted(ReadingSources)
    /// The answer to ``ReaderEffect/search(_:_:ticket:)``.
    case found(FoundArticles, ticket: Int)
    /// The answer to ``ReaderEffect/seekUnread(_:)``.
    case sought(ArticleHandle?)
    /// An article, asked for or read again.
    case opened(OpenArticle, Opening)
    /// An article's text was fetched, and is here now.
    case textRestored(ArticleID)
    /// An article's text is not to be had yet.
    case textAbsent(ArticleID, TextAbsence)
    /// Edits were recorded.
    case recorded(done: String, articles: [ArticleID], undo: UndoStep?)
    /// Something is worth a word.
    case said(String)
    /// Something did not work.
    case failed(String)
}

/// What a reader's screen wants done.
public enum ReaderEffect: Sendable, Hashable {
    /// Name the articles that a filter lets through; with a limit at once, without one beside everything else.
    case list(ArticleFilter, limit: Int?, ticket: Int)
    /// Say what a list shows of these.
    case load([ArticleHandle])
    /// Count what there is to read, beside everything else.
    case count
    /// Search, beside everything else; only the latest request counts.
    case search(String, ArticleFilter, ticket: Int)
    /// Find the first unread one of these.
    case seekUnread([ArticleHandle])
    /// Fetch an article.
    case open(ArticleReference, Opening)
    /// Fetch the text of this article, which is not kept here, beside everything else, and no other's any more.
    case fetchText(ArticleID?)
    /// Open an address in a browser.
    case browse(String)
    /// Record edits.
    case record([Edit], done: String, articles: [ArticleID])
    /// Record how far an article was read, in basis points: from where, as far as the screen knew, and to where.
    case recordProgress(ArticleID, from: Int, to: Int)
    /// Take marks back.
    case undo(UndoStep)
    /// Mark read those of these that are unread.
    case markRead([ArticleHandle])
    /// Have the person write the note on an article.
    case editNote(ArticleID)
    /// Give the terminal to the shell.
    case suspend
    /// Draw everything anew.
    case redraw
    case quit
}

/// Which article.
public enum ArticleReference: Sendable, Hashable {
    case handle(ArticleHandle)
    case id(ArticleID)
    /// By address: if it is not held, it goes to a browser.
    case address(String)
}

/// How an article comes on the screen.
public enum Opening: Sendable, Hashable {
    /// On top of what is there; marks it read.
    case push
    /// In place of the one that is shown; marks it read.
    case replace
    /// Where it is shown already; marks nothing.
    case update
}

/// Why the text of an article that is not kept here is not there yet.
public enum TextAbsence: Sendable, Hashable {
    /// It is asked for.
    case asked
    /// Nobody can be asked. That is tried again without being told to.
    case offline
    /// For this reason, which says what to do.
    case failed(String)
}

/// An article to be read, with what the replica knows of the articles it names.
public struct OpenArticle: Sendable, Hashable {
    /// A related article.
    public struct Related: Sendable, Hashable {
        /// Its page.
        public var address: String
        /// Its headline, if it is held.
        public var headline: String?

        /// Makes one.
        public init(address: String, headline: String?) { (self.address, self.headline) = (address, headline) }
    }

    /// A picture that is held here and that the terminal can show.
    public struct Picture: Sendable, Hashable {
        /// Where its file is.
        public var path: String
        /// What the file says of itself.
        public var header: PictureHeader

        /// Makes one.
        public init(path: String, header: PictureHeader) { (self.path, self.header) = (path, header) }
    }

    /// Its name in the list.
    public var handle: ArticleHandle
    /// What the replica holds of it.
    public var detail: ArticleDetail
    /// The articles that the publisher puts beside it.
    public var related: [Related]
    /// Its lead image.
    public var picture: Picture?
    /// The words that were corrected since it was read before; `nil` if none were, or that is not known.
    public var changes: [StyledText]?

    /// Whether its text can be had, and is not here.
    var isTextAbsent: Bool { detail.isBodyAbsent && !detail.isRemoved }

    /// Makes one.
    public init(handle: ArticleHandle, detail: ArticleDetail, related: [Related], picture: Picture? = nil) {
        (self.handle, self.detail, self.related, self.picture) = (handle, detail, related, picture)
    }
}

/// What a search found, the best first.
public struct FoundArticles: Sendable, Hashable {
    /// Which articles.
    public var handles: [ArticleHandle]
    /// What a list shows of them.
    public var articles: [ArticleHandle: ListedArticle]
    /// See ``SQLiteReplica/SearchHit/snippet``.
    public var snippets: [ArticleHandle: String]
    /// Whether there are more.
    public var hasMore: Bool

    /// Makes an answer.
    public init(
        handles: [ArticleHandle] = [], articles: [ArticleHandle: ListedArticle] = [:],
        snippets: [ArticleHandle: String] = [:], hasMore: Bool = false
    ) {
        (self.handles, self.articles, self.snippets, self.hasMore) = (handles, articles, snippets, hasMore)
    }
}

/// Marks that were made together, and can be taken back.
public struct UndoStep: Sendable, Hashable {
    /// The names by which the replica takes them back, in the order in which they were made.
    public var batches: [Int64]
    /// The articles that were marked.
    public var articles: [ArticleID]
    /// What was done, such as `saved`.
    public var what: String

    /// Makes a step.
    public init(batches: [Int64], articles: [ArticleID], what: String) {
        (self.batches, self.articles, self.what) = (batches, articles, what)
    }
}
