import FeedFormats
import SyncCore

// What the header fields of an answer mean. Each is a hostile text until read: what is malformed counts as absent.

extension FetchAnswer {
    /// A validator that can be sent back; `nil` if there is none, or one that no request can carry.
    func validator(_ name: String) -> String? {
        guard let value = headers[name], (1...1_024).contains(value.utf8.count),
            value.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7f })
        else { return nil }
        return value
    }

    /// How long the server asks to be left alone, in milliseconds: seconds or a date (RFC 9110 §10.2.3).
    func retryAfter(at now: WallTime) -> Int64? {
        guard let value = headers["retry-after"] else { return nil }
        if let seconds = Self.seconds(value) { return seconds }
        return Self.date(value).map { Self.difference($0, now.milliseconds) }
    }

    /// How long the answer is fresh, in milliseconds (RFC 9111 §4.2.1): `max-age`, else `Expires`, less its age.
    func freshness(at now: WallTime) -> Int64? {
        let directives = (headers["cache-control"] ?? "").lowercased().split(separator: ",").map {
            $0.filter { !$0.isWhitespace && $0 != "\"" }
        }
        if directives.contains(where: { $0 == "no-cache" || $0 == "no-store" }) { return nil }
        let age = headers["age"].flatMap(Self.seconds) ?? 0
        for directive in directives where directive.hasPrefix("max-age=") {
            return Self.seconds(directive.dropFirst(8)).map { max(0, $0 - age) }
        }
        guard let expires = headers["expires"].flatMap(Self.date) else { return nil }
        // By the server's own clock where it tells it: ours may be wrong.
        return Self.difference(expires, headers["date"].flatMap(Self.date) ?? now.milliseconds)
    }

    /// Whole seconds as milliseconds, at most a hundred years.
    private static func seconds(_ text: some StringProtocol) -> Int64? {
        let digits = text.drop(while: \.isWhitespace).prefix { !$0.isWhitespace }
        guard !digits.isEmpty, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return min(Int64(digits) ?? .max, 100 * 366 * 86_400) * 1_000
    }

    private static func date(_ text: String) -> Int64? { FeedDate.parse(text)?.milliseconds }

    private static func difference(_ later: Int64, _ earlier: Int64) -> Int64 {
        let (value, overflow) = later.subtractingReportingOverflow(earlier)
        return overflow ? 0 : max(0, value)
    }
}
