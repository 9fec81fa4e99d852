public import SyncCore

/// JSON Schemas (draft 2020-12) that may refer to each other, and the part of their language that `Protocol/cli` and
/// `Protocol/openapi.json` use: `type`, `enum`, `const`, `pattern`, `minLength`, `maxLength`, `minimum`, `maximum`,
/// `properties`, `required`, `additionalProperties`, `items`, `prefixItems`, `minItems`, `maxItems`, `allOf`, `oneOf`,
/// `anyOf`, `$ref` to a JSON Pointer in the same or another document. Tests and Tools only.
public struct JSONSchemaSet: Sendable {
    /// Where a value differs from its schema.
    public struct Violation: Hashable, Sendable, CustomStringConvertible {
        /// The place in the value, as a JSON Pointer (RFC 6901).
        public var place: String
        /// What is wrong there.
        public var problem: String

        /// Both on one line.
        public var description: String { "\(place.isEmpty ? "/" : place): \(problem)" }
    }

    private let documents: [String: JSONValue]

    /// Makes a set of documents by their file names.
    public init(_ documents: [String: JSONValue]) {
        self.documents = documents
    }

    /// Where `value` differs from a schema.
    ///
    /// - Parameter name: a file, or a place in one: `openapi.json#/components/schemas/Entry`.
    /// - Parameter isClosed: whether a member that the schema does not describe is a violation too. JSON Schema lets such
    ///   members pass, and so do programs that read our output; a test of our own output wants every member described.
    public func violations(of value: JSONValue, against name: String, isClosed: Bool) -> [Violation] {
        guard let (document, schema) = resolve(name, in: "") else {
            return [Violation(place: "", problem: "there is no schema \(name)")]
        }
        var check = Check(set: self, isClosed: isClosed)
        check.descend(value, schema, in: document, at: "")
        return check.violations
    }

    /// What a reference names: a document, or a JSON Pointer (RFC 6901) into one.
    ///
    /// - Parameter document: where the reference stands.
    public func resolve(_ reference: String, in document: String) -> (document: String, value: JSONValue)? {
        let parts = reference.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let target = parts[0].isEmpty ? document : parts[0]
        guard var value = documents[target] else { return nil }
        let pointer = parts.count > 1 ? parts[1] : ""
        guard pointer.isEmpty || pointer.hasPrefix("/") else { return nil }
        for token in pointer.split(separator: "/", omittingEmptySubsequences: false).dropFirst() {
            let name = String(token).replacing("~1", with: "/").replacing("~0", with: "~")
            switch value {
            case .object(let members):
                guard let member = members[name] else { return nil }
                value = member
            case .array(let items):
                guard let index = Int(name), items.indices.contains(index) else { return nil }
                value = items[index]
            default: return nil
            }
        }
        return (target, value)
    }
}

/// Patterns and references, each read once.
private final class Known {
    private var read: [String: Regex<AnyRegexOutput>] = [:]
    private var targets: [String: (document: String, value: JSONValue)] = [:]

    /// What a reference names.
    func resolve(_ reference: String, in document: String, of set: JSONSchemaSet) -> (
        document: String, value: JSONValue
    )? {
        let key = reference.hasPrefix("#") ? document + reference : reference
        if let target = targets[key] { return target }
        targets[key] = set.resolve(reference, in: document)
        return targets[key]
    }

    /// Whether `pattern` is found in `text`; what is no pattern is found nowhere.
    func match(_ text: String, _ pattern: String) -> Bool {
        guard let regex = read[pattern] ?? (try? Regex(pattern)) else { return false }
        read[pattern] = regex
        return (try? regex.firstMatch(in: text)) != nil
    }
}

/// One validation.
private struct Check {
    typealias Violation = JSONSchemaSet.Violation

    let set: JSONSchemaSet
    let isClosed: Bool
    var violations: [Violation] = []
    private let known = Known()
    /// References that are being followed.
    private var depth = 0

    /// Deepest nesting of values and references.
    private static let maximumDepth = 64

    init(set: JSONSchemaSet, isClosed: Bool) {
        self.set = set
        self.isClosed = isClosed
    }

