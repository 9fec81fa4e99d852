/// Bounds on what one document may cost. Past ``documentBytes`` it is refused; past the others it is read up to the
/// bound and carries a ``FeedWarning/Code-swift.enum/limitReached`` warning.
public struct FeedLimits: Sendable, Equatable {
    /// The limits used unless the caller says otherwise.
    public static let `default` = FeedLimits()

    /// Most bytes of a document, before decoding and again after.
    public var documentBytes = 32 << 20
    /// Most open elements.
    public var depth = 64
    /// Most entries.
    public var entries = 10_000
    /// Most elements, inline XHTML included: each costs up to two microseconds.
    public var elements = 2_000_000
    /// Most attributes of one element, namespace declarations included.
    public var attributes = 64
    /// Most namespace declarations in scope at once.
    public var namespaces = 128
    /// Most bytes of one attribute's value.
    public var attributeBytes = 64 << 10
    /// Most bytes of text of one element, markup of inline XHTML included.
    public var textBytes = 4 << 20
    /// Most authors, categories, enclosures or related links of one entry, each.
    public var perEntry = 100
    /// Most characters of a standfirst derived from a description; it is cut at a word.
    public var standfirstCharacters = 600
    /// Most subscriptions of a list.
    public var subscriptions = 50_000
    /// Most warnings kept.
    public var warnings = 100

    /// Makes the default limits.
    public init() {}
}
