/// What a run is: everything that happens in it follows from these few values.
public struct Scenario: Hashable, Sendable {
    /// Where all chance comes from.
    public var seed: UInt64
    /// Readers, 1...8.
    public var readers: Int
    /// Devices of each reader, 1...6.
    public var devices: Int
    /// Rounds; after each the faults stop, everybody syncs, and everything is checked.
    public var rounds: Int
    /// Steps of each round.
    public var steps: Int
    /// Faults that may happen.
    public var faults: Set<FaultKind>
    /// Numbers of steps that are left out.
    public var skipped: Set<Int>

    /// Most readers and devices.
    public static let mostReaders = 8
    /// Most devices of a reader, copies not counted.
    public static let mostDevices = 6

    /// The scenario of a seed: sizes are drawn from it, small ones oftener.
    public init(seed: UInt64, faults: Set<FaultKind>) {
        var dice = Dice(seed, "scenario")
        self.seed = seed
        self.faults = faults
        readers = 1 + min(dice.skewed(Self.mostReaders), dice.below(Self.mostReaders))
        devices = 1 + max(dice.below(Self.mostDevices), dice.below(3))
        rounds = dice.within(1...3)
        steps = dice.within(30...120) * (readers + 2) / 3
        skipped = []
    }

    /// The scenario of a seed with a choice of faults that follows from it too: what some faults hide, others show.
    public static func swarm(_ seed: UInt64) -> Scenario {
        var dice = Dice(seed, "swarm")
        return Scenario(seed: seed, faults: Set(FaultKind.allCases.filter { _ in dice.chance(400) }))
    }

    /// The options of `Tools/simulate` that run exactly this.
    public var options: String {
        let fresh = Scenario(seed: seed, faults: faults)
        var text = "--seed \(seed) --faults \(Self.text(of: faults))"
        if readers != fresh.readers { text += " --readers \(readers)" }
        if devices != fresh.devices { text += " --devices \(devices)" }
        if rounds != fresh.rounds { text += " --rounds \(rounds)" }
        if steps != fresh.steps { text += " --steps \(steps)" }
        if !skipped.isEmpty { text += " --skip \(Self.text(of: skipped))" }
        return text
    }

    /// Names of faults, `all` or `none`.
    public static func text(of faults: Set<FaultKind>) -> String {
        if faults.count == FaultKind.allCases.count { return "all" }
        if faults.isEmpty { return "none" }
        return FaultKind.allCases.filter { faults.contains($0) }.map(\.rawValue).joined(separator: ",")
    }

    /// Numbers as ranges: `3,5-9`.
    static func text(of numbers: Set<Int>) -> String {
        var parts: [String] = []
        var run: ClosedRange<Int>?
        func close() {
            guard let run else { return }
            parts.append(run.count == 1 ? "\(run.lowerBound)" : "\(run.lowerBound)-\(run.upperBound)")
        }
        for number in numbers.sorted() {
            if let open = run, open.upperBound + 1 == number {
                run = open.lowerBound...number
            } else {
                close()
                run = number...number
            }
        }
        close()
        return parts.joined(separator: ",")
    }

    /// The faults that a text names: `all`, `none`, or names with commas between them; `nil` if one is unknown.
    public static func faults(in text: String) -> Set<FaultKind>? {
        switch text {
        case "all": return Set(FaultKind.allCases)
        case "none", "": return []
        default:
            let names = text.split(separator: ",")
            let kinds = names.compactMap { FaultKind(rawValue: String($0)) }
            return kinds.count == names.count ? Set(kinds) : nil
        }
    }

    /// The numbers that a text like `3,5-9` names; `nil` if it is none.
    public static func numbers(in text: String) -> Set<Int>? {
        var numbers: Set<Int> = []
        for part in text.split(separator: ",") {
            let ends = part.split(separator: "-").map { Int($0) }
            guard let first = ends.first ?? nil, let last = ends.last ?? nil, ends.count <= 2, first <= last,
                last - first < 1_000_000
            else { return nil }
            numbers.formUnion(first...last)
        }
        return numbers
    }
}
