/// One promise of the protocol, and how a server is held against it.
public struct Check: Sendable {
    /// Its name, unique.
    public let name: String
    /// Where `Protocol/spec.md` promises it.
    public let section: String
    /// The promise, in a few words.
    public let promise: String
    /// Whether nothing can be said of the server without it.
    public let isNecessary: Bool
    let work: @Sendable (inout Conversation) async throws -> Void

    init(
        _ name: String, _ section: String, _ promise: String, isNecessary: Bool = false,
        _ work: @escaping @Sendable (inout Conversation) async throws -> Void
    ) {
        (self.name, self.section, self.promise, self.work) = (name, section, promise, work)
        self.isNecessary = isNecessary
    }

    /// All of them, in the order in which they are run: each leaves a log that the next ones can go on with.
    public static let all =
        greeting + pushing + refusals + pulling + snapshots + repair + history + bodies + limits + watching + vectors
}

/// What a check found.
public struct Finding: Sendable {
    /// The check.
    public var check: Check
    /// What came out.
    public var verdict: Verdict

    /// What can come out of a check.
    public enum Verdict: Sendable, Hashable {
        /// The server does what is promised.
        case conforms
        /// It does something else.
        case differs(String)
        /// It lacks what the check needs: a history of some length, a second token.
        case notTested(String)
    }
}

/// Why a check ends before its end.
enum CheckEnd: Error {
    case differs(String)
    case notTested(String)
}

/// Ends a check unless `condition` holds.
func require(_ condition: Bool, _ problem: @autoclosure () -> String) throws(CheckEnd) {
    if !condition { throw .differs(problem()) }
}

/// Ends a check unless there is a value.
func require<Value>(_ value: Value?, _ problem: @autoclosure () -> String) throws(CheckEnd) -> Value {
    guard let value else { throw .differs(problem()) }
    return value
}
