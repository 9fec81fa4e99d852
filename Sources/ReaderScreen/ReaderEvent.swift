public import SQLiteReplica
public import SyncCore
public import TerminalScreen

/// What happens to a reader's screen.
public enum ReaderEvent: Sendable {
    case key(Key)
    /// The screen has this size now.
    case resized(columns: Int, rows: Int)
    /// Another process, or a search that completed the index, wrote to the replica.
    case changedElsewhere
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
    /// Open an address in a browser.
    case browse(String)
    /// Record edits.
    case record([Edit], done: String, articles: [ArticleID], undo: UndoStep?)
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

    /// Its name in the list.
    public var handle: ArticleHandle
    /// What the replica holds of it.
    public var detail: ArticleDetail
    /// The articles that the publisher puts beside it.
    public var related: [Related]

    /// Makes one.
    public init(handle: ArticleHandle, detail: ArticleDetail, related: [Related]) {
        (self.handle, self.detail, self.related) = (handle, detail, related)
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

/// What takes a mark back.
public struct UndoStep: Sendable, Hashable {
    /// What sets the fields to what they were.
    public var edits: [Edit]
    /// What was done, such as `saved`.
    public var what: String

    /// Makes a step.
    public init(edits: [Edit], what: String) { (self.edits, self.what) = (edits, what) }
}
