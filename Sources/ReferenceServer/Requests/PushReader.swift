import SyncCore
import SyncProtocol
import SyncSession

import struct FoundationEssentials.Data

/// A request of `POST /v1/sync` as it was read, bad changes included.
struct ReadPush {
    /// One element of the push: a change, or the number of one that cannot be read.
    enum Element {
        case change(WireChange)
        case unreadable(number: UInt64, reason: String, digest: Digest128)
    }

    var request: SyncRequest
    var elements: [Element]

    /// Reads the request's body.
    ///
    /// A change that cannot be read is refused alone, by its number; one without a readable number makes the whole
    /// push unreadable, since its place among the author's changes is not known.
    init(body: Data) throws {
        request = try WireCodec.decode(SyncRequest.self, from: body)
        guard request.protocol == Limits.protocolVersion else {
            throw Problem(.versionMismatch, "this server speaks protocol version \(Limits.protocolVersion)")
        }
        elements = request.push.elements.map { .change($0) }
        if !request.push.failures.isEmpty {
            elements += try WireCodec.decode(LenientPush.self, from: body).push.compactMap(\.unreadable)
            elements.sort { $0.number < $1.number }
        }
        try Self.check("changes", elements.count, Limits.pushChanges)
        try Self.check("publications", request.catalog.count, Limits.publications)
        var last: UInt64 = 0
        for element in elements {
            guard element.number > last else {
                throw Problem(.malformed, "push: changes go in the order of their numbers")
            }
            last = element.number
        }
    }

    static func check(_ what: String, _ count: Int, _ limit: Int) throws(Problem) {
        guard count <= limit else {
            throw Problem(.overLimit, "a request has at most \(limit) \(what); this one has \(count)")
        }
    }

    /// The version of a request that may be unreadable otherwise.
    static func checkVersion(of body: Data) throws {
        guard let version = try? WireCodec.decode(SpokenVersion.self, from: body).number else { return }
        guard version == Limits.protocolVersion else {
            throw Problem(.versionMismatch, "this server speaks protocol version \(Limits.protocolVersion)")
        }
    }
}

extension ReadPush.Element {
    var number: UInt64 {
        switch self {
        case .change(let change): change.number
        case .unreadable(let number, _, _): number
        }
    }
}

/// The version that a request speaks, whatever else is in it.
private struct SpokenVersion: JSONReadable {
    var number: Int

    init(from node: JSONNode) throws(WireError) { number = try node.members().read("protocol") }
}

/// The push alone, for those of its elements that are no changes.
private struct LenientPush: JSONReadable {
    struct Item: JSONReadable {
        /// `nil` for a change.
        var unreadable: ReadPush.Element?

        init(from node: JSONNode) throws(WireError) {
            do throws(WireError) {
                _ = try WireChange(from: node)
            } catch {
                let number = try node.members().read("number", as: UInt64.self)
                let message = try WireCodec.encode(try JSONValue(from: node))
                unreadable = .unreadable(
                    number: number, reason: "the change cannot be read, or is outside a limit",
                    digest: Digest128(hashing: message))
            }
        }
    }

    var push: [Item]

    init(from node: JSONNode) throws(WireError) { push = try node.members().read("push") }
}
