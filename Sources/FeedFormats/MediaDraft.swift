/// Media RSS of one entry (<https://www.rssboard.org/media-rss>): texts stand in `media:content`, in the group around
/// it, or in the entry, and hold for everything further in.
struct MediaDraft {
    var url: String?
    var type: String?
    var medium: String?
    var width = 0
    var isDefault = false
    var thumbnail: String?
    var description: String?
    var title: String?
    var credits: [String] = []

    init(_ element: FeedElement? = nil) {
        guard let element else { return }
        url = element["url"]
        type = element["type"]?.lowercased()
        medium = element["medium"]?.lowercased()
        width = element["width"].flatMap { Int($0) } ?? 0
        isDefault = element["isDefault"]?.lowercased() == "true"
    }

    /// Whether it is an image by what it declares, else by its name.
    var isImage: Bool {
        if let medium { return medium == "image" }
        if let type { return type.hasPrefix("image/") }
        let path = (url ?? "").lowercased().prefix { $0 != "?" && $0 != "#" }
        return [".jpg", ".jpeg", ".png", ".gif", ".webp", ".avif"].contains { path.hasSuffix($0) }
    }

    /// Takes what it does not say itself from what is around it.
    func inheriting(_ outer: MediaDraft) -> MediaDraft {
        var result = self
        result.description = description ?? outer.description
        result.title = title ?? outer.title
        result.thumbnail = thumbnail ?? outer.thumbnail
        if credits.isEmpty { result.credits = outer.credits }
        return result
    }

    /// The media of one entry.
    struct Entry {
        /// What is open: the entry itself, then a group or a content.
        private var open: [MediaDraft] = [MediaDraft()]
        private var contents: [MediaDraft] = []
        private var fallback: String?
        private var groupDescription: String?
        private var groupTitle: String?

        mutating func begin(_ element: FeedElement) { open.append(MediaDraft(element)) }

        mutating func end(isContent: Bool) {
            guard open.count > 1, let inner = open.popLast() else { return }
            if isContent {
                // Bounded: an entry has no use for more, and texts are inherited by each.
                guard contents.count < 100 else { return }
                contents.append(inner.inheriting(open[open.count - 1]))
            } else {
                contents = contents.map { $0.inheriting(inner) }
                groupDescription = groupDescription ?? inner.description
                groupTitle = groupTitle ?? inner.title
                if open[0].thumbnail == nil { open[0].thumbnail = inner.thumbnail }
            }
        }

        mutating func edit(_ change: (inout MediaDraft) -> Void) { change(&open[open.count - 1]) }

        /// The first description of any of them, plain text.
        var description: String? {
            open[0].description ?? groupDescription ?? contents.lazy.compactMap(\.description).first
        }

        /// The first title of any of them, plain text.
        var title: String? { open[0].title ?? groupTitle ?? contents.lazy.compactMap(\.title).first }

        mutating func offerFallback(_ url: String?) { if fallback == nil { fallback = url } }

        /// The image that leads: the default or widest image, else a thumbnail, an enclosed image, the episode's.
        func leadImage(enclosures: [ParsedEnclosure], resolve: (String) -> String?) -> ParsedImage? {
            let all = contents.map { $0.inheriting(open[0]) }
            let images = all.filter { $0.isImage && $0.url != nil }
            let widest = images.max { $0.width < $1.width }
            let chosen =
                images.first(where: \.isDefault)
                ?? (widest.flatMap { $0.width > 0 ? $0 : nil } ?? images.first)
            if let chosen, let url = chosen.url.flatMap(resolve) { return image(url, chosen) }
            let around = all.first ?? open[0]
            let thumbnail = all.lazy.compactMap(\.thumbnail).first ?? open[0].thumbnail
            if let url = thumbnail.flatMap(resolve) { return image(url, around) }
            if let enclosed = enclosures.first(where: { $0.type?.lowercased().hasPrefix("image/") == true }) {
                return image(enclosed.url, open[0])
            }
            return fallback.flatMap(resolve).map { image($0, open[0]) }
        }

        private func image(_ url: String, _ media: MediaDraft) -> ParsedImage {
            let caption = media.description ?? media.title
            let credit = media.credits.isEmpty ? nil : media.credits.joined(separator: ", ")
            return ParsedImage(
                url: url, caption: caption, credit: credit, alt: media.description == nil ? nil : media.title)
        }
    }
}
