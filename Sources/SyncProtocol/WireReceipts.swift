import SyncCore

/// The places of changes that the asking replica pushed in this very request, as columns: see ``WireEntry/own``.
struct WireReceipts: Hashable, Sendable {
    /// One of them.
    struct Receipt: Hashable, Sendable {
        var sequence: UInt64
        var number: UInt64
        var received: WallTime
    }

    var rows: [Receipt]

    /// The receipt that an entry is; `nil` if it is more than that.
    static func receipt(_ entry: WireEntry) -> Receipt? {
        guard case .own(let sequence, let number, let received, nil) = entry,
            (0...Int64(Limits.maximumCount)).contains(received.milliseconds)
        else { return nil }
        return Receipt(sequence: sequence, number: number, received: received)
    }

    /// Takes out of `entries` what the columns hold, if it is worth them.
    static func split(_ entries: [WireEntry]) -> (rest: [WireEntry], receipts: WireReceipts?) {
        let rows = entries.compactMap(receipt)
        guard rows.count >= WireMarks.fewest else { return (entries, nil) }
        return (entries.filter { receipt($0) == nil }, WireReceipts(rows: rows))
    }
}

extension WireReceipts: WireMessage {
    /// Reads the columns.
    init(from node: JSONNode) throws(WireError) {
        let members = try node.members()
        let columns = try WireColumns(members, as: "number")
        let (number, sequence) = (try columns.sums("number"), try columns.sums("sequence"))
        let received = try columns.sums("received")
        rows = (0..<columns.count).map { row in
            Receipt(
                sequence: UInt64(sequence[row]), number: UInt64(number[row]),
                received: WallTime(milliseconds: received[row]))
        }
    }

    /// Writes the columns.
    func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.differences("number", rows) { Int64(clamping: $0.number) }
            writer.differences("received", rows) { $0.received.milliseconds }
            writer.differences("sequence", rows) { Int64(clamping: $0.sequence) }
        }
    }
}
