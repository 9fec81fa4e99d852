import SyncCore

/// Plain marks as columns: changes of articles' `read`, `saved`, `progress` and tags, each article named by its number, with
/// nothing that this version has no name for. They are what readers say most, and of most of them every column but two
/// repeats itself or grows by one, so that gzip has little left to do (Protocol/spec.md §5).
struct WireMarks: Hashable, Sendable {
    /// The marks, in order.
    var changes: [WireChange]
    /// Where each stands in a log; empty if they stand alone.
    var places: [WirePlace]

    /// Fewer than this are not worth columns.
    static let fewest = 4

    /// Whether a change fits into the columns.
    static func hold(_ change: WireChange) -> Bool {
        guard case .article(.number(_, let article)) = change.entity, article <= Limits.maximumCount,
            change.extra.isEmpty, change.seen.also.isEmpty
        else { return false }
        return change.value.mark != nil
    }

    /// Whether an entry or version fits into the columns.
    static func hold(_ change: WireChange, _ place: WirePlace) -> Bool {
        place.received.milliseconds >= 0 && place.received.milliseconds <= Limits.maximumCount && hold(change)
    }

    /// Takes out of `elements` what the columns hold, if it is worth them.
    ///
    /// - Parameter row: an element as a change with its place, or `nil` if it is neither.
    static func split<Element>(
        _ elements: [Element], _ row: (Element) -> (WireChange, WirePlace?)?
    ) -> (rest: [Element], marks: WireMarks?) {
        var rest: [Element] = []
        var marks = WireMarks(changes: [], places: [])
        for element in elements {
            if let (change, place) = row(element), place.map({ hold(change, $0) }) ?? hold(change) {
                marks.changes.append(change)
                if let place { marks.places.append(place) }
            } else {
                rest.append(element)
            }
        }
        return marks.changes.count < fewest ? (elements, nil) : (rest, marks)
    }
}

/// What is the same for many marks.
private struct WireMarkKind: Hashable, WireMessage {
    var field: Field
    var origin: MarkOrigin?

    init(_ change: WireChange) {
        field = change.field
        if case .read(_, let by) = change.value { origin = by }
    }

    init(from node: JSONNode) throws(WireError) {
        let members = try node.members()
        guard let field = Field(text: try members.read("field", as: String.self)) else {
            throw WireError(path: "field", "not the name of a field")
        }
        self.field = field
        if field == .read { origin = try MarkOrigin(by: members) }
    }

    func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("by", origin?.text)
            writer.member("field", field.text)
        }
    }

    /// The value that a number in the column `value` stands for.
    func value(_ number: Int64) throws(WireError) -> Value {
        switch (field, number) {
        case (.read, 0...1): return .read(number == 1, by: origin ?? .explicit)
        case (.saved, 0...1), (.tag, 0...1): return .flag(number == 1)
        case (.progress, 0...Int64(Value.maximumProgress)): return .progress(Int(number))
        default: throw WireError("\(number) is no value of a mark '\(field.text)'")
        }
    }
}

extension Value {
    /// The number of a mark's value; `nil` if it is none.
    fileprivate var mark: Int64? {
        switch self {
        case .read(let flag, _), .flag(let flag): flag ? 1 : 0
        case .progress(let points): Int64(points)
        case .note, .frequency, .consent, .other: nil
        }
    }
}

extension WireMarks: WireMessage {
    /// Reads the columns. All have the same length, at most ``Limits/markRows``.
    init(from node: JSONNode) throws(WireError) {
        let members = try node.members()
        let kinds = try members.read("kinds", as: [WireMarkKind].self)
        let columns = try WireColumns(members, as: "number")
        let number = try columns.sums("number")
        let (stamp, counter) = (try columns.sums("stamp"), try columns.numbers("counter"))
        let (seen, value) = (try columns.sums("seen"), try columns.numbers("value"))
        let (publication, article) = (try columns.numbers("publication"), try columns.numbers("article"))
        let kind = try columns.numbers("kind")
        changes = []
        changes.reserveCapacity(columns.count)
        for row in 0..<columns.count {
            guard kind[row] < kinds.count else { throw WireError(path: "kind", "there are \(kinds.count) kinds") }
            guard let counter = UInt16(exactly: counter[row]), let publication = UInt32(exactly: publication[row]),
                stamp[row] <= Int64(HybridTimestamp.maximumMilliseconds), number[row] > 0
            else { throw WireError("mark \(row) is outside the limits") }
            let own = kinds[Int(kind[row])]
            changes.append(
                WireChange(
                    number: UInt64(number[row]), stamp: HybridTimestamp(milliseconds: stamp[row], counter: counter),
                    seen: SeenContext(through: UInt64(seen[row])),
                    entity: .article(.number(publication: publication, article: UInt64(article[row]))),
                    field: own.field, value: try own.value(value[row])))
        }
        places = try Self.places(members, columns)
    }

    private static func places(_ members: JSONMembers, _ columns: WireColumns) throws(WireError) -> [WirePlace] {
        guard let authors = try members.readIfPresent("authors", as: [ReplicaID].self) else { return [] }
        let (sequence, received) = (try columns.sums("sequence"), try columns.sums("received"))
        let author = try columns.numbers("author")
        var places: [WirePlace] = []
        places.reserveCapacity(columns.count)
        for row in 0..<columns.count {
            guard author[row] < authors.count else {
                throw WireError(path: "author", "there are \(authors.count) authors")
            }
            places.append(
                WirePlace(
                    sequence: UInt64(sequence[row]), received: WallTime(milliseconds: received[row]),
                    author: authors[Int(author[row])]))
        }
        return places
    }

    /// Writes the columns.
    func write(to writer: inout JSONWriter) {
        var kinds = WireTable<WireMarkKind>()
        var authors = WireTable<ReplicaID>()
        let kind = changes.map { kinds.index(of: WireMarkKind($0)) }
        let author = places.map { authors.index(of: $0.author) }
        let numbers = changes.map { change -> (UInt32, UInt64) in
            if case .article(.number(let publication, let article)) = change.entity {
                (publication, article)
            } else {
                (0, 0)
            }
        }
        writer.object { writer in
            writer.column("article", numbers) { Int64(clamping: $0.1) }
            if !places.isEmpty { writer.column("author", author) { $0 } }
            if !places.isEmpty { writer.member("authors", authors.elements) }
            writer.column("counter", changes) { Int64($0.stamp.counter) }
            writer.column("kind", kind) { $0 }
            writer.member("kinds", kinds.elements)
            writer.differences("number", changes) { Int64(clamping: $0.number) }
            writer.column("publication", numbers) { Int64($0.0) }
            if !places.isEmpty { writer.differences("received", places) { $0.received.milliseconds } }
            writer.differences("seen", changes) { Int64(clamping: $0.seen.through) }
            if !places.isEmpty { writer.differences("sequence", places) { Int64(clamping: $0.sequence) } }
            writer.differences("stamp", changes) { Int64($0.stamp.milliseconds) }
            writer.column("value", changes) { $0.value.mark ?? 0 }
        }
    }
}
