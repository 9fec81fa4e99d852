import SyncTestKit

/// Seeded chance for one purpose. Each purpose throws dice of its own, so that leaving one fault or step out changes
/// as little as possible of all others: that is what makes shrinking work.
struct Dice: RandomNumberGenerator {
    private var random: SeededRandom

    /// Dice for a purpose of a run.
    ///
    /// - Parameters:
    ///   - purpose: a short name; other names give independent numbers.
    ///   - index: tells the uses of one purpose apart.
    init(_ seed: UInt64, _ purpose: StaticString, _ index: Int = 0) {
        var mixed = seed ^ 0xcbf2_9ce4_8422_2325
        purpose.withUTF8Buffer { bytes in
            for byte in bytes { mixed = (mixed ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
        }
        random = SeededRandom(seed: mixed &+ UInt64(bitPattern: Int64(index)) &* 0x9e37_79b9_7f4a_7c15)
        _ = random.next()
    }

    mutating func next() -> UInt64 { random.next() }

    /// A number from 0 up to, not including, `count`; 0 if there is none.
    mutating func below(_ count: Int) -> Int {
        count <= 1 ? 0 : Int(next() >> 1) % count
    }

    /// A number of a closed range.
    mutating func within(_ range: ClosedRange<Int>) -> Int { range.lowerBound + below(range.count) }

    /// True in so many of 1,000 cases.
    mutating func chance(_ perMille: Int) -> Bool { below(1_000) < perMille }

    /// One of the elements, with low indexes far likelier: a few articles are hot, most are cold.
    mutating func skewed(_ count: Int) -> Int { min(below(count), below(count), below(count)) }

    /// One of the elements.
    mutating func pick<Element>(_ elements: [Element]) -> Element? {
        elements.isEmpty ? nil : elements[below(elements.count)]
    }

    /// The elements in another order.
    mutating func shuffled<Element>(_ elements: [Element]) -> [Element] {
        var result = elements
        for index in result.indices.reversed() { result.swapAt(index, below(index + 1)) }
        return result
    }

    /// One of the weighted choices.
    mutating func weighted<Choice>(_ choices: [(Choice, weight: Int)]) -> Choice? {
        var left = below(choices.reduce(0) { $0 + $1.weight })
        for (choice, weight) in choices {
            if left < weight { return choice }
            left -= weight
        }
        return choices.last?.0
    }
}
