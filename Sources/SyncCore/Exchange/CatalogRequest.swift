/// A piece of history that is wanted.
public struct CatalogRequest: Sendable, Hashable {
    /// Whose history.
    public var publication: EntityName
    /// Which history.
    public var generation: String
    /// Index of the first entry wanted: a multiple of ``CatalogPage/tileSize``, or any index for an open tail.
    public var from: UInt64
    /// Index after the last entry wanted; `nil` for the open tail up to the newest.
    public var to: UInt64?

    /// Makes a request.
    public init(publication: EntityName, generation: String, from: UInt64, to: UInt64?) {
        self.publication = publication
        self.generation = generation
        self.from = from
        self.to = to
    }
}

/// The number under which a remote mentions an article.
public struct ArticleName: Sendable, Hashable {
    /// The publication's number.
    public var publication: UInt32
    /// The article's number within it.
    public var number: UInt64
    /// The article.
    public var id: ArticleID

    /// Makes a name.
    public init(publication: UInt32, number: UInt64, id: ArticleID) {
        self.publication = publication
        self.number = number
        self.id = id
    }
}
