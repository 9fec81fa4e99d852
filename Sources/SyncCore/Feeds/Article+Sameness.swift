extension Article {
    /// Whether a reader sees no difference to `other`. Another scheme, host alias or tracking parameter in an address,
    /// or another guid, is no correction, and neither is a later version's way to compute a digest.
    public func saysTheSame(as other: Article) -> Bool {
        comparable(in: publication) == other.comparable(in: publication)
    }

    private func comparable(in publication: EntityName) -> Article {
        var copy = self
        copy.id = ArticleID(digest: .zero)
        copy.publication = publication
        (copy.number, copy.revision, copy.contentHash) = (0, 0, .zero)
        (copy.guid, copy.feeds, copy.extra) = ("", [], [:])
        copy.url = url.map { ArticleAlias.key(of: $0) ?? $0 }
        copy.related = related.map { RelatedArticle(url: ArticleAlias.key(of: $0.url) ?? $0.url) }
        return copy
    }
}
