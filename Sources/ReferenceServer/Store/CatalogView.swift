public import struct FoundationEssentials.Data
public import SyncCore

/// The catalog, in one consistent state.
public protocol CatalogView {
    /// How far each publication's history goes, by id.
    func heads() throws -> [CatalogHead]
    /// The chained hash before the entry at `index`, which is at most the history's length.
    func hash(of publication: EntityName, before index: UInt64) throws -> Digest128?
    /// Lines of a publication's history, in order.
    func lines(of publication: EntityName, from: UInt64, to: UInt64) throws -> [Data]
    /// The articles behind numbers; those without are left out.
    func articles(named names: Set<ArticleNumber>) throws -> [ArticleNumber: ArticleID]
    /// The numbers of articles; those without are left out.
    func numbers(of articles: Set<ArticleID>) throws -> [ArticleID: ArticleNumber]
    /// The library's version.
    func libraryVersion() throws -> String
    /// The library.
    func library() throws -> Library
}

/// The number of an article on the wire.
public struct ArticleNumber: Hashable, Sendable {
    /// The publication's number.
    public var publication: UInt32
    /// The article's number within it.
    public var article: UInt64

    /// Makes a number.
    public init(publication: UInt32, article: UInt64) {
        self.publication = publication
        self.article = article
    }
}
