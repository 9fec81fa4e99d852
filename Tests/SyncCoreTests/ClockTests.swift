import SyncCore
import Testing

@Suite("The hybrid clock")
struct ClockTests {
    @Test("each stamp is later than the one before, even when time stands still or goes back")
    func monotonic() {
        var clock = HybridClock()
        var last = clock.tick(at: WallTime(milliseconds: 1_000))
        for wall in [1_000, 1_000, 900, -5, 1_001, Int64.min, 1_002] {
            let stamp = clock.tick(at: WallTime(milliseconds: wall))
            #expect(stamp > last)
            last = stamp
        }
    }

    @Test("more than 65,536 events in one millisecond borrow from the next")
    func counterOverflow() {
        var clock = HybridClock(last: HybridTimestamp(milliseconds: 5, counter: .max))
        #expect(clock.tick(at: WallTime(milliseconds: 5)) == HybridTimestamp(milliseconds: 6, counter: 0))
    }

    @Test("a stamp that was observed is older than the next local one")
    func observe() {
        var clock = HybridClock()
        let remote = HybridTimestamp(milliseconds: 50_000, counter: 9)
        clock.observe(remote, at: WallTime(milliseconds: 1_000))
        #expect(clock.tick(at: WallTime(milliseconds: 1_000)) > remote)
    }

    @Test("a stamp far ahead does not drag the clock along")
    func observeFarAhead() {
        var clock = HybridClock()
        clock.observe(HybridTimestamp(milliseconds: 61_001), at: WallTime(milliseconds: 1_000))
        #expect(clock.tick(at: WallTime(milliseconds: 1_000)).milliseconds == 1_000)
    }

    @Test("stamps follow the remote's time once it was measured")
    func offset() {
        var clock = HybridClock()
        clock.synchronize(remote: WallTime(milliseconds: 500_000), at: WallTime(milliseconds: 100_000))
        #expect(clock.offset == 400_000)
        #expect(clock.tick(at: WallTime(milliseconds: 100_001)).milliseconds == 500_001)
    }

    @Test("a clock that ran ten years ahead is pulled back by the remote's time")
    func pulledBack() {
        let tenYears: Int64 = 10 * 365 * 86_400_000
        var clock = HybridClock()
        _ = clock.tick(at: WallTime(milliseconds: tenYears))
        clock.synchronize(remote: WallTime(milliseconds: 1_000), at: WallTime(milliseconds: tenYears))
        #expect(clock.tick(at: WallTime(milliseconds: tenYears + 7)).milliseconds == 1_007)
    }

    @Test("a stamp within a minute of the keeper's clock stays, one beyond is clamped to the minute")
    func clamp() {
        let now = WallTime(milliseconds: 1_000_000)
        let near = HybridTimestamp(milliseconds: 1_060_000, counter: 3)
        #expect(HybridClock.clamp(near, at: now) == near)
        let far = HybridTimestamp(milliseconds: 1_060_001, counter: 3)
        #expect(HybridClock.clamp(far, at: now) == HybridTimestamp(milliseconds: 1_060_000))
    }

    @Test(
        "stamps outside 48 bits are moved to the nearer end",
        arguments: [(-1, 0), (Int64.max, 281_474_976_710_655)] as [(Int64, Int64)])
    func range(given: Int64, kept: Int64) {
        #expect(HybridTimestamp(milliseconds: given).milliseconds == kept)
    }
}
