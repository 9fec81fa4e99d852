import Foundation
import SyncCore
import SyncPorts
import SystemPorts
import Testing

@Suite("The system's side of the ports")
struct SystemPortsTests {
    private let path = NSTemporaryDirectory() + "/system-ports-\(UUID().uuidString)"

    @Test("one holder at a time has the sync lock, and gives it back")
    func lock() throws {
        let lock = FileSyncLock(path: path)
        let first = try #require(try lock.acquire())
        #expect(try lock.acquire() == nil)
        #expect(try FileSyncLock(path: path).acquire() == nil)
        first.release()
        first.release()
        let second = try #require(try lock.acquire())
        second.release()
        try FileManager.default.removeItem(atPath: path)
    }

    @Test("the sync lock dies with its process")
    func lockOfTheDead() throws {
        let process = Process()
        process.executableURL = URL(filePath: "/bin/sh")
        // Holds the lock, says so, and waits to be killed.
        process.arguments = ["-c", "exec 9>\"$0\"; flock -n 9 || exit 1; echo held; exec sleep 60", path]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        #expect(output.fileHandleForReading.availableData == Data("held\n".utf8))
        #expect(try FileSyncLock(path: path).acquire() == nil)
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        let token = try #require(try FileSyncLock(path: path).acquire())
        token.release()
        try FileManager.default.removeItem(atPath: path)
    }

    @Test("a lock that cannot be opened says where and why")
    func unopenable() {
        let error = #expect(throws: FileSyncLock.LockError.self) {
            _ = try FileSyncLock(path: "/nowhere/at/all").acquire()
        }
        #expect(error?.description.contains("/nowhere/at/all") == true)
    }

    @Test("files go where XDG says, and relative paths in its variables do not count")
    func folders() {
        let plain = UserFiles { ["HOME": "/home/ann"][$0] }
        #expect(plain.data == "/home/ann/.local/share/reader-sync")
        #expect(plain.configuration == "/home/ann/.config/reader-sync")
        let set = UserFiles { ["HOME": "/home/ann", "XDG_DATA_HOME": "/d", "XDG_CONFIG_HOME": "c"][$0] }
        #expect(set.data == "/d/reader-sync")
        #expect(set.configuration == "/home/ann/.config/reader-sync")
    }

    @Test("the clock tells this machine's time")
    func clock() {
        let before = Int64(Date().timeIntervalSince1970 * 1_000)
        let now = SystemWallClock().now().milliseconds
        let after = Int64(Date().timeIntervalSince1970 * 1_000) + 1
        #expect((before...after).contains(now))
    }

    @Test("an actor on the executor runs its jobs one at a time and in order")
    func executor() async {
        let log = Log(executor: DispatchExecutor(label: "test"))
        for number in 0..<100 { await log.append(number) }
        #expect(await log.numbers == Array(0..<100))
    }
}

private actor Log {
    private let executor: DispatchExecutor
    private(set) var numbers: [Int] = []

    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    init(executor: DispatchExecutor) { self.executor = executor }

    func append(_ number: Int) { numbers.append(number) }
}
