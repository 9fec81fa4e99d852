import Foundation
import Glibc
import Testing

/// A file system of its own, in memory: small enough to be filled, and it can be made read-only, which also binds root.
final class SmallVolume: Sendable {
    /// Why a test that needs one is left out: there is no other way to a full disk for a user that no quota binds.
    static let need: Comment = "mounting a file system needs CAP_SYS_ADMIN, which this process does not have"
    /// Whether this process may mount one.
    static let isPossible = (try? SmallVolume(bytes: 65_536)) != nil

    struct MountError: Error {}

    let path: String

    init(bytes: Int) throws {
        path = NSTemporaryDirectory() + "/reader-sync-volume-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        guard mount("none", path, "tmpfs", 0, "size=\(bytes)") == 0 else {
            rmdir(path)
            throw MountError()
        }
    }

    deinit {
        umount2(path, Int32(MNT_DETACH))
        rmdir(path)
    }

    /// Writes until not one more page has room.
    func fill() {
        let descriptor = open(path + "/filling", O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
        defer { close(descriptor) }
        let page = [UInt8](repeating: 0x2E, count: 4_096)
        while write(descriptor, page, page.count) > 0 {}
    }

    /// Takes away what ``fill()`` wrote.
    func empty() { unlink(path + "/filling") }

    /// From here on nothing in it can be written, by anyone.
    func makeReadOnly() throws {
        let done = mount(nil, path, nil, UInt(MS_REMOUNT | MS_RDONLY), nil) == 0
        try #require(done)
    }
}
