import ArgumentParser
import TerminalText

/// What somebody sees who types `reader-sync` and has no replica yet.
enum Welcome {
    private static let steps = [
        ("reader-sync add https://magazine.example/", "read a feed, or the feed of a page; no server needed"),
        ("reader-sync feeds import FILE.opml", "bring the feeds of another reader"),
        ("reader-sync init", "with a server: then 'reader-sync login URL' and 'reader-sync sync'"),
        ("reader-sync --help", "all commands"),
    ]

    /// The lines; `nil` if there is a replica, or if it cannot be said where it would be.
    static func lines() -> [StyledText]? {
        guard let place = try? ReplicaPath(option: nil), !FileText.exists(place.path) else { return nil }
        return [
            StyledText(ReaderSync.configuration.abstract, .bold), "",
            StyledText("There is no replica yet (\(place.path)). To begin:"), "",
        ] + steps.map { StyledText("  ") + StyledText($0, .accent).padded(to: 44) + StyledText($1, .dim) }
    }
}
