import SyncCore
import Testing

@Suite("What an author had seen")
struct SeenContextTests {
    @Test("names no more single entries than a message may, and those the newest")
    func bounded() {
        let seen = SeenContext(through: 3, also: Array(1...1_000))
        #expect(seen.also == Array(745...1_000))
    }

    @Test("stays within that bound when a pending change follows entries to a restored log")
    func rebased() {
        let places = (UInt64(11)...400).map { (old: $0, new: $0 + 7) }
        let seen = PendingChanges.rebase(SeenContext(through: 400), common: 10, places: places)
        #expect(seen.through == 10)
        #expect(seen.also.count == SeenContext.maximumAlso)
        #expect(seen.also.last == 407)
    }
}
