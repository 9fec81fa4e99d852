/// Why a document gave no feed at all.
public struct FeedError: Error, Sendable, Equatable, CustomStringConvertible {
    /// What went wrong.
    public enum Code: String, Sendable {
        /// The document is something else; ``FeedError/context`` says what it looks like.
        case notAFeed
        /// A feed in a format this version does not read.
        case unsupportedFormat
        /// Larger than ``FeedLimits/documentBytes``.
        case tooLarge
        /// The parser is not installed, or could not be set up (out of memory).
        case parserUnavailable
    }

    /// What went wrong.
    public var code: Code
    /// What was found, on one line.
    public var context: String
    /// What the reader can do about it.
    public var remedy: String

    /// Makes an error.
    public init(_ code: Code, _ context: String, remedy: String) {
        self.code = code
        self.context = context
        self.remedy = remedy
    }

    /// The context and the remedy as one sentence each.
    public var description: String { "\(context). \(remedy)." }
}
