import SyncSession
import SyncTestKit
import Testing

@Suite("When a watch asks again")
struct WatchScheduleTests {
    private func near(_ value: Int64, _ wanted: Int64) -> Bool { abs(value - wanted) <= wanted / 10 }

    @Test("sooner after news, later after none, within bounds")
    func adaptive() {
        var (schedule, draw) = (WatchSchedule(), SystemRandomNumberGenerator())
        #expect(near(schedule.afterAnswer(hadNews: false, using: &draw), 90_000))
        #expect(near(schedule.afterAnswer(hadNews: false, using: &draw), 135_000))
        for _ in 0..<20 { _ = schedule.afterAnswer(hadNews: false, using: &draw) }
        #expect(near(schedule.afterAnswer(hadNews: false, using: &draw), 900_000))
        for _ in 0..<20 { _ = schedule.afterAnswer(hadNews: true, using: &draw) }
        #expect(near(schedule.afterAnswer(hadNews: true, using: &draw), 30_000))
    }

    @Test("failures double the wait up to a minute; an answer makes good for them")
    func backoff() {
        var (schedule, draw) = (WatchSchedule(), SystemRandomNumberGenerator())
        for wanted: Int64 in [1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000] {
            #expect(near(schedule.afterFailure(retryAfter: nil, using: &draw), wanted))
            #expect(schedule.isFailing)
        }
        schedule.answered()
        #expect(!schedule.isFailing)
        #expect(near(schedule.afterFailure(retryAfter: nil, using: &draw), 1_000))
    }

    @Test("what the server asks for is waited for, within reason")
    func retryAfter() {
        var (schedule, draw) = (WatchSchedule(), SystemRandomNumberGenerator())
        #expect(schedule.afterFailure(retryAfter: 120_000, using: &draw) == 120_000)
        #expect(schedule.afterFailure(retryAfter: .max, using: &draw) == 900_000)
        #expect(near(schedule.afterFailure(retryAfter: -5, using: &draw), 4_000))
    }

    @Test("a server that does not hold requests is asked less and less; one that holds them at once again")
    func notHeld() {
        var (schedule, draw) = (WatchSchedule(), SystemRandomNumberGenerator())
        #expect(schedule.afterWait(50_000, isNews: false, using: &draw) == 0)
        #expect(schedule.afterWait(1_000, isNews: true, using: &draw) == 0)
        #expect(schedule.afterWait(3, isNews: true, using: &draw) == 1_000)
        #expect(near(schedule.afterWait(3, isNews: false, using: &draw), 90_000))
        #expect(near(schedule.afterWait(3, isNews: false, using: &draw), 135_000))
        #expect(schedule.afterWait(50_000, isNews: false, using: &draw) == 0)
        #expect(near(schedule.afterWait(3, isNews: false, using: &draw), 90_000))
    }

    @Test("two devices that fail at once do not come back at once")
    func jitter() {
        var (schedule, draw) = (WatchSchedule(), SystemRandomNumberGenerator())
        var waits: Set<Int64> = []
        for _ in 0..<50 {
            schedule.answered()
            waits.insert(schedule.afterFailure(retryAfter: nil, using: &draw))
        }
        #expect(waits.count > 5)
    }
}
