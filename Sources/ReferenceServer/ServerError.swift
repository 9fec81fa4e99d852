/// Why the server, or one of its administration commands, could not do what it was asked.
public struct ServerError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kinds, by what the caller does about them.
    public enum Code: String, Sendable, Hashable, CaseIterable {
        /// The database cannot be opened, read or written.
        case storage
        /// A row was not written by this program.
        case damaged
        /// There is no such reader, device, newsletter or publication.
        case notFound
        /// There is one already.
        case exists
        /// A name or value is not one this server can hold.
        case invalid
        /// A source could not be fetched or read.
        case source
    }

    /// The kind.
    public var code: Code
    /// What happened, in a sentence.
    public var context: String
    /// What to do about it; empty if nothing.
    public var remedy: String

    /// Makes an error.
    public init(_ code: Code, _ context: String, remedy: String = "") {
        self.code = code
        self.context = context
        self.remedy = remedy
    }

    /// Context and remedy.
    public var description: String { remedy.isEmpty ? context : context + "; " + remedy }
}
