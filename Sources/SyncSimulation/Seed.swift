/// What a run of the simulator is made from: the same seed gives the same world, step by step.
public struct Seed: Hashable, Sendable {
    /// The number.
    public var number: UInt64

    /// Makes a seed.
    public init(_ number: UInt64) {
        self.number = number
    }
}
