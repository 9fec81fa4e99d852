import SyncCore

/// Columns of numbers, one element a row.
struct WireColumns {
    /// How many rows there are.
    let count: Int
    private let members: JSONMembers

    /// Begins with the column that says how many rows there are.
    ///
    /// - Throws: ``WireError`` if there are more than ``Limits/markRows``.
    init(_ members: JSONMembers, as name: StaticString) throws(WireError) {
        self.members = members
        var list = try members.required(name).list()
        var count = 0
        while !list.isAtEnd {
            _ = try list.read(Int64.self)
            count += 1
        }
        guard count <= Limits.markRows else {
            throw WireError(path: name.description, "more than \(Limits.markRows) rows")
        }
        self.count = count
    }

    /// A column of numbers from 0 to ``Limits/maximumCount``.
    func numbers(_ name: StaticString) throws(WireError) -> [Int64] {
        try read(name) { _, number in number }
    }

    /// A column that holds for each row how much more its number is than the one before; the first one's is 0.
    func sums(_ name: StaticString) throws(WireError) -> [Int64] {
        // Both are far from the end of the type: numbers by the check below, differences that pass it as well.
        try read(name) { before, difference in before.addingReportingOverflow(difference).partialValue }
    }

    private func read(_ name: StaticString, _ next: (Int64, Int64) -> Int64) throws(WireError) -> [Int64] {
        var list = try members.required(name).list()
        var column: [Int64] = []
        column.reserveCapacity(count)
        var before: Int64 = 0
        while !list.isAtEnd, column.count < count {
            before = next(before, try list.read(Int64.self))
            guard before >= 0, before <= Int64(Limits.maximumCount) else {
                throw WireError(path: name.description, "row \(column.count) is not within 0 to \(Limits.maximumCount)")
            }
            column.append(before)
        }
        guard column.count == count, list.isAtEnd else {
            throw WireError(path: name.description, "not one element a row")
        }
        return column
    }
}

/// Values that rows refer to by their indexes.
struct WireTable<Element: Hashable> {
    /// The values, each once, in the order in which they were met.
    private(set) var elements: [Element] = []
    private var indexes: [Element: Int] = [:]

    /// The index of a value.
    mutating func index(of element: Element) -> Int64 {
        if let known = indexes[element] { return Int64(known) }
        indexes[element] = elements.count
        elements.append(element)
        return Int64(elements.count - 1)
    }
}

extension JSONWriter {
    /// Writes a column.
    mutating func column<Row>(_ name: StaticString, _ rows: [Row], _ number: (Row) -> Int64) {
        member(name, rows.map(number))
    }

    /// Writes a column of differences, each to the row before.
    mutating func differences<Row>(_ name: StaticString, _ rows: [Row], _ number: (Row) -> Int64) {
        var before: Int64 = 0
        column(name, rows) { row in
            let now = number(row)
            defer { before = now }
            return now &- before
        }
    }
}
