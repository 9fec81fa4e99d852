public import SyncCore

/// Which articles something is kept for.
public enum KeptArticles: String, Sendable, Hashable, CaseIterable {
    /// All that are held.
    case all
    /// Unread ones, and saved ones read or not.
    case unread
    /// Saved ones.
    case saved
    /// None.
    case none
}

/// The name of a file in the store of pictures: the SHA-256 sum of what is in it.
public struct AssetHash: Sendable, Hashable, CustomStringConvertible {
    /// 32 bytes.
    public let bytes: [UInt8]

    /// Takes a sum; `nil` unless it has 32 bytes.
    public init?(bytes: [UInt8]) {
        guard bytes.count == 32 else { return nil }
        self.bytes = bytes
    }

    /// Reads 64 lower-case hexadecimal digits.
    public init?(_ text: some StringProtocol) {
        guard text.utf8.count == 64, let high = Digest128(text.prefix(32)), let low = Digest128(text.suffix(32)),
            high.description + low.description == text
        else { return nil }
        bytes = high.bytes + low.bytes
    }

    /// 64 lower-case hexadecimal digits.
    public var description: String {
        let digits = Array("0123456789abcdef")
        return String(bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
    }
}

/// An article whose pictures are to be looked for.
public struct PictureSource: Sendable, Hashable {
    /// The article's number in the store.
    public var article: Int64
    /// The revision that this is.
    public var revision: Int64
    /// Its place in lists, in milliseconds since 1970.
    public var listed: Int64
    /// Its page.
    public var page: String?
    /// The picture at its head.
    public var leadImage: String?
    /// Its text.
    public var html: String

    /// Makes a source.
    public init(
        article: Int64, revision: Int64, listed: Int64, page: String?, leadImage: String?, html: String
    ) {
        (self.article, self.revision, self.listed, self.page) = (article, revision, listed, page)
        (self.leadImage, self.html) = (leadImage, html)
    }
}

/// The pictures of an article.
public struct ArticlePictures: Sendable, Hashable {
    /// The article's number in the store.
    public var article: Int64
    /// The revision that was looked at.
    public var revision: Int64
    /// Absolute addresses, in the order of the article.
    public var urls: [String]

    /// Makes them.
    public init(article: Int64, revision: Int64, urls: [String]) {
        (self.article, self.revision, self.urls) = (article, revision, urls)
    }
}

/// How much a picture is worth to the reader: what is saved before what is unread before the rest, the newest first.
public struct AssetUse: Sendable, Hashable, Comparable {
    /// Whether an article that shows it is saved.
    public var isSaved: Bool
    /// Whether one is unread.
    public var isUnread: Bool
    /// The newest one's place in lists.
    public var listed: Int64

    /// Makes it.
    public init(isSaved: Bool, isUnread: Bool, listed: Int64) {
        (self.isSaved, self.isUnread, self.listed) = (isSaved, isUnread, listed)
    }

    /// Whether the left one is worth less.
    public static func < (left: AssetUse, right: AssetUse) -> Bool {
        if left.isSaved != right.isSaved { return right.isSaved }
        if left.isUnread != right.isUnread { return right.isUnread }
        return left.listed < right.listed
    }
}

/// What tells whether a file on a server is still the one that a part is held of (RFC 9110 §8.8).
public struct AssetValidator: Sendable, Hashable {
    /// The entity tag as it was sent, if it is a strong one.
    public var etag: String?
    /// The date as it was sent.
    public var lastModified: String?

    /// Makes a validator.
    public init(etag: String? = nil, lastModified: String? = nil) {
        (self.etag, self.lastModified) = (etag, lastModified)
    }
}

/// A picture that is to be fetched.
public struct WantedAsset: Sendable, Hashable {
    /// Its number in the store.
    public var row: Int64
    /// Where it is.
    public var url: String
    /// How much it is worth.
    public var use: AssetUse
    /// What the part is of that is held; `nil` if none is.
    public var part: AssetValidator?
    /// Failures in a row.
    public var attempts: Int

    /// Makes one.
    public init(row: Int64, url: String, use: AssetUse, part: AssetValidator?, attempts: Int) {
        (self.row, self.url, self.use, self.part, self.attempts) = (row, url, use, part, attempts)
    }
}

/// What came of fetching a picture.
public enum AssetOutcome: Sendable, Hashable {
    /// It is held under this name.
    case held(AssetHash, bytes: Int64, type: String)
    /// A part is held, and the rest can be asked for from `due` on.
    case part(AssetValidator, bytes: Int64, problem: String?, attempts: Int, due: WallTime)
    /// Nothing is held; it may be tried again from `due` on.
    case failed(String, attempts: Int, due: WallTime)
}

/// How many pictures there are.
public struct AssetTotals: Sendable, Hashable {
    /// Pictures of the articles that pictures are kept for.
    public var wanted = 0
    /// Those that are held.
    public var held = 0
    /// Those that could not be fetched, and wait for their next attempt.
    public var failed = 0
    /// Bytes of the files that are held.
    public var bytes: Int64 = 0

    /// None.
    public init() {}
}

/// Knows which pictures articles have, and what is held of them. Synchronous; each call is one transaction.
public protocol AssetStore: Sendable {
    /// Articles whose pictures have not been looked for since they last changed, newest first, behind `after`.
    func picturesToFind(for kept: KeptArticles, after: PictureSource?, limit: Int) throws -> [PictureSource]

    /// Notes which pictures articles have.
    func keep(_ pictures: [ArticlePictures]) throws

    /// Pictures to fetch at `now`, what is worth most first.
    func assetsToFetch(for kept: KeptArticles, at now: WallTime, limit: Int) throws -> [WantedAsset]

    /// Makes due what could not be fetched for one reason, which is no reason any more.
    func retryAssets(failedFor problem: String) throws

    /// Notes what came of fetching one.
    func keep(_ outcome: AssetOutcome, of asset: Int64) throws

    /// Forgets pictures that no article of `kept` shows, then drops what is worth least, saved articles' never, until no
    /// more than `budget` bytes are held, parts included. What had to go for want of room is wanted again a day after
    /// `now`, or once an article that shows it is saved.
    ///
    /// - Returns: the files that nothing names any more.
    func dropAssets(keeping kept: KeptArticles, budget: Int64?, at now: WallTime) throws -> [AssetHash]

    /// The addresses of the pictures that are held in part.
    func partURLs() throws -> [String]

    /// What is worth least of all that is held; `nil` if nothing is.
    func leastUse() throws -> AssetUse?

    /// How many there are.
    func assetTotals() throws -> AssetTotals

    /// All files that are held; those of `missing` are wanted anew.
    func heldAssets(without missing: [AssetHash]) throws -> Set<AssetHash>
}
