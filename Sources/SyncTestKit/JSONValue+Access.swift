public import SyncCore

extension JSONValue {
    /// A member; `null` if there is none.
    public subscript(name: String) -> JSONValue {
        if case .object(let members) = self { members[name] ?? .null } else { .null }
    }

    /// The members of an object, by their names; none of anything else.
    public var members: [(String, JSONValue)] {
        if case .object(let members) = self { members.sorted { $0.key < $1.key } } else { [] }
    }

    /// The elements of an array; none of anything else.
    public var items: [JSONValue] {
        if case .array(let items) = self { items } else { [] }
    }

    /// The text of a string.
    public var text: String? {
        if case .string(let text) = self { text } else { nil }
    }

    /// The number, if it is a whole one.
    public var integer: Int64? {
        if case .integer(let number) = self { number } else { nil }
    }
}
