import Dispatch
import Glibc

/// A folder for this user alone, for what another program is to work on. It goes with all that is in it, also what that
/// program left there (an editor its swap file), when it was used, and when a signal ends the process meanwhile.
enum ScratchFolder {
    /// Signals that end the process. Those of the keyboard are the other program's while it runs, see ``ShellCommand``.
    private static let ending = [SIGINT, SIGQUIT, SIGTERM, SIGHUP]

    /// Makes a folder in `$TMPDIR` or `/tmp`, and hands its path to `body`.
    ///
    /// - Throws: ``CommandFailure`` if none can be made, or what `body` throws.
    static func with<Result>(
        environment: (String) -> String?, _ body: (String) throws -> Result
    ) throws -> Result {
        let parent = environment("TMPDIR").flatMap { $0.hasPrefix("/") ? $0 : nil } ?? "/tmp"
        var template = Array((parent + "/reader-sync-XXXXXX").utf8CString)
        let made = template.withUnsafeMutableBufferPointer { buffer in
            buffer.baseAddress.flatMap { mkdtemp($0) }.map { String(cString: $0) }
        }
        guard let path = made else { throw CommandFailure.system("\(parent): \(FileText.reason)") }
        defer { remove(path) }
        let watched = watch(path)
        defer { watched() }
        return try body(path)
    }

    /// Has the signals remove the folder before they end the process.
    ///
    /// - Returns: what puts everything back.
    private static func watch(_ path: String) -> () -> Void {
        let before = ending.map { number in
            var action = sigaction()
            sigaction(number, nil, &action)
            return (number, action)
        }
        let isReady = DispatchGroup()
        let sources = ending.map { number in
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global(qos: .userInteractive))
            source.setEventHandler {
                remove(path)
                _exit(128 + number)
            }
            isReady.enter()
            source.setRegistrationHandler { isReady.leave() }
            source.resume()
            return source
        }
        // Until they are looked after they end the process, and the folder would stay.
        isReady.wait()
        return {
            for source in sources { source.cancel() }
            for (number, action) in before {
                var action = action
                sigaction(number, &action, nil)
            }
        }
    }

    /// Removes a folder and what is in it; follows no links.
    private static func remove(_ path: String) {
        if let stream = opendir(path) {
            while let entry = readdir(stream) {
                let name = withUnsafePointer(to: &entry.pointee.d_name) { field in
                    field.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
                }
                guard name != ".", name != ".." else { continue }
                let inner = path + "/" + name
                // unlink(2) takes no folder.
                if unlink(inner) != 0 { remove(inner) }
            }
            closedir(stream)
        }
        rmdir(path)
    }
}
