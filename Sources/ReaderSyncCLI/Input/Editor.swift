import Glibc

/// The person's own editor.
enum Editor {
    /// Lets the person edit a text: `$VISUAL`, then `$EDITOR`, then `vi`.
    ///
    /// - Throws: ``CommandFailure`` if the editor cannot be started or ends with an error; then nothing is taken.
    static func edit(_ text: String, environment: (String) -> String?) throws -> String {
        try edit(text, environment: environment) { $0 }
    }

    /// The same, for a text that may be refused: then the file stays, and the failure names it.
    static func edit<Result>(
        _ text: String, environment: (String) -> String?, accept: (String) throws -> Result
    ) throws -> Result {
        let folder = environment("TMPDIR").flatMap { $0.hasPrefix("/") ? $0 : nil } ?? "/tmp"
        var template = Array((folder + "/reader-sync-XXXXXX.txt").utf8CString)
        let descriptor = mkstemps(&template, 4)
        guard descriptor >= 0 else { throw CommandFailure.system("\(folder): \(FileText.reason)") }
        close(descriptor)
        let path = template.withUnsafeBufferPointer { buffer in
            buffer.baseAddress.map { String(cString: $0) } ?? ""
        }
        var isKept = false
        defer { if !isKept { unlink(path) } }
        try FileText.write(text, to: path)
        let editor =
            [environment("VISUAL"), environment("EDITOR")].compactMap { $0 }.first { !$0.isEmpty } ?? "vi"
        let status = try ShellCommand.run(editor + " \"$1\"", argument: path)
        guard status == 0 else {
            throw CommandFailure.system("the editor '\(editor)' ended with an error; nothing was changed")
        }
        let edited = try FileText.read(path, limit: 1 << 20)
        do {
            return try accept(edited)
        } catch {
            isKept = true
            var failure = CommandFailure(error)
            failure.remedy = [failure.remedy, "your text is kept in \(path)"].compactMap { $0 }.joined(separator: "; ")
            throw failure
        }
    }
}
