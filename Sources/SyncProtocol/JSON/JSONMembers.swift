import SyncCore

/// The members of an object, found by their names. Of members of one name the first counts. Each search costs a
/// comparison of lengths for each member before the one that is sought.
public struct JSONMembers {
    let tape: JSONTape
    private let first: Int
    private let end: Int

    @inline(__always)
    init(tape: JSONTape, first: Int, end: Int) {
        self.tape = tape
        self.first = first
        self.end = end
    }

    /// The value of a member; `nil` if there is none of this name.
    public func find(_ name: StaticString) -> JSONNode? {
        var index = first
        while index < end {
            if matches(index, name) { return JSONNode(tape: tape, index: index + 1) }
            index = tape.next(after: index + 1)
        }
        return nil
    }

    @inline(__always)
    private func matches(_ index: Int, _ name: StaticString) -> Bool {
        let token = tape.tokens[index]
        if token.kind == .text {
            return token.extent == name.utf8CodeUnitCount && tape.bytes.match(name, at: token.offset)
        }
        return tape.bytes.unescapedText(at: token.offset, length: token.extent) == name.description
    }

    /// Reads a member that must be there.
    ///
    /// - Throws: ``WireError`` with the member's name if it is absent or not readable.
    public func read<Value: JSONReadable>(
        _ name: StaticString, as type: Value.Type = Value.self
    ) throws(WireError) -> Value {
        let node = try required(name)
        do throws(WireError) {
            return try Value(from: node)
        } catch {
            throw error.within(name)
        }
    }

    /// Reads a member that may be absent or `null`.
    ///
    /// - Throws: ``WireError`` with the member's name if it is there and not readable.
    public func readIfPresent<Value: JSONReadable>(
        _ name: StaticString, as type: Value.Type = Value.self
    ) throws(WireError) -> Value? {
        guard let node = find(name), !node.isNull else { return nil }
        do throws(WireError) {
            return try Value(from: node)
        } catch {
            throw error.within(name)
        }
    }

    /// The value of a member that must be there.
    func required(_ name: StaticString) throws(WireError) -> JSONNode {
        guard let node = find(name) else { throw WireError("the member '\(name)' is missing") }
        return node
    }

    /// A sequence, an index or a number: small enough to count on from there, and to be stored as a signed number.
    func count(_ name: StaticString) throws(WireError) -> UInt64 {
        let count = try read(name, as: UInt64.self)
        guard count <= Limits.maximumCount else {
            throw WireError(path: name.description, "at most \(Limits.maximumCount)")
        }
        return count
    }

    /// The members that have none of the names in `known`; of members of one name the first.
    func unknown(_ known: JSONNames) throws(WireError) -> [String: JSONValue] {
        var result: [String: JSONValue] = [:]
        var index = first
        while index < end {
            defer { index = tape.next(after: index + 1) }
            let token = tape.tokens[index]
            if token.kind == .text, known.contains(token, in: tape.bytes) { continue }
            let name = try JSONNode(tape: tape, index: index).text()
            if known.contains(name) || result[name] != nil { continue }
            result[name] = try value(at: index + 1, of: name)
        }
        return result
    }

    /// All members by their names; of members of one name the first.
    func all<Value: JSONReadable>(as type: Value.Type) throws(WireError) -> [String: Value] {
        var result: [String: Value] = [:]
        var index = first
        while index < end {
            let name = try JSONNode(tape: tape, index: index).text()
            if result[name] == nil { result[name] = try value(at: index + 1, of: name) }
            index = tape.next(after: index + 1)
        }
        return result
    }

    private func value<Value: JSONReadable>(at index: Int, of name: String) throws(WireError) -> Value {
        do throws(WireError) {
            return try Value(from: JSONNode(tape: tape, index: index))
        } catch {
            throw error.within(name)
        }
    }
}

/// A set of members' names, all ASCII, in which a name is sought without making a string of it.
struct JSONNames: Sendable {
    private let byLength: [[StaticString]]

    init(_ names: [StaticString]) {
        var byLength: [[StaticString]] = []
        for name in names {
            while byLength.count <= name.utf8CodeUnitCount { byLength.append([]) }
            byLength[name.utf8CodeUnitCount].append(name)
        }
        self.byLength = byLength
    }

    /// Whether a name without escapes is one of them.
    func contains(_ token: JSONToken, in bytes: JSONBytes) -> Bool {
        guard token.extent < byLength.count else { return false }
        for name in byLength[token.extent] where bytes.match(name, at: token.offset) { return true }
        return false
    }

    /// Whether a name is one of them.
    func contains(_ text: String) -> Bool {
        let length = text.utf8.count
        return length < byLength.count && byLength[length].contains { $0.description == text }
    }
}
