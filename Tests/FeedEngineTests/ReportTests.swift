import FeedEngine
import Testing

@Suite("Reports of a refresh")
struct ReportTests {
    @Test("a new report says that nothing was done")
    func empty() {
        let report = FeedRefreshReport()
        #expect(report.done == 0 && report.failures.isEmpty)
    }
}
