import Glibc

/// What the file system says of the place of a file, once something there could not be written.
enum Volume {
    /// With less room than this SQLite cannot make its shared memory, in bytes.
    private static let leastRoom: UInt64 = 32_768

    /// Whether there is no room, or no place for another name.
    static func isFull(at path: String) -> Bool {
        var facts = statvfs()
        guard statvfs(folder(of: path), &facts) == 0 else { return false }
        let free = UInt64(facts.f_bavail) * UInt64(facts.f_frsize)
        return free < leastRoom || facts.f_files > 0 && facts.f_favail == 0
    }

    /// Why the file, or one beside it, cannot be written; `nil` if it can, or if that is not known.
    static func refusal(at path: String, withFolder: Bool = true) -> String? {
        for place in withFolder ? [path, folder(of: path)] : [path] where access(place, W_OK) != 0 {
            switch errno {
            case EROFS: return "it is on a read-only medium"
            case EACCES, EPERM: return place == path ? "the file is write-protected" : "its folder is write-protected"
            default: continue
            }
        }
        return nil
    }

    /// Whether a file has nothing in it, or is not there.
    static func isEmpty(_ path: String) -> Bool {
        var facts = stat()
        return stat(path, &facts) == 0 ? facts.st_size == 0 : errno == ENOENT
    }

    private static func folder(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }
}
