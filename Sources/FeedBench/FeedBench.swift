import FeedFormats
import FoundationEssentials

/// The measured side of `Tools/bench`'s rows about feeds: `FeedBench OPERATION FILE...` prints bytes per second.
///
/// Files are read beforehand. All of them are gone through until a second has passed, at least three times; the best
/// round counts, since everything that disturbs a round makes it slower.
@main
struct FeedBench {
    static func main() throws {
        var arguments = CommandLine.arguments.dropFirst()
        guard let operation = arguments.popFirst(), !arguments.isEmpty else { throw Misuse() }
        let files = try arguments.map { try Data(contentsOf: URL(filePath: $0)) }
        let bytes = files.reduce(0) { $0 + $1.count }
        if operation == "once" { return once(files) }
        if operation == "clean" { return try clean(files) }
        let work = try Self.work(operation, files)
        let seconds = try best(of: work)
        Terminal.write("bytes_per_second \(Int(Double(bytes) / seconds))")
    }

    struct Misuse: Error, CustomStringConvertible {
        var description: String { "usage: FeedBench feed|html|once|clean FILE..." }
    }

    private static func work(_ operation: String, _ files: [Data]) throws -> () throws -> Void {
        switch operation {
        case "feed":
            return {
                for file in files {
                    let feed = try FeedParser.parse(
                        file, contentType: nil, baseURL: "https://made-up.example/feed.xml")
                    precondition(!feed.entries.isEmpty, "a feed without entries measures nothing")
                }
            }
        case "html":
            let texts = files.map { String(decoding: $0, as: UTF8.self) }
            return {
                for text in texts {
                    let rendered = HTMLSanitizer.sanitizeAndRender(text, base: "https://made-up.example/")
                    precondition(!rendered.text.isEmpty, "a page without text measures nothing")
                }
            }
        default: throw Misuse()
        }
    }

    /// One round over HTML that is meant to take long: its time and how large the outputs are.
    private static func once(_ files: [Data]) {
        for file in files {
            let text = String(decoding: file, as: UTF8.self)
            var sizes = (0, 0)
            let time = ContinuousClock().measure {
                let rendered = HTMLSanitizer.sanitizeAndRender(text, base: "https://made-up.example/")
                sizes = (rendered.html.utf8.count, rendered.text.utf8.count)
            }
            Terminal.write("nanoseconds \(Int(time / .nanoseconds(1)))\nhtml_bytes \(sizes.0)\ntext_bytes \(sizes.1)")
        }
    }

    /// Sanitises JSON lists of strings, for checks with other people's parsers.
    private static func clean(_ files: [Data]) throws {
        for file in files {
            let payloads = try JSONDecoder().decode([String].self, from: file)
            let outputs = payloads.map { HTMLSanitizer.sanitize($0, base: "https://made-up.example/a/") }
            Terminal.write(String(decoding: try JSONEncoder().encode(outputs), as: UTF8.self))
        }
    }

    /// The shortest round, in seconds.
    private static func best(of work: () throws -> Void) rethrows -> Double {
        let clock = ContinuousClock()
        let start = clock.now
        var rounds = 0
        var best = Duration.seconds(3600)
        while rounds < 3 || clock.now - start < .seconds(1) {
            best = min(best, try clock.measure(work))
            rounds += 1
        }
        return best / .seconds(1)
    }
}
