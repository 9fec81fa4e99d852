import Foundation
import Glibc
import Testing

@Suite("A terminal that was changed for a question")
struct RestorationTests {
    @Test(
        "is as it was after a signal that ends the process, and after a crash",
        arguments: [(SIGTERM, 130), (SIGINT, 130), (SIGHUP, 130), (SIGQUIT, 131), (SIGSEGV, 139)])
    func question(_ number: Int32, _ status: Int) async throws {
        let device = try Device()
        try await device.done("init", "--server", "http://127.0.0.1:9")
        let screen = try TmuxScreen(device)
        try screen.type(
            line:
                "stty -a > $HOME/before; sh -c 'echo $$ > $HOME/pid; exec reader-sync login'; echo \"ended $?\"; stty -a > $HOME/after"
        )
        // Asked for once what is typed is not shown.
        try screen.wait("token:")
        let pid = try String(contentsOfFile: device.folder.path + "/pid", encoding: .utf8)
        kill(try #require(pid_t(pid.filter(\.isNumber))), number)
        try FullScreenTests.expectRestored(screen, device, status: status)
    }
}