    /// Members that some keyword looked at: the annotation of `unevaluatedProperties` (Core §11.3).
    private enum Described {
        case all
        case some(Set<String>)

        mutating func formUnion(_ other: Described) {
            switch (self, other) {
            case (.some(let mine), .some(let theirs)): self = .some(mine.union(theirs))
            default: self = .all
            }
        }
    }

    /// Checks a value and whether it is described whole.
    mutating func descend(_ value: JSONValue, _ schema: JSONValue, in document: String, at place: String) {
        let described = check(value, schema, in: document, at: place)
        guard isClosed, case .object(let members) = value, case .some(let names) = described else { return }
        for name in members.keys.sorted() where !names.contains(name) {
            report(place, "the member '\(name)' is not described")
        }
    }

    private mutating func check(
        _ value: JSONValue, _ schema: JSONValue, in document: String, at place: String
    ) -> Described {
        if case .bool(let allows) = schema {
            if !allows { report(place, "nothing is allowed here") }
            return .all
        }
        guard case .object(let keywords) = schema, depth < Self.maximumDepth else {
            report(place, "the schema is no schema, or refers to itself without end")
            return .all
        }
        depth += 1
        defer { depth -= 1 }
        checkAlone(value, keywords, at: place)
        var described = Described.some([])
        described.formUnion(checkMembers(value, keywords, in: document, at: place))
        if case .array(let items) = value { checkItems(items, keywords, in: document, at: place) }
        if case .string(let reference) = keywords["$ref"] {
            described.formUnion(follow(reference, value, in: document, at: place))
        }
        if case .array(let parts) = keywords["allOf"] {
            for part in parts { described.formUnion(check(value, part, in: document, at: place)) }
        }
        for keyword in ["oneOf", "anyOf"] {
            guard case .array(let alternatives) = keywords[keyword] else { continue }
            let isExclusive = keyword == "oneOf"
            described.formUnion(choose(value, alternatives, isExclusive, in: document, at: place))
        }
        return described
    }

    /// The keywords that look at the value and at nothing inside it.
    private mutating func checkAlone(_ value: JSONValue, _ keywords: [String: JSONValue], at place: String) {
        if let types = keywords["type"], !types.texts.contains(where: { value.isA($0) }) {
            report(place, "is not of type \(types.texts.joined(separator: " or "))")
        }
        if case .array(let values) = keywords["enum"], !values.contains(value) {
            report(place, "is none of the values")
        }
        if let constant = keywords["const"], constant != value { report(place, "is not the value") }
        if case .string(let text) = value {
            if case .string(let pattern) = keywords["pattern"], !known.match(text, pattern) {
                report(place, "'\(text.prefix(80))' does not match \(pattern)")
            }
            // Validation §6.3.1: characters are code points.
            checkCount(text.unicodeScalars.count, "characters", keywords["minLength"], keywords["maxLength"], at: place)
        }
        if let number = value.number {
            if let least = keywords["minimum"]?.number, number < least { report(place, "is less than \(least)") }
            if let most = keywords["maximum"]?.number, number > most { report(place, "is more than \(most)") }
        }
    }

    private mutating func checkMembers(
        _ value: JSONValue, _ keywords: [String: JSONValue], in document: String, at place: String
    ) -> Described {
        guard case .object(let members) = value else { return .some([]) }
        for name in keywords["required"]?.texts ?? [] where members[name] == nil {
            report(place, "the member '\(name)' is missing")
        }
        var known: [String: JSONValue] = [:]
        if case .object(let properties) = keywords["properties"] { known = properties }
        for (name, member) in members.sorted(by: { $0.key < $1.key }) {
            guard let schema = known[name] ?? keywords["additionalProperties"] else { continue }
            descend(member, schema, in: document, at: place + "/" + name)
        }
        return keywords["additionalProperties"] == nil ? .some(Set(known.keys)) : .all
    }

    private mutating func checkCount(
        _ count: Int, _ what: String, _ least: JSONValue?, _ most: JSONValue?, at place: String
    ) {
        if let least = least?.number, Double(count) < least { report(place, "has fewer than \(Int(least)) \(what)") }
        if let most = most?.number, Double(count) > most { report(place, "has more than \(Int(most)) \(what)") }
    }

