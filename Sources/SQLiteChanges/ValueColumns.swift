public import SyncCore
public import SyncProtocol

/// How a value stands in a row: a number for what is compared often, a text for what is long, and a note's base.
///
/// | field | number | text | base |
/// |---|---|---|---|
/// | read | 1 if read, plus twice the mark's origin | | |
/// | saved, tag, subscribed, ageConfirmed | 1 or 0 | | |
/// | progress | basis points | | |
/// | note | | the note | the text it was edited from |
/// | frequency | | the cadence | |
/// | consent | 1 or 0 | the terms, a JSON array of five strings | |
/// | other | | the value, JSON | |
public struct ValueColumns: Hashable, Sendable {
    /// The number.
    public var number: Int64?
    /// The text.
    public var text: String?
    /// The note's base.
    public var base: String?

    /// Makes columns as they were read.
    public init(number: Int64?, text: String?, base: String?) {
        self.number = number
        self.text = text
        self.base = base
    }

    /// Makes the columns of a value.
    public init(_ value: Value) throws {
        self.init(number: nil, text: nil, base: nil)
        switch value {
        case .read(let isRead, let origin): number = (isRead ? 1 : 0) + Int64(origin.rawValue) * 2
        case .flag(let flag): number = flag ? 1 : 0
        case .progress(let points): number = Int64(points)
        case .note(let note, let base): (text, self.base) = (note, base)
        case .frequency(let cadence): text = cadence.name.text
        case .consent(let given, let terms):
            number = given ? 1 : 0
            text = try Self.json([
                terms.wordingVersion, terms.wordingHash, terms.policyVersion, terms.termsVersion, terms.surface,
            ])
        case .other(let value): text = try Self.json(value)
        }
    }

    /// The value of `field` that the columns hold; `nil` if they hold none.
    public func value(of field: Field) -> Value? {
        switch field {
        case .read:
            guard let number, (0..<6).contains(number), let origin = MarkOrigin(rawValue: Int(number / 2)) else {
                return nil
            }
            return .read(number % 2 == 1, by: origin)
        case .saved, .tag, .subscribed, .ageConfirmed: return number.map { .flag($0 != 0) }
        case .progress: return number.map { .progress(Int(clamping: $0)) }
        case .note: return text.map { .note($0, base: base ?? "") }
        case .frequency: return text.flatMap { Cadence($0) }.map { .frequency($0) }
        case .consent:
            guard let number, let terms: [String] = Self.parsed(text), terms.count == 5 else { return nil }
            return .consent(
                number != 0,
                ConsentTerms(
                    wordingVersion: terms[0], wordingHash: terms[1], policyVersion: terms[2],
                    termsVersion: terms[3], surface: terms[4]))
        case .other:
            guard let value: JSONValue = Self.parsed(text) else { return nil }
            return .other(value)
        }
    }

    /// The JSON text of a column, members in the order of their names.
    public static func json(_ value: some JSONWritable) throws -> String { try WireCodec.text(value) }

    static func parsed<Value: JSONReadable>(_ text: String?) -> Value? {
        guard let text else { return nil }
        return try? WireCodec.decode(Value.self, from: text)
    }
}
