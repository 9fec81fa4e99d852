import SyncSimulation
import Testing

@Suite("Seeds")
struct SeedTests {
    @Test("two seeds of one number are one seed")
    func equality() { #expect(Seed(7) == Seed(7)) }
}
