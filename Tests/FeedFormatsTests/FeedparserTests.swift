import FeedFormats
import Foundation
import Testing

/// The files of feedparser (BSD-2-Clause), each with its oracle, read as plain checks.
@Suite("feedparser corpus", .enabled(if: Corpora.isPresent))
struct FeedparserTests {
    private struct Case {
        var file: String
        var checks: [[String: Any]]
        var headers: [String: String]
    }

    private func cases(_ folder: String) throws -> [Case] {
        try Corpora.lines("feedparser/expect.jsonl").compactMap { object in
            guard let file = object["file"] as? String, file.hasPrefix(folder + "/") else { return nil }
            var checks = object["checks"] as? [[String: Any]] ?? []
            if let expression = object["expression"] as? String { checks += PythonChecks.read(expression) }
            return Case(file: file, checks: checks, headers: object["headers"] as? [String: String] ?? [:])
        }
    }

    private func agreement(_ folder: String) throws -> Agreement {
        var agreement = Agreement("feedparser " + folder)
        for item in try cases(folder) {
            let url = try #require(Corpora.root?.appendingPathComponent("feedparser/\(item.file)"))
            guard let data = try? Data(contentsOf: url) else { continue }
            let address = "http://127.0.0.1:8097/\(item.file)"
            let location = WebAddress.resolve(item.headers["Content-Location"] ?? "", base: address)
            let base = location?.hasPrefix("http") == true ? location : address
            var feed = ParsedFeed(format: .rss)
            var refusal: FeedError?
            do throws(FeedError) {
                feed = try FeedParser.parse(data, contentType: item.headers["Content-type"], baseURL: base)
            } catch {
                refusal = error
            }
            agreement.begin(item.file, refusal: refusal)
            for check in item.checks { compare(check, feed, refusal, in: &agreement) }
        }
        return agreement
    }

    private func compare(
        _ check: [String: Any], _ feed: ParsedFeed, _ refusal: FeedError?, in agreement: inout Agreement
    ) {
        guard let path = check["path"] as? [Any] else { return }
        let field = path.map { "\($0)" }.joined(separator: "/")
        if field == "bozo" {
            let wrong = feed.warnings.map(\.code).filter { [.damaged, .badEncoding, .unknownEntity].contains($0) }
            if check["truthy"] != nil {
                if refusal == nil { agreement.expect(!wrong.isEmpty, field, "sound", "damaged") }
            } else {
                agreement.expect(!feed.isDamaged, field, "\(feed.warnings.map(\.message))", "sound")
            }
            return
        }
        if let wanted = check["count"] as? Int, let found = FeedparserFields.count(path, in: feed) {
            return agreement.check(field, "\(found)", "\(wanted)", as: .exact)
        }
        guard let found = FeedparserFields.value(path, in: feed) else { return }
        if let wanted = check["equals"] {
            agreement.check(field, found.text, FeedparserFields.text(wanted, of: path), as: found.kind)
        } else if check["falsy"] != nil {
            agreement.check(field, found.text, "", as: .exact)
        }
    }

    @Test("well-formed files agree with feedparser in 95 of 100 checks of the fields we model")
    func wellFormed() throws { try agreement("wellformed").settle(floor: 950, atLeast: 1200) }

    @Test("malformed files give what could be recovered, and are called damaged")
    func illFormed() throws { try agreement("illformed").settle(floor: 900, atLeast: 8) }

    @Test("the encoding is the one feedparser finds, but for labels the web does not have")
    func encoding() throws { try agreement("encoding").settle(floor: 900, atLeast: 40) }

    @Test("HTML's named characters are read as feedparser reads them")
    func entities() throws { try agreement("entities").settle(floor: 980, atLeast: 120) }

    @Test("no file of any suite crashes or hangs")
    func noCrash() throws {
        var read = 0
        for file in Corpora.files("") {
            if (try? FeedParser.parse(Data(contentsOf: file), contentType: nil, baseURL: nil)) != nil { read += 1 }
        }
        #expect(read > 2000)
    }
}

/// The simplest of the Python expressions that are no plain checks: `a == b == 'text'`, `not a.has_key('b')`.
enum PythonChecks {
    static func read(_ expression: String) -> [[String: Any]] {
        expression.components(separatedBy: " and ").flatMap { part -> [[String: Any]] in
            if part == "not bozo" { return [["path": ["bozo"], "falsy": true]] }
            if part == "bozo" { return [["path": ["bozo"], "truthy": true]] }
            if part.hasPrefix("not "), let key = part.range(of: ".has_key('") {
                let name = part[key.upperBound...].prefix { $0 != "'" }
                return [["path": path(part[..<key.lowerBound].dropFirst(4)) + [String(name)], "falsy": true]]
            }
            let sides = part.components(separatedBy: " == ")
            guard sides.count > 1, let literal = sides.last, literal.hasPrefix("'"), literal.hasSuffix("'"),
                !literal.contains("\\"), !literal.dropFirst().dropLast().contains("'")
            else { return [] }
            let value = String(literal.dropFirst().dropLast())
            return sides.dropLast().map { ["path": path($0[...]), "equals": value] }
        }
    }

    private static func path(_ text: Substring) -> [Any] {
        text.split { "[]'".contains($0) }.map { part -> Any in
            if let index = Int(part) { return index }
            return String(part)
        }
    }
}
