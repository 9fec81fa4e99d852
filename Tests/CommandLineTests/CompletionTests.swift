import Foundation
import SQLiteReplica
import SyncCore
import Testing

@testable import ReaderSyncCLI

@Suite("What shells complete")
struct CompletionTests {
    /// What bash offers for a command line whose last word is being typed.
    private func bash(_ words: [String], on device: Device) async throws -> [String] {
        let list = words.map { "'\($0)'" }.joined(separator: " ")
        let script = """
            source <(reader-sync completions bash)
            COMP_WORDS=(reader-sync \(list)); COMP_CWORD=\(words.count)
            COMP_LINE="${COMP_WORDS[*]}"; COMP_POINT=${#COMP_LINE}
            function=$(complete -p reader-sync); function=${function##*-F }; function=${function%% *}
            $function reader-sync "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD-1]}"
            printf '%s\\n' "${COMPREPLY[@]}"
            """
        let text = try await Shell.bash.run(["--norc", "-c", script], on: device).text
        return text.split(separator: "\n").map(String.init)
    }

    /// What a shell shows on a terminal after tabs, up to a text that is waited for. The terminal is zsh's own `zpty`.
    private func shown(
        _ line: String, until text: String, start: String, setUp: String, on device: Device
    ) async throws -> String {
        let script = """
            zmodload zsh/zpty
            zpty shell 'stty cols 200 rows 50; \(start)'
            zpty -w shell \(Self.quoted(setUp + "echo RE''ADY"))
            zpty -r shell text '*READY*'
            zpty -w -n shell \(Self.quoted(line))$'\\t\\t'
            zpty -r shell text '*'\(Self.quoted(text))'*'
            print -r -- "$text"
            """
        return try await Shell.zsh.run(["-f", "-c", script], on: device).text
    }

    /// In single quotation marks.
    private static func quoted(_ text: String) -> String { "'" + text.replacing("'", with: "'\\''") + "'" }

    private func fish(_ line: String, until text: String, on device: Device) async throws -> String {
        try await shown(
            line, until: text, start: "TERM=xterm exec fish --no-config -i",
            setUp: "reader-sync completions fish | source; ", on: device)
    }

    private func zsh(_ line: String, until text: String, on device: Device) async throws -> String {
        let setUp =
            "mkdir -p ~/zsh; reader-sync completions zsh > ~/zsh/_reader-sync; fpath=(~/zsh $fpath); "
            + "autoload -Uz compinit; compinit -D -u; LISTMAX=0; PS1=; "
        return try await shown(line, until: text, start: "TERM=dumb exec zsh -f -i", setUp: setUp, on: device)
    }

    @Test("bash completes commands, options, and the ids of articles", .enabled(if: Shell.bash.isInstalled))
    func inBash() async throws {
        let device = try await Synced.device()
        let ids = try await device.articles()
        #expect(try await bash(["newsl"], on: device) == ["newsletters"])
        #expect(try await bash(["list", "--unr"], on: device) == ["--unread"])
        #expect(try await Set(bash(["show", ""], on: device)) == Set(ids.map { String($0.prefix(7)) }))
        #expect(try await bash(["save", String(ids[2].prefix(4))], on: device) == [String(ids[2].prefix(7))])
        #expect(try await bash(["list", "--feed", ""], on: device) == ["all"])
        #expect(try await bash(["newsletters", "subscribe", ""], on: device) == ["daily"])
        #expect(try await bash(["config", "set", "list."], on: device) == ["list.limit"])
        #expect(
            try await Set(bash(["config", "set", "sync."], on: device)) == [
                "sync.bodies", "sync.images", "sync.budget",
            ])
        try await device.done("tag", "long reads", ids[0])
        #expect(try await bash(["list", "--tag", ""], on: device) == ["long reads"])
        #expect(try await bash(["tag", ""], on: device) == ["long reads"])
        #expect(try await bash(["tag", "x", String(ids[0].prefix(5))], on: device) == [String(ids[0].prefix(7))])
    }

    @Test(
        "zsh and fish show the headline beside an id", .enabled(if: Shell.zsh.isInstalled && Shell.fish.isInstalled),
        arguments: [Shell.zsh, .fish])
    func headlines(_ shell: Shell) async throws {
        let device = try await Synced.device()
        let items = try await device.done("list", "--json").items()
        let headline = try #require(items.last?["headline"] as? String)
        let line = "reader-sync show "
        let shown =
            try await shell == .zsh
            ? zsh(line, until: headline, on: device) : fish(line, until: headline, on: device)
        #expect(shown.contains(headline), "\(shown)")
        #expect(shown.contains((items.last?["shortId"] as? String) ?? "?"), "\(shown)")
    }

    @Test("a name with shell in it is offered as it is, and nothing of it is run", .enabled(if: Shell.bash.isInstalled))
    func hostile() async throws {
        let device = try await Synced.device()
        let id = try await device.articles()[0]
        let names = ["$(touch owned)", "`touch owned`", "a;touch owned", "it's \"so\"", "*", "\\x"]
        for name in names { try await device.done("tag", name, id) }
        #expect(try await Set(bash(["list", "--tag", ""], on: device)) == Set(names))
        if Shell.zsh.isInstalled, Shell.fish.isInstalled {
            let line = "reader-sync list --tag "
            #expect(try await zsh(line, until: "a;touch owned", on: device).contains("a;touch owned"))
            #expect(try await fish(line, until: "a;touch owned", on: device).contains("a;touch owned"))
        }
        for folder in [device.folder.path, FileManager.default.currentDirectoryPath] {
            #expect(!FileManager.default.fileExists(atPath: folder + "/owned"))
        }
    }

    @Test("without a replica, or with a broken one, there is nothing to offer and nothing is said")
    func nothing() async throws {
        let device = try Device()
        let words = ["---completion", "show", "--", "positional@0", "2", "0", "reader-sync", "show", ""]
        let outcome = try await run(.client, words, in: device.folder.path, environment: device.environment)
        #expect(outcome.errors.isEmpty)
        #expect(outcome.output.allSatisfy { $0.isWhitespace })
    }

    @Test("feeds are offered by the names that they have now, and those that were removed are not")
    func feeds() async throws {
        let host = try FeedHost()
        let device = try Device()
        for name in ["tides", "boats"] {
            host.publish("/" + name, feed: host.rss([(name, "An article of \(name)")]))
            try await device.done("add", host.url + "/" + name)
        }
        let feeds = try await device.done("feeds", "--json").items().compactMap { $0["id"] as? String }
        try #require(feeds.count == 2)
        try await device.done("feeds", "remove", feeds[0])
        try await device.done("feeds", "edit", feeds[1], "--title", "Renamed")
        let replica = try Replica(opening: device.replica, for: .reading)
        let offers = try replica.names(.feed, beginning: "", limit: 10)
        #expect(offers == [NameOffer(name: feeds[1], title: "Renamed")], "\(offers)")
    }

    @Test("each kind of name is found, at most as many as asked for", arguments: NameKind.allCases)
    func kinds(_ kind: NameKind) async throws {
        let device = try await Synced.device()
        let replica = try Replica(opening: device.replica, for: .reading)
        #expect(try replica.names(kind, beginning: "", limit: 3).count <= 3)
        #expect(try replica.names(kind, beginning: "no such beginning", limit: 3).isEmpty)
        if [.article, .feed, .newsletter, .consent].contains(kind) {
            #expect(try !replica.names(kind, beginning: "", limit: 3).isEmpty)
        }
    }
}
