/// A message that is not one of the protocol's: what is wrong, and where.
public struct WireError: Error, Sendable, Hashable, CustomStringConvertible {
    /// Where in the message, as a path of members: `entries[3].stamp`; empty for the whole.
    public var path: String
    /// What is wrong, in a sentence.
    public var detail: String

    /// Makes an error.
    public init(path: String = "", _ detail: String) {
        self.path = path
        self.detail = detail
    }

    /// Path and detail.
    public var description: String { path.isEmpty ? detail : "\(path): \(detail)" }

    init(_ error: DecodingError) {
        let context: DecodingError.Context =
            switch error {
            case .typeMismatch(_, let context), .valueNotFound(_, let context), .keyNotFound(_, let context),
                .dataCorrupted(let context):
                context
            @unknown default: DecodingError.Context(codingPath: [], debugDescription: "not readable")
            }
        var path = ""
        for key in context.codingPath {
            if let index = key.intValue {
                path += "[\(index)]"
            } else {
                path += (path.isEmpty ? "" : ".") + key.stringValue
            }
        }
        var detail = context.debugDescription
        if case .keyNotFound(let key, _) = error { detail = "the member '\(key.stringValue)' is missing" }
        self.init(path: path, detail)
    }
}
