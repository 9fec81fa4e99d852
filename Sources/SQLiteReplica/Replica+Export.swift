import GRDB
import SyncCore
import SyncProtocol

extension Replica {
    /// The reader's whole state as JSON text: every register that shows more than its initial value, by entity and
    /// field, with all competing values where the reader is asked. Nothing of it depends on who this replica is or in
    /// which order it came to know what: two replicas that stand at one cursor with nothing pending write the same
    /// bytes.
    public func exportState() throws(ReplicaError) -> String {
        try read { db in
            var registers: [String] = []
            try ChangeRows.forEachRegister(db) { key, live in
                let register = live.folded
                guard let outcome = register.outcome else { return }
                if outcome.kind != .open, let initial = key.field.initialValue,
                    initial.agrees(with: outcome.value)
                {
                    return
                }
                registers.append(
                    try WireCodec.text(
                        ExportedRegister(key: key, outcome: outcome, values: register.versions.map(\.change.value))))
            }
            return "{\"registers\":[\n\(registers.joined(separator: ",\n"))\n],\"version\":1}\n"
        }
    }
}

/// A register, on a line of its own.
private struct ExportedRegister: JSONWritable {
    var key: RegisterKey
    var outcome: Outcome
    var values: [Value]

    func write(to writer: inout JSONWriter) {
        writer.object { writer in
            if outcome.kind == .open { writer.member("competing", values.map { ExportedValue(value: $0) }) }
            writer.member("entity", key.entity.exportName)
            writer.member("field", key.field.text)
            writer.member("kind", outcome.kind.rawValue)
            writer.member("value", ExportedValue(value: outcome.value))
        }
    }
}

private struct ExportedValue: JSONWritable {
    var value: Value

    func write(to writer: inout JSONWriter) {
        switch value {
        case .read(let isRead, let origin):
            writer.object { writer in
                writer.member("by", origin.text)
                writer.member("read", isRead)
            }
        case .flag(let flag): writer.bool(flag)
        case .progress(let points): writer.integer(Int64(points))
        case .note(let text, _): writer.text(text)
        case .frequency(let cadence): writer.text(cadence.name.text)
        case .consent(let isGiven, let terms):
            writer.object { writer in
                writer.member("given", isGiven)
                writer.member(
                    "terms",
                    [
                        terms.wordingVersion, terms.wordingHash, terms.policyVersion, terms.termsVersion,
                        terms.surface,
                    ])
            }
        case .other(let value): value.write(to: &writer)
        }
    }
}

extension Entity {
    fileprivate var exportName: String {
        switch self {
        case .article(let id): "article/\(id)"
        case .newsletter(let name): "newsletter/\(name)"
        case .consent(let name): "consent/\(name)"
        case .reader: "reader"
        case .other(let kind, let name): "\(kind)/\(name)"
        }
    }
}
