import Foundation
import ReaderSyncCLI
import Testing

@Suite("Exit statuses")
struct ExitStatusTests {
    @Test(
        "the README, Protocol/cli and --help have the same table as the program",
        arguments: ["README.md", "Protocol/cli/README.md"])
    func documents(_ path: String) throws {
        let text = try String(contentsOf: JSONFile.sourceTree.appending(path: path), encoding: .utf8)
        for status in ExitStatus.allCases {
            #expect(text.contains("| \(status.rawValue) | \(status.meaning) |"), "\(path): \(status)")
        }
        let rows = text.split(separator: "\n").filter { line in
            line.hasPrefix("| ") && line.dropFirst(2).prefix { $0.isNumber }.isEmpty == false && line.contains(" | ")
                && Int(line.dropFirst(2).prefix { $0 != " " }) != nil
        }
        #expect(rows.count == ExitStatus.allCases.count)
        #expect(ExitStatus.table.contains("  6  the replica is damaged"))
    }
}
