import Testing

@testable import ReaderSyncCLI

@Suite("How long work goes on")
struct ProgressTests {
    private let start = ContinuousClock.now

    private func rate(_ samples: [(Duration, Int)]) -> WorkRate {
        var rate = WorkRate()
        for (time, done) in samples { rate.note(done, at: start + time) }
        return rate
    }

    @Test("the rate is that of the last ten seconds, whatever the pace was before")
    func window() throws {
        let samples = (0...80).map { (step: Int) -> (Duration, Int) in
            let done: Int = step <= 40 ? step * 1_000 : 40_000 + (step - 40) * 10
            return (.milliseconds(500 * step), done)
        }
        let now = start + .seconds(40)
        #expect(rate(samples).perSecond(40_400, at: now).map { Int($0.rounded()) } == 20)
        #expect(rate(samples).secondsLeft(40_400, of: 40_600, at: now) == 10)
    }

    @Test("before anything can be told, nothing is")
    func tooEarly() {
        #expect(WorkRate().perSecond(5, at: start) == nil)
        #expect(rate([(.zero, 5)]).perSecond(9, at: start + .milliseconds(300)) == nil)
        #expect(rate([(.zero, 5)]).secondsLeft(5, of: 9, at: start + .seconds(3)) == nil)
    }

    @Test("a total that was passed or work that stands still has no end that could be told")
    func stalled() {
        let slow = rate([(.zero, 0), (.seconds(1), 1)])
        #expect(slow.secondsLeft(1, of: .max, at: start + .seconds(1)) == nil)
        #expect(slow.secondsLeft(3, of: 2, at: start + .seconds(1)) == nil)
    }

    @Test("other work begins with a rate of its own")
    func begun() {
        let both = rate([(.zero, 0), (.seconds(1), 1_000), (.seconds(2), 10)])
        #expect(both.perSecond(20, at: start + .seconds(3)) == 10)
    }

    @Test("the line says how much of what, how fast, and how long still")
    func line() {
        var rate = WorkRate()
        rate.note(0, at: start)
        let work = ProgressLine.Work(
            doing: "fetching articles", done: 300, total: 1_500, noun: "articles", facts: ["", "7 requests"])
        #expect(
            ProgressLine.text(work, rate, at: start + .seconds(3))
                == "fetching articles: 300 of 1500 articles, 100/s, 12 s left, 7 requests")
        let bytes = ProgressLine.Work(doing: "fetching", done: 3_000_000, noun: "bytes", isBytes: true)
        #expect(ProgressLine.text(bytes, rate, at: start + .seconds(2)) == "fetching: 3.0 MB, 1.5 MB/s")
    }

    @Test(
        "a time is said in one unit",
        arguments: [(0, "0 s"), (89, "89 s"), (100, "2 min"), (7_200, "2 h"), (200_000, "2 d")])
    func times(_ seconds: Int, _ text: String) { #expect(WorkRate.text(seconds: seconds) == text) }

    @Test(
        "sizes are read as people write them",
        arguments: [
            ("500MB", 500_000_000), ("500 mb", 500_000_000), ("1.5G", 1_500_000_000), ("800000", 800_000), ("0", 0),
            ("2k", 2_000), ("MB", nil), ("1e5", nil), (".5G", nil), ("-1", nil), ("9999999999T", nil),
            ("5 parsecs", nil),
        ] as [(String, Int64?)])
    func sizes(_ text: String, _ bytes: Int64?) { #expect(ByteCount.parse(text) == bytes) }
}
