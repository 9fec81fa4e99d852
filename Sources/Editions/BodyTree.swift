import FeedFormats

/// An element of an article's text, or a run of its words.
enum BodyNode {
    case text(String)
    case element(HTMLElement, [HTMLAttribute], [BodyNode])

    /// Whether it is a run of blanks.
    var isBlank: Bool {
        if case .text(let text) = self { return text.allSatisfy(\.isWhitespace) }
        return false
    }

    /// The element's kind.
    var kind: HTMLElement? {
        if case .element(let kind, _, _) = self { return kind }
        return nil
    }

    /// What is in it.
    var children: [BodyNode] {
        if case .element(_, _, let children) = self { return children }
        return []
    }

    /// Whether it is, or holds, what may not stand inside a paragraph.
    var hasBlock: Bool {
        guard case .element(let kind, _, let children) = self else { return false }
        return !kind.isInline || children.contains { $0.hasBlock }
    }
}

/// Builds the tree of a text. At most ``FeedFormats/HTMLSanitizer/maximumDepth`` elements are in each other.
struct BodyTree: HTMLSink {
    private struct Open {
        var kind: HTMLElement
        var attributes: [HTMLAttribute]
        var children: [BodyNode] = []
    }

    /// The top of the tree.
    private(set) var nodes: [BodyNode] = []
    /// The addresses of its images.
    private(set) var images: Set<String> = []
    private var open: [Open] = []

    /// The tree of HTML. It goes through the allow-list again, so that it need not have come from there.
    init(_ html: String) {
        self = HTMLSanitizer.run(html, base: nil, into: BodyTree())
    }

    private init() {}

    mutating func open(_ element: HTMLElement, _ attributes: [HTMLAttribute]) {
        if element == .img, let source = attributes[.src] { images.insert(source) }
        if element.isVoid {
            add(.element(element, attributes, []))
        } else {
            open.append(Open(kind: element, attributes: attributes))
        }
    }

    mutating func close(_ element: HTMLElement) {
        guard let last = open.popLast() else { return }
        add(.element(last.kind, last.attributes, last.children))
    }

    mutating func text(_ bytes: UnsafeBufferPointer<UInt8>) {
        add(.text(String(decoding: bytes, as: UTF8.self)))
    }

    private mutating func add(_ node: BodyNode) {
        if open.isEmpty { nodes.append(node) } else { open[open.count - 1].children.append(node) }
    }
}
