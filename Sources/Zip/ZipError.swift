/// Why an archive cannot be written or read.
public struct ZipError: Error, Sendable, Hashable {
    /// What kind of reason it is.
    public enum Code: String, Sendable {
        /// More than the format holds without its 64-bit extension, or more than the reader was told to take.
        case tooLarge
        /// The bytes are no archive, or a damaged one.
        case damaged
        /// A form that is not read here: encrypted, split, or packed by another method than deflate.
        case unsupported
        /// Two entries of one name, or a name that is empty or too long.
        case badName
    }

    /// The kind.
    public var code: Code
    /// A sentence without a full stop.
    public var detail: String

    init(_ code: Code, _ detail: String) {
        self.code = code
        self.detail = detail
    }
}
