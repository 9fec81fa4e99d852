/// A list of which each element stands for itself: one that cannot be read is left out with the reason, and the
/// others go on. One bad row never blocks the rest.
public struct LenientList<Element: WireMessage & Sendable & Hashable>: WireMessage, Sendable, Hashable {
    /// The elements that could be read, in order.
    public var elements: [Element]
    /// Where and why others could not.
    public var failures: [WireError]

    /// Makes a list of readable elements.
    public init(_ elements: [Element]) {
        self.elements = elements
        failures = []
    }

    /// Reads a list.
    public init(from node: JSONNode) throws(WireError) {
        var list = try node.list()
        elements = []
        failures = []
        while !list.isAtEnd {
            do throws(WireError) {
                elements.append(try list.read())
            } catch {
                failures.append(error)
            }
        }
    }

    /// Writes the readable elements.
    public func write(to writer: inout JSONWriter) {
        elements.write(to: &writer)
    }
}

extension JSONMembers {
    /// Reads a list that must be there; its failures say under which name it stands.
    func read<Element>(_ name: StaticString) throws(WireError) -> LenientList<Element> {
        var list = try read(name, as: LenientList<Element>.self)
        list.failures = list.failures.map { $0.within(name) }
        return list
    }
}

extension LenientList {
    /// Puts what came as columns where it belongs. Each of the two lists keeps its own order, right or wrong.
    mutating func merge(_ others: [Element], by key: (Element) -> UInt64) {
        guard !others.isEmpty else { return }
        guard !elements.isEmpty else { return elements = others }
        var merged: [Element] = []
        merged.reserveCapacity(elements.count + others.count)
        var rest = others[...]
        for element in elements {
            while let next = rest.first, key(next) < key(element) { merged.append(rest.removeFirst()) }
            merged.append(element)
        }
        elements = merged + rest
    }
}
