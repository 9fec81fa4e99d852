public import struct FoundationEssentials.Data

/// The feeds in newsboat's file `urls`: an address a line, behind it tags, quoted where they hold blanks. A tag that begins
/// with `~` is the feed's name, `!` hides the feed (newsboat's manual, §5.1 and §5.7).
///
/// What newsboat makes itself (`query:`, `exec:`, `filter:`) is no feed that can be fetched; a warning says so.
public enum NewsboatURLs {
    /// Whether a document is such a file: its first line that says something begins with an address, or in quotes.
    public static func isList(_ document: Data) -> Bool {
        let line = lines(document.prefix(64 << 10)).first { !$0.isEmpty && $0.first != "#" }
        return line.map { line in ["http://", "https://", "\""].contains { line.hasPrefix($0) } } ?? false
    }

    /// Reads a file.
    ///
    /// - Complexity: linear.
    public static func parse(_ document: Data, limits: FeedLimits = .default) -> SubscriptionList {
        var list = SubscriptionList()
        var seen: Set<String> = []
        func warn(_ code: FeedWarning.Code, _ message: String) {
            if list.warnings.count < limits.warnings { list.warnings.append(FeedWarning(code, message)) }
        }
        for (index, line) in lines(document).enumerated() where !line.isEmpty && line.first != "#" {
            guard list.subscriptions.count < limits.subscriptions else {
                warn(.limitReached, "the list has more than \(limits.subscriptions) feeds; the others were left out")
                break
            }
            let parts = Self.words(of: line)
            guard let first = parts.first, let address = WebAddress.absolute(first, base: nil, use: .resource) else {
                warn(.badLink, "line \(index + 1) is no feed that can be fetched")
                continue
            }
            guard seen.insert(address).inserted else { continue }
            var feed = Subscription(feedURL: address)
            for word in parts.dropFirst() where word != "!" {
                if word.hasPrefix("~") {
                    feed.title = CleanText.line(String(word.dropFirst().prefix(1000)))
                } else if let tag = CleanText.nonEmptyLine(word), !feed.tags.contains(tag) {
                    feed.tags.append(tag)
                }
            }
            list.subscriptions.append(feed)
        }
        return list
    }

    private static func lines(_ document: Data) -> [Substring] {
        String(decoding: document, as: UTF8.self).split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
            .map { $0.drop(while: \.isWhitespace) }
    }

    /// Words, of which those in quotes may hold blanks, and behind a backslash a quote.
    private static func words(of line: Substring) -> [String] {
        var words: [String] = []
        var word: String?
        var (isQuoted, isEscaped) = (false, false)
        for character in line {
            if isEscaped {
                word = (word ?? "") + String(character)
                isEscaped = false
            } else if character == "\\", isQuoted {
                isEscaped = true
            } else if character == "\"" {
                isQuoted.toggle()
                word = word ?? ""
            } else if character.isWhitespace, !isQuoted {
                if let word { words.append(word) }
                word = nil
            } else {
                word = (word ?? "") + String(character)
            }
        }
        if let word { words.append(word) }
        return words
    }
}
