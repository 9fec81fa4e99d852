import Glibc
import SystemPorts
import Testing

@Suite("Signals during long work")
struct InterruptionTests {
    @Test("a first signal cancels the work, which ends as it sees fit", arguments: [SIGINT, SIGTERM])
    func cancels(_ signal: Int32) async throws {
        await #expect(processExitsWith: .exitCode(3)) { [signal] in
            let (isCancelled, isInterrupted) = try await Interruption.observing {
                kill(getpid(), signal)
                while !Task.isCancelled { await Task.yield() }
                return Task.isCancelled
            }
            exit(isCancelled && isInterrupted ? 3 : 4)
        }
    }

    @Test("a second signal ends the process")
    func second() async throws {
        await #expect(processExitsWith: .exitCode(130)) {
            try await Interruption.guarding {
                kill(getpid(), SIGINT)
                while !Task.isCancelled { await Task.yield() }
                kill(getpid(), SIGINT)
                while true { await Task.yield() }
            }
        }
    }

    @Test("work that does not heed the signal is ended, after its last words, where that was asked for")
    func overrun() async throws {
        let result = await #expect(processExitsWith: .exitCode(130), observing: [\.standardOutputContent]) {
            try await Interruption.guarding(overrun: { _ = write(STDOUT_FILENO, "last words", 10) }) {
                kill(getpid(), SIGINT)
                while true { sched_yield() }
            }
        }
        #expect(result.map { String(decoding: $0.standardOutputContent, as: UTF8.self).contains("last words") } == true)
    }

    @Test("once the work is done signals do what they did before")
    func restored() async throws {
        await #expect(processExitsWith: .signal(SIGINT)) {
            try await Interruption.guarding {}
            // To the process: threads of the pool take no signals.
            kill(getpid(), SIGINT)
            for _ in 0..<10_000_000 { sched_yield() }
        }
    }

    @Test("work that follows other work is stopped like the first")
    func again() async throws {
        await #expect(processExitsWith: .exitCode(3)) {
            for _ in 0..<200 {
                try await Interruption.guarding {}
                let isInterrupted = try await Interruption.observing {
                    kill(getpid(), SIGINT)
                    while !Task.isCancelled { await Task.yield() }
                }.isInterrupted
                guard isInterrupted else { exit(4) }
            }
            exit(3)
        }
    }
}
