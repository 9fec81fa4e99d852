import FeedFormats
import FeedSession
import SyncPorts

extension FetchFailure {
    /// What it means for a feed that no answer came. The transport's sentences say what to do themselves.
    init(_ error: TransportError) {
        switch error.code {
        case .refusedAddress, .invalidURL, .tooManyRedirects: self.init(.forbidden, error.detail)
        case .unresolvedHost, .unreachable, .timedOut, .insecure, .brokenAnswer, .unavailable:
            self.init(.unreachable, error.detail)
        case .tooLarge: self.init(.unreadable, error.detail, remedy: "ask the publisher for a feed with fewer entries")
        case .cancelled: self = .cancelled
        }
    }

    /// What it means for a feed that its document cannot be read.
    init(_ error: FeedError, contentType: String?) {
        let isPage = error.code == .notAFeed && error.context.contains("HTML")
        let remedy = isPage ? "give the address of the feed itself; the page names none" : error.remedy
        self.init(.unreadable, Self.sentence(error.context), remedy: Self.sentence(remedy))
    }

    /// The task was cancelled.
    static let cancelled = FetchFailure(.cancelled, "the fetch was stopped")

    /// Parts of a sentence begin small, unless the first word is an abbreviation.
    private static func sentence(_ text: String) -> String {
        guard text.dropFirst().first?.isLowercase == true else { return text }
        return text.prefix(1).lowercased() + text.dropFirst()
    }
}
