/// The person's own editor.
enum Editor {
    /// Why a text did not come back.
    static let endedBadly = "editorEnded"
    /// Why a text was never seen.
    static let cannotRun = "editorMissing"

    /// Lets the person edit a text: `$VISUAL`, then `$EDITOR`, then `vi`. No copy of it stays anywhere, however this ends.
    ///
    /// - Parameter name: what the file is called; editors choose their manners by it.
    /// - Throws: ``CommandFailure`` with ``cannotRun`` or ``endedBadly`` if the editor cannot be started or ends with an error
    ///   (`:cq` in vi); then nothing is taken.
    static func edit(
        _ text: String, name: String = "note.txt", environment: (String) -> String?
    ) throws -> String {
        try ScratchFolder.with(environment: environment) { folder in
            let path = folder + "/" + name
            try FileText.write(text, to: path)
            let editor =
                [environment("VISUAL"), environment("EDITOR")].compactMap { $0 }.first { !$0.isEmpty } ?? "vi"
            let status = try ShellCommand.run(editor + " \"$1\"", argument: path)
            // What sh(1) says of a command that it did not find, or may not run.
            if [126, 127].contains(status >> 8) {
                throw CommandFailure(
                    .failure, cannotRun, "the editor '\(editor)' cannot be run",
                    remedy: "set $VISUAL or $EDITOR to one that is there")
            }
            guard status == 0 else {
                throw CommandFailure(
                    .failure, endedBadly, "the editor '\(editor)' ended with an error; nothing was changed")
            }
            return try FileText.read(path, limit: 1 << 20)
        }
    }
}
