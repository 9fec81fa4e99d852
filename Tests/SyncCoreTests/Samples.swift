import SyncCore

let alice = ReplicaID(rawValue: 0xA)
let bob = ReplicaID(rawValue: 0xB)
let carol = ReplicaID(rawValue: 0xC)
let articleOne = ArticleID(publication: "meridian", guid: "one")
let noon = HybridTimestamp(milliseconds: 1_764_000_000_000)

/// A change with what a test does not care about filled in.
func change(
    _ replica: ReplicaID, _ number: UInt64, _ field: Field, _ value: Value, seen: UInt64 = 0, also: [UInt64] = [],
    at milliseconds: Int64 = 0, entity: Entity = .article(articleOne), extra: [String: JSONValue] = [:]
) throws -> Change {
    guard let key = RegisterKey(entity, field),
        let change = Change(
            id: ChangeID(replica: replica, number: number),
            stamp: HybridTimestamp(milliseconds: noon.milliseconds + milliseconds),
            seen: SeenContext(through: seen, also: also), key: key, value: value, extra: extra)
    else { throw SampleError() }
    return change
}

struct SampleError: Error {}
