import Foundation
import Testing

@testable import ReaderSyncCLI

@Suite("The manual")
struct ManualTests {
    @Test("every command has a page, which groff sets without a warning", .enabled(if: Shell.groff.isInstalled))
    func pages() async throws {
        let device = try Device()
        let folder = device.folder.path + "/man1"
        try await device.done("man", "--folder", folder)
        let files = Set(try FileManager.default.contentsOfDirectory(atPath: folder))
        let commands = try await CommandTree.client().leaves().map {
            "reader-sync-" + $0.words.joined(separator: "-") + ".1"
        }
        #expect(commands.count > 35)
        let attributes = try FileManager.default.attributesOfItem(atPath: folder + "/reader-sync.1")
        #expect(attributes[.posixPermissions] as? Int == 0o644)
        #expect(Set(commands).subtracting(files).isEmpty)
        let set = try await Shell.groff.run(
            ["-man", "-Tutf8", "-ww", "-z"] + files.sorted().map { folder + "/" + $0 }, on: device)
        #expect(set.status == 0 && set.text.isEmpty, "\(set.text.prefix(2_000))")
    }

    @Test("a page says what --help says: every option with its words, and the subcommands")
    func sameAsHelp() async throws {
        let tree = try CommandDescription.all()
        let list = ManualPage(try tree.find(["list"]), words: ["list"]).roff
        for argument in try tree.find(["list"]).arguments ?? [] where argument.shouldDisplay {
            #expect(list.contains(Roff.text(argument.abstract ?? "?")))
            for name in argument.names ?? [] { #expect(list.contains(Roff.bold(name.text))) }
        }
        let root = try await Device().done("man").output
        #expect(
            root.contains("reader\\-sync feeds") && root.contains(".SH EXIT STATUS")
                && root.contains("READER_SYNC_TOKEN"))
        #expect(root == ManualPage(tree, words: []).roff)
    }

    @Test("text is roff's text: no line commands it")
    func roff() {
        #expect(Roff.text(".TH x \\fB -v 'q'") == "\\&.TH x \\efB \\-v \\(aqq\\(aq")
        #expect(Roff.text("'x").hasPrefix("\\(aq"))
    }
}
