import FeedFormats
import Foundation

/// The test data of others, read where it lies: `$READER_SYNC_CORPORA`, or `shared/corpora` beside the repository or
/// one of the folders above it. Tests over it do nothing when it is absent; what must always be tested has fixtures.
/// (`Foundation` for `FileManager` and `JSONSerialization`: tests only.)
enum Corpora {
    static let root: URL? = {
        if let path = ProcessInfo.processInfo.environment["READER_SYNC_CORPORA"] {
            return URL(fileURLWithPath: path)
        }
        var folder = URL(fileURLWithPath: #filePath)
        while folder.path != "/" {
            folder.deleteLastPathComponent()
            let candidate = folder.appendingPathComponent("shared/corpora")
            if FileManager.default.fileExists(atPath: candidate.path) { return candidate }
        }
        return nil
    }()

    static var isPresent: Bool { root != nil }

    /// The files under `folder` of this extension, sorted.
    static func files(_ folder: String, extension kind: String = "xml") -> [URL] {
        guard let start = root?.appendingPathComponent(folder),
            let walker = FileManager.default.enumerator(at: start, includingPropertiesForKeys: nil)
        else { return [] }
        return walker.compactMap { $0 as? URL }.filter { $0.pathExtension == kind }.sorted {
            $0.path < $1.path
        }
    }

    /// The objects of a file that holds one to a line.
    static func lines(_ path: String) throws -> [[String: Any]] {
        guard let url = root?.appendingPathComponent(path) else { return [] }
        return try String(decoding: Data(contentsOf: url), as: UTF8.self).split(separator: "\n").compactMap {
            try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any]
        }
    }

    static func json(_ path: String) throws -> Any? {
        guard let url = root?.appendingPathComponent(path) else { return nil }
        return try JSONSerialization.jsonObject(with: Data(contentsOf: url))
    }

    /// The words of `html` alone: ours is text where other parsers keep markup.
    static func bareText(_ html: String) -> String {
        let clean = HTMLSanitizer.sanitize(html, base: "http://example.com/")
        var text = ""
        var inTag = false
        for character in clean {
            if character == "<" { inTag = true }
            if !inTag { text.append(character) }
            if character == ">" {
                inTag = false
                text.append(" ")
            }
        }
        return PlainText.render(text).split { $0 == " " || $0 == "\n" }.joined(separator: " ")
    }

    /// Whether ours and theirs say the same, each being text or markup.
    static func agree(_ ours: String, _ theirs: String) -> Bool {
        words(ours) == words(theirs) || words(ours) == bareText(theirs) || bareText(ours) == bareText(theirs)
    }

    /// Whether links and images of both lead to the same places in the same order.
    static func addressesAgree(_ ours: String, _ theirs: String) -> Bool {
        addresses(ours) == addresses(HTMLSanitizer.sanitize(theirs, base: "http://unresolved.invalid/"))
    }

    static func trimmed(_ text: String) -> String { text.trimmingCharacters(in: .whitespacesAndNewlines) }

    private static func words(_ text: String) -> String {
        text.split { $0.isWhitespace }.joined(separator: " ")
    }

    /// What stands in `href`, `src` and `cite` of sanitised HTML.
    private static func addresses(_ html: String) -> [String] {
        ["href=\"", "src=\"", "cite=\""].flatMap { name in
            html.components(separatedBy: name).dropFirst().map { $0.components(separatedBy: "\"")[0] }
        }
    }

    static func fixture(_ name: String) throws -> Data {
        try Data(
            contentsOf: URL(fileURLWithPath: #filePath).deletingLastPathComponent()
                .appendingPathComponent("Fixtures/\(name)"))
    }
}