    private mutating func checkItems(
        _ items: [JSONValue], _ keywords: [String: JSONValue], in document: String, at place: String
    ) {
        checkCount(items.count, "items", keywords["minItems"], keywords["maxItems"], at: place)
        var first: [JSONValue] = []
        if case .array(let schemas) = keywords["prefixItems"] { first = schemas }
        for (index, item) in items.enumerated() {
            // Core §10.3.1.2: `items` is for those behind.
            guard let schema = index < first.count ? first[index] : keywords["items"] else { continue }
            descend(item, schema, in: document, at: "\(place)/\(index)")
        }
    }

    private mutating func follow(
        _ reference: String, _ value: JSONValue, in document: String, at place: String
    ) -> Described {
        guard let (target, schema) = known.resolve(reference, in: document, of: set) else {
            report(place, "the schema refers to \(reference), which is not there")
            return .all
        }
        return check(value, schema, in: target, at: place)
    }

    /// `oneOf` and `anyOf`. If none fits, what is wrong with the one that comes nearest is said too.
    private mutating func choose(
        _ value: JSONValue, _ alternatives: [JSONValue], _ isExclusive: Bool, in document: String, at place: String
    ) -> Described {
        var (fitting, described, nearest) = (0, Described.some([]), [Violation]?.none)
        // Those that plainly do not fit come last, and only if none does: they may say what is wrong.
        let isUnlikely = alternatives.map { plainlyDiffers(value, $0, in: document) }
        let likely = zip(alternatives, isUnlikely).filter { !$1 }.map(\.0)
        let others = zip(alternatives, isUnlikely).filter(\.1).map(\.0)
        for (index, alternative) in (likely + others).enumerated() {
            if index >= likely.count, fitting > 0 { break }
            var trial = self
            trial.violations = []
            let members = trial.check(value, alternative, in: document, at: place)
            if trial.violations.isEmpty {
                fitting += 1
                described.formUnion(members)
            } else if nearest.map({ trial.violations.count < $0.count }) ?? true {
                nearest = trial.violations
            }
        }
        guard fitting > 0 else {
            report(place, "fits none of \(alternatives.count) forms")
            violations += nearest ?? []
            return .all
        }
        if isExclusive, fitting > 1 { report(place, "fits \(fitting) forms of which it may fit one") }
        return described
    }

    /// Whether a glance is enough: a member is missing, or is another constant.
    private func plainlyDiffers(_ value: JSONValue, _ schema: JSONValue, in document: String) -> Bool {
        guard case .object(var keywords) = schema, case .object(let members) = value else { return false }
        if case .string(let reference) = keywords["$ref"],
            case .object(let target) = known.resolve(reference, in: document, of: set)?.value
        {
            keywords = target
        }
        if case .array(let required) = keywords["required"],
            required.contains(where: { name in name.texts.contains { members[$0] == nil } })
        {
            return true
        }
        guard case .object(let properties) = keywords["properties"] else { return false }
        return properties.contains { name, property in
            guard let member = members[name], case .object(let inner) = property else { return false }
            if case .array(let values) = inner["enum"], !values.contains(member) { return true }
            return inner["const"].map { $0 != member } ?? false
        }
    }

    private mutating func report(_ place: String, _ problem: String) {
        violations.append(Violation(place: place, problem: problem))
    }
}

extension JSONValue {
    /// A string, or an array of strings.
    fileprivate var texts: [String] {
        switch self {
        case .string(let text): [text]
        case .array(let values): values.flatMap(\.texts)
        default: []
        }
    }

    fileprivate var number: Double? {
        switch self {
        case .integer(let number): Double(number)
        case .fraction(let number): number
        default: nil
        }
    }

    /// Whether the value is of a JSON Schema type (Validation §6.1.1).
    fileprivate func isA(_ type: String) -> Bool {
        switch (self, type) {
        case (.null, "null"), (.bool, "boolean"), (.integer, "integer"), (.integer, "number"), (.fraction, "number"),
            (.string, "string"), (.array, "array"), (.object, "object"):
            true
        default: false
        }
    }
}
