import SyncCore
import TerminalScreen

/// A line at the bottom in which something is typed.
struct Prompt: Sendable, Hashable {
    enum Purpose: Sendable, Hashable {
        /// Search as you type.
        case search
        /// Find in the text of the article.
        case find
        /// The tags of an article.
        case tags(ArticleID, before: [TagName])
        /// The number of a link.
        case link
    }

    /// What a key did.
    enum Outcome: Sendable, Hashable {
        case changed, accepted, dismissed, nothing
    }

    /// Most characters.
    static let maximumLength = 500

    var purpose: Purpose
    var text: String

    var label: String {
        switch purpose {
        case .search, .find: "/"
        case .tags: "Tags: "
        case .link: "Link: "
        }
    }

    mutating func take(_ key: Key) -> Outcome {
        switch key {
        case .enter: return .accepted
        case .escape, .control("c"), .control("g"): return .dismissed
        case .backspace:
            if text.isEmpty { return .dismissed }
            text.removeLast()
        case .control("u"): text = ""
        case .control("w"):
            while text.last == " " { text.removeLast() }
            while let last = text.last, last != " " { text.removeLast() }
        case .character(let character): append(String(character))
        case .paste(let pasted): append(pasted.split { $0.isNewline }.joined(separator: " "))
        default: return .nothing
        }
        return .changed
    }

    private mutating func append(_ addition: String) {
        text.unicodeScalars.append(contentsOf: addition.unicodeScalars.filter { !$0.isControl })
        text = String(text.prefix(Self.maximumLength))
    }
}
