import FeedFormats
import SyncCore

/// The way from a feed's address to the one that answers, over redirects.
struct FetchRoute: Sendable {
    /// Every address asked, in order, without fragments.
    private(set) var addresses: [String]
    /// How many of them lie at the end of permanent redirects alone: these redirects may be believed.
    private var permanentCount = 1

    init(from url: String) {
        addresses = [url]
    }

    /// The address to ask.
    var current: String { addresses[addresses.count - 1] }

    /// The address to ask, if it is not the feed's own.
    var redirected: String? { addresses.count > 1 ? current : nil }

    /// Whether nothing but permanent redirects led here.
    var isPermanent: Bool { permanentCount == addresses.count }

    /// Where permanent redirects alone lead; `nil` if the first one, or none, is permanent. A way from `https` to `http`
    /// ends before it: whoever sits between could have sent it.
    var permanentTarget: String? { permanentCount > 1 ? addresses[permanentCount - 1] : nil }

    /// Follows a redirect.
    ///
    /// - Returns: why it must not be followed.
    mutating func follow(_ answer: FetchAnswer, limit: Int) -> FetchFailure? {
        guard let location = answer.headers["location"], !location.isEmpty else {
            return .misled("answers \(answer.status) without saying where to")
        }
        guard let target = FetchRoute.webAddress(location, base: current) else {
            return .misled("redirects to \(FetchFailure.shown(location)), which is no http or https address")
        }
        let next = Self.withoutForeignUser(target, from: current)
        guard !addresses.contains(next) else {
            let circle = (addresses + [next]).map(FetchFailure.shown).joined(separator: " -> ")
            return .misled("redirects in a circle: \(circle)")
        }
        guard addresses.count <= limit else {
            let way = (addresses + [next]).map(FetchFailure.shown).joined(separator: " -> ")
            return .misled("redirects more than \(limit) times: \(way)")
        }
        let isKept = answer.status == 301 || answer.status == 308
        let isDowngrade = current.hasPrefix("https:") && !next.hasPrefix("https:")
        if isPermanent, isKept, !isDowngrade { permanentCount += 1 }
        addresses.append(next)
        return nil
    }

    /// `text` as an absolute `http` or `https` address without fragment.
    static func webAddress(_ text: String, base: String? = nil) -> String? {
        guard let address = WebAddress.safe(text, base: base), address.hasPrefix("http") else { return nil }
        return String(address.prefix { $0 != "#" })
    }

    /// What stands before the `@` of another host's address is that host's, not the reader's.
    private static func withoutForeignUser(_ address: String, from: String) -> String {
        let (scheme, authority, rest) = split(address)
        guard let at = authority.lastIndex(of: "@"), split(from).authority != authority else { return address }
        return String(scheme + authority[authority.index(after: at)...] + rest)
    }

    private static func split(_ address: String) -> (scheme: Substring, authority: Substring, rest: Substring) {
        let start = address.firstIndex(of: "/").map { address.index($0, offsetBy: 2) } ?? address.startIndex
        let end = address[start...].firstIndex { $0 == "/" || $0 == "?" } ?? address.endIndex
        return (address[..<start], address[start..<end], address[end...])
    }
}

extension FetchSession {
    /// Counts a permanent redirect, and keeps the new address once it was seen in enough fetches in a row. Only fetches
    /// that brought a feed count: a portal that catches all requests, or a parked domain, brings none.
    mutating func believe(_ target: String?) {
        guard let target else { return record.move = nil }
        let before = record.move.flatMap { $0.url == target ? $0.count : nil } ?? 0
        // The count comes from a file that may hold anything.
        let count = min(max(0, before), 1_000) + 1
        record.move = FetchRecord.Move(url: target, count: count)
        guard count >= limits.movesBelieved else { return }
        record.url = target
        record.move = nil
    }
}
