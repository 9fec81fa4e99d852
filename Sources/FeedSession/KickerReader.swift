import FeedFormats

/// Finds an entry's kicker and gives it one spelling.
///
/// Publishers say a kicker in an element of its own, as the category that is also the feed's title (a kicker's own feed),
/// or before the headline ("Talking points: The long wait"). The last is believed only if the same words are a category
/// of the entry or the feed's title: a colon alone is punctuation, and a rule that counted how often the words occur in
/// the document would change its mind when an entry falls out of it, and make a correction of nothing.
struct KickerReader {
    private let feedTitle: String

    init(feedTitle: String) {
        self.feedTitle = KickerSpelling.key(of: feedTitle)
    }

    /// Kicker and headline of an entry.
    func head(of entry: ParsedEntry) -> (kicker: String?, headline: String) {
        let said = entry.kicker.map { KickerSpelling.uniform($0, language: entry.language) }
        if let split = split(entry, kicker: said) {
            return (said ?? KickerSpelling.uniform(split.kicker, language: entry.language), split.headline)
        }
        if let said { return (said, entry.headline) }
        if let first = entry.categories.first, !feedTitle.isEmpty, KickerSpelling.key(of: first) == feedTitle {
            return (KickerSpelling.uniform(first, language: entry.language), entry.headline)
        }
        return (nil, entry.headline)
    }

    private func split(_ entry: ParsedEntry, kicker: String?) -> (kicker: String, headline: String)? {
        // Longer than this no kicker is.
        for separator in [": ", " | "] {
            guard let range = entry.headline.firstRange(of: separator, within: 60) else { continue }
            let words = String(entry.headline[..<range.lowerBound])
            let rest = String(entry.headline[range.upperBound...])
            let key = KickerSpelling.key(of: words)
            guard !key.isEmpty, !rest.isEmpty else { continue }
            let isKnown =
                key == feedTitle || kicker.map { KickerSpelling.key(of: $0) == key } ?? false
                || entry.categories.contains { KickerSpelling.key(of: $0) == key }
            if isKnown, kicker == nil || kicker.map({ KickerSpelling.key(of: $0) }) == key { return (words, rest) }
        }
        return nil
    }
}

extension String {
    /// Where `text` first stands, if it begins within so many characters.
    fileprivate func firstRange(of text: String, within limit: Int) -> Range<String.Index>? {
        // Most have none, and characters are slow to go through.
        guard text.utf8.allSatisfy({ utf8.contains($0) }) else { return nil }
        var index = startIndex
        var count = 0
        while index < endIndex, count < limit {
            if self[index...].hasPrefix(text) {
                return index..<self.index(index, offsetBy: text.count)
            }
            formIndex(after: &index)
            count += 1
        }
        return nil
    }
}
