import Glibc

/// What has systemd keep a replica in step, for a person's own manager (systemd.unit(5), systemd.service(5),
/// systemd.timer(5)).
struct SystemdUnit: Sendable {
    /// A file of systemd.
    struct File: Sendable, Hashable {
        /// Its name in `~/.config/systemd/user`.
        var name: String
        /// What is in it.
        var text: String
    }

    /// The program's absolute path.
    var program: String
    /// The replica's absolute path: a unit does not start where the person stood.
    var replica: String

    /// Where this program is.
    static func ownPath() throws -> String {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
        let count = readlink("/proc/self/exe", &buffer, Int(PATH_MAX))
        guard count > 0 else { throw CommandFailure.system("this program's own path cannot be told") }
        return String(decoding: buffer.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// What a person has to look into first: usage, a token that is refused, a damaged replica, marks that are held back.
    private static let final = [ExitStatus.usage, .refused, .damaged, .held]
        .map { String($0.rawValue) }.joined(separator: " ")

    /// A service that watches.
    var watchService: File {
        File(
            name: "reader-sync.service",
            text: service(
                "watch", "sync --watch --quiet",
                extra: """
                    Restart=on-failure
                    RestartSec=30
                    RestartPreventExitStatus=\(Self.final)

                    [Install]
                    WantedBy=default.target
                    """))
    }

    /// A service that syncs once.
    var syncService: File {
        File(name: "reader-sync.service", text: service("oneshot", "sync --due --quiet", extra: "TimeoutStartSec=1h"))
    }

    /// A timer for it.
    var timer: File {
        File(
            name: "reader-sync.timer",
            text: """
                [Unit]
                Description=Sync articles and marks every 15 minutes

                [Timer]
                OnStartupSec=1min
                OnUnitInactiveSec=15min
                RandomizedDelaySec=1min

                [Install]
                WantedBy=timers.target

                """)
    }

    private func service(_ kind: String, _ command: String, extra: String) -> String {
        // Without a network a sync ends with 4, which is no reason to call the unit failed; Ctrl-C and SIGTERM with 130.
        """
        [Unit]
        Description=Keep articles and marks in step (reader-sync)

        [Service]
        Type=\(kind == "watch" ? "exec" : kind)
        ExecStart=\(Self.word(program)) \(command) --replica \(Self.word(replica))
        SuccessExitStatus=\(kind == "watch" ? "130" : "4 130")
        NoNewPrivileges=yes
        UMask=0077
        \(extra)

        """
    }

    /// A word of a command line as systemd reads it (systemd.service(5), "Command lines"): in quotation marks, with `%`
    /// and `$` doubled.
    static func word(_ text: String) -> String {
        var result = "\""
        for character in text {
            switch character {
            case "\\", "\"": result += "\\\(character)"
            case "%", "$": result += "\(character)\(character)"
            case "\n": result += "\\n"
            default: result.append(character)
            }
        }
        return result + "\""
    }
}
