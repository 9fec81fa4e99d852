import GRDB
import SyncCore

extension Replica {
    /// The reader's whole state as JSON text: every register that shows more than its initial value, by entity and
    /// field, with all competing values where the reader is asked. Nothing of it depends on who this replica is or in
    /// which order it came to know what: two replicas that stand at one cursor with nothing pending write the same
    /// bytes.
    public func exportState() throws(ReplicaError) -> String {
        try read { db in
            var json = JSONWriter()
            json.raw("{\"registers\":[")
            var isFirst = true
            try ChangeRows.forEachRegister(db) { key, live in
                let register = live.folded
                guard let outcome = register.outcome else { return }
                if outcome.kind != .open, let initial = key.field.initialValue,
                    initial.agrees(with: outcome.value)
                {
                    return
                }
                json.raw(isFirst ? "\n" : ",\n")
                isFirst = false
                json.register(key, outcome, register.versions)
            }
            json.raw("\n],\"version\":1}\n")
            return json.text
        }
    }
}

extension JSONWriter {
    fileprivate mutating func register(_ key: RegisterKey, _ outcome: Outcome, _ versions: [Version]) {
        raw("{")
        if outcome.kind == .open {
            member("competing", first: true)
            array(versions) { $0.value($1.change.value) }
            member("entity")
        } else {
            member("entity", first: true)
        }
        string(key.entity.exportName)
        member("field")
        string(key.field.text)
        member("kind")
        string(outcome.kind.rawValue)
        member("value")
        value(outcome.value)
        raw("}")
    }

    private mutating func value(_ value: Value) {
        switch value {
        case .read(let isRead, let origin):
            raw("{\"by\":")
            string(origin.text)
            raw(",\"read\":")
            bool(isRead)
            raw("}")
        case .flag(let flag): bool(flag)
        case .progress(let points): number(Int64(points))
        case .note(let text, _): string(text)
        case .frequency(let cadence): string(cadence.name.text)
        case .consent(let isGiven, let terms):
            raw("{\"given\":")
            bool(isGiven)
            raw(",\"terms\":")
            array([
                terms.wordingVersion, terms.wordingHash, terms.policyVersion, terms.termsVersion,
                terms.surface,
            ]) { $0.string($1) }
            raw("}")
        case .other(let value): self.value(value)
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
