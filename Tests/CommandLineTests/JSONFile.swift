import Foundation
import SyncCore
import SyncTestKit

/// JSON that tests read.
enum JSONFile {
    /// The value of a text.
    static func value(_ text: String) throws -> JSONValue {
        try JSONDecoder().decode(CodableJSON.self, from: Data(text.utf8)).value
    }

    /// The top of the source tree.
    static let sourceTree = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// All JSON files of a folder of the source tree, by their names.
    static func folder(_ path: String) throws -> [String: JSONValue] {
        let folder = sourceTree.appending(path: path)
        var result: [String: JSONValue] = [:]
        for name in try FileManager.default.contentsOfDirectory(atPath: folder.path) where name.hasSuffix(".json") {
            result[name] = try value(String(contentsOf: folder.appending(path: name), encoding: .utf8))
        }
        return result
    }
}
