import Glibc

/// Commands that a person named in the environment, run by the shell as they wrote them.
enum ShellCommand {
    /// Where the command's input and output go.
    enum Streams {
        /// To our terminal; we wait for the end.
        case inherited
        /// Nowhere, in a session of its own: it may outlive us.
        case detached
    }

    /// Runs a script with one argument, `$1`, which the shell does not read.
    ///
    /// - Returns: the status of its end; of what is detached, that the shell could start it.
    /// - Throws: ``CommandFailure`` if there is no shell.
    @discardableResult
    static func run(_ script: String, argument: String, _ streams: Streams = .inherited) throws -> Int32 {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // Those that we ignore would stay so in what is run.
        var ignored = sigset_t()
        sigemptyset(&ignored)
        for number in [SIGPIPE, SIGINT, SIGQUIT, SIGTSTP] { sigaddset(&ignored, number) }
        posix_spawnattr_setsigdefault(&attributes, &ignored)
        var flags = Int32(POSIX_SPAWN_SETSIGDEF)
        if streams == .detached {
            for stream in 0...2 { posix_spawn_file_actions_addopen(&actions, Int32(stream), "/dev/null", O_RDWR, 0) }
            flags |= 0x80  // POSIX_SPAWN_SETSID
        }
        posix_spawnattr_setflags(&attributes, Int16(flags))
        // Left behind by its shell, it is nobody's child to be waited for.
        let script = streams == .detached ? "(\(script)) &" : script
        let words: [String] = ["/bin/sh", "-c", script, "sh", argument]
        var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) }
        arguments.append(nil)
        defer { for argument in arguments { free(argument) } }
        // As system(3) does: Ctrl-C is for what has the terminal. It ends an editor, and not us with the text under it.
        let own = streams == .inherited ? [SIGINT, SIGQUIT].map { ($0, Self.ignore($0)) } : []
        defer {
            for (number, action) in own {
                var action = action
                sigaction(number, &action, nil)
            }
        }
        var process = pid_t()
        let failed = posix_spawn(&process, "/bin/sh", &actions, &attributes, &arguments, environ)
        guard failed == 0 else {
            throw CommandFailure.system("/bin/sh: \(String(cString: strerror(failed)))")
        }
        return try end(of: process)
    }

    /// Pays no attention to a signal from now on.
    ///
    /// - Returns: what was done with it before.
    private static func ignore(_ number: Int32) -> sigaction {
        var (ignoring, before) = (sigaction(), sigaction())
        ignoring.__sigaction_handler.sa_handler = SIG_IGN
        sigaction(number, &ignoring, &before)
        return before
    }

    private static func end(of process: pid_t) throws -> Int32 {
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0 {
            guard errno == EINTR else { throw CommandFailure.system("waiting for a command: \(FileText.reason)") }
        }
        return status
    }
}
