import Dispatch
import Testing

@testable import ReferenceServer

@Suite("Work that cannot be stopped", .timeLimit(.minutes(1)))
struct LongWorkTests {
    @Test("gives its result") func result() async { #expect(await LongWork.result { 7 } == 7) }

    @Test("is waited for no more once the task is cancelled")
    func cancelled() async {
        let gate = DispatchSemaphore(value: 0)
        defer { gate.signal() }
        let (started, start) = AsyncStream<Void>.makeStream()
        let task = Task {
            await LongWork.result {
                start.finish()
                gate.wait()
            }
        }
        for await _ in started {}
        task.cancel()
        // Waited for, the work would never end: its gate opens after this.
        #expect(await task.value == nil)
    }

    @Test("does not begin in a task that is cancelled already")
    func late() async {
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return await LongWork.result { Issue.record("it began") }
        }
        #expect(await task.value == nil)
    }
}
