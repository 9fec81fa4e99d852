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

    /// The error as seen from the object whose member it is in.
    func within(_ member: some CustomStringConvertible) -> WireError {
        let joint = path.isEmpty || path.hasPrefix("[") ? "" : "."
        return WireError(path: member.description + joint + path, detail)
    }

    /// The error as seen from the array whose element it is in.
    func within(_ index: Int) -> WireError {
        WireError(path: path.isEmpty || path.hasPrefix("[") ? "[\(index)]\(path)" : "[\(index)].\(path)", detail)
    }
}
