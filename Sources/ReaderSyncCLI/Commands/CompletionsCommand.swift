import ArgumentParser

struct CompletionsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "completions", abstract: "Print a completion script for a shell.",
        discussion: """
            It completes commands and options, and the ids of articles (with their headlines in zsh and fish), feeds, \
            folders, tags, newsletters, conflicts and settings from the replica.
            bash: reader-sync completions bash > ~/.local/share/bash-completion/completions/reader-sync
            zsh:  reader-sync completions zsh > a file _reader-sync in a folder of $fpath
            fish: reader-sync completions fish > ~/.config/fish/completions/reader-sync.fish
            """)

    /// The shells.
    enum Shell: String, ExpressibleByArgument, CaseIterable, Sendable {
        case bash, zsh, fish
    }

    @Argument(help: "bash, zsh or fish.")
    var shell: Shell

    func run() throws {
        let output = Output(
            terminal: Terminal(environment: Context.environment), isJSON: false, isQuiet: false)
        let kind: CompletionShell =
            switch shell {
            case .bash: .bash
            case .zsh: .zsh
            case .fish: .fish
            }
        output.verbatim(ReaderSync.completionScript(for: kind))
        try output.finish()
    }
}
