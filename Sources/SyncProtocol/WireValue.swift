import SyncCore

extension Value {
    /// Reads the members that hold a value of `field`: `value`, and beside it `by`, `base` or `wording`.
    init(from container: KeyedDecodingContainer<AnyKey>, field: Field) throws {
        let key = AnyKey("value")
        switch field {
        case .read:
            let text = try container.decodeIfPresent(String.self, forKey: AnyKey("by")) ?? MarkOrigin.explicit.text
            guard let origin = MarkOrigin(text: text) else {
                throw DecodingError.dataCorruptedError(
                    forKey: AnyKey("by"), in: container, debugDescription: "expected explicit, implicit or bulk")
            }
            self = .read(try container.decode(Bool.self, forKey: key), by: origin)
        case .saved, .tag, .subscribed, .ageConfirmed:
            self = .flag(try container.decode(Bool.self, forKey: key))
        case .progress:
            self = .progress(try container.decode(Int.self, forKey: key))
        case .note:
            self = .note(
                try container.decode(String.self, forKey: key),
                base: try container.decodeIfPresent(String.self, forKey: AnyKey("base")) ?? "")
        case .frequency:
            self = .frequency(try container.decode(Cadence.self, forKey: key))
        case .consent:
            let terms = try container.decode(WireTerms.self, forKey: AnyKey("wording"))
            self = .consent(try container.decode(Bool.self, forKey: key), terms.terms)
        case .other:
            self = .other(try container.decode(JSONValue.self, forKey: key))
        }
    }

    func encode(to container: inout KeyedEncodingContainer<AnyKey>) throws {
        let key = AnyKey("value")
        switch self {
        case .read(let isRead, let origin):
            try container.encode(isRead, forKey: key)
            try container.encode(origin.text, forKey: AnyKey("by"))
        case .flag(let flag): try container.encode(flag, forKey: key)
        case .progress(let points): try container.encode(points, forKey: key)
        case .note(let text, let base):
            try container.encode(text, forKey: key)
            if !base.isEmpty { try container.encode(base, forKey: AnyKey("base")) }
        case .frequency(let cadence): try container.encode(cadence, forKey: key)
        case .consent(let given, let terms):
            try container.encode(given, forKey: key)
            try container.encode(WireTerms(terms), forKey: AnyKey("wording"))
        case .other(let value): try container.encode(value, forKey: key)
        }
    }
}

/// What a reader was shown with a consent.
private struct WireTerms: Codable {
    var version: String
    var hash: String
    var policy: String
    var general: String
    var surface: String

    enum CodingKeys: String, CodingKey {
        case version, hash, policy, surface
        case general = "terms"
    }

    init(_ terms: ConsentTerms) {
        version = terms.wordingVersion
        hash = terms.wordingHash
        policy = terms.policyVersion
        general = terms.termsVersion
        surface = terms.surface
    }

    var terms: ConsentTerms {
        ConsentTerms(
            wordingVersion: version, wordingHash: hash, policyVersion: policy, termsVersion: general,
            surface: surface)
    }
}
