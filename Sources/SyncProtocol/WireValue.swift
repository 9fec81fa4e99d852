public import SyncCore

extension Value {
    /// Reads the members that hold a value of `field`: `value`, and beside it `by`, `base` or `wording`.
    init(from members: JSONMembers, field: Field) throws(WireError) {
        switch field {
        case .read: self = .read(try members.read("value"), by: try MarkOrigin(by: members))
        case .saved, .tag, .subscribed, .ageConfirmed: self = .flag(try members.read("value"))
        case .progress: self = .progress(try members.read("value"))
        case .note: self = .note(try members.read("value"), base: try members.readIfPresent("base") ?? "")
        case .frequency: self = .frequency(try members.read("value"))
        case .consent:
            let terms = try members.read("wording", as: ConsentTerms.self)
            self = .consent(try members.read("value"), terms)
        case .other: self = .other(try members.read("value"))
        }
    }

    /// Writes the member `value`.
    func writeValue(to writer: inout JSONWriter) {
        switch self {
        case .read(let flag, _), .flag(let flag), .consent(let flag, _): writer.member("value", flag)
        case .progress(let points): writer.member("value", points)
        case .note(let text, _): writer.member("value", text)
        case .frequency(let cadence): writer.member("value", cadence)
        case .other(let value): writer.member("value", value)
        }
    }

    /// What the member `base` says.
    var base: String? {
        if case .note(_, let base) = self, !base.isEmpty { base } else { nil }
    }

    /// What the member `by` says.
    var origin: String? {
        if case .read(_, let origin) = self { origin.text } else { nil }
    }

    /// What the member `wording` says.
    var terms: ConsentTerms? {
        if case .consent(_, let terms) = self { terms } else { nil }
    }
}

extension MarkOrigin {
    /// Reads the member `by`.
    init(by members: JSONMembers) throws(WireError) {
        let text = try members.readIfPresent("by", as: String.self) ?? MarkOrigin.explicit.text
        guard let origin = MarkOrigin(text: text) else {
            throw WireError(path: "by", "expected explicit, implicit or bulk")
        }
        self = origin
    }
}

/// What a reader was shown with a consent.
extension ConsentTerms: WireMessage {
    /// Reads the terms.
    public init(from node: JSONNode) throws(WireError) {
        let members = try node.members()
        self.init(
            wordingVersion: try members.read("version"), wordingHash: try members.read("hash"),
            policyVersion: try members.read("policy"), termsVersion: try members.read("terms"),
            surface: try members.read("surface"))
    }

    /// Writes the terms.
    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("hash", wordingHash)
            writer.member("policy", policyVersion)
            writer.member("surface", surface)
            writer.member("terms", termsVersion)
            writer.member("version", wordingVersion)
        }
    }
}
