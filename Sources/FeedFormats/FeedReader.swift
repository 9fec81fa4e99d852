/// One open element, as a format's reader sees it.
struct FeedElement {
    var name: ElementName
    var attributes: [XMLAttribute]
    /// The base that `xml:base` sets here or further out, absolute; `nil` when none does.
    var base: String?
    /// The language that `xml:lang` sets here or further out; empty where it says that none is known.
    var language: String?
    /// Whether elements stood in its content, which were written out as tags. Known when it is closed.
    var hasMarkup = false

    /// The value of an attribute without prefix, blanks trimmed; capitals count only where two differ in nothing else.
    subscript(_ local: String) -> String? {
        let bare = attributes.lazy.filter { $0.name.namespace == .none }
        let found =
            bare.first { $0.name.local == local } ?? bare.first { $0.name.local.lowercased() == local.lowercased() }
        return found.map { CleanText.line($0.value) }
    }

    /// The value of an attribute of another vocabulary.
    subscript(_ namespace: FeedNamespace, _ local: String) -> String? {
        attributes.first { $0.name == ElementName(namespace, local) }.map { CleanText.line($0.value) }
    }
}

/// What a reader wants of an element it was shown.
enum ContentMode {
    /// Its own text.
    case text
    /// Its own text as HTML, elements in it written out as tags.
    case html
    /// Everything in it as markup, text escaped: inline XHTML.
    case markup
    /// Nothing of it or in it.
    case skip
    /// The bound on entries is reached: end the parse.
    case stop
}

/// Makes a feed of one format's elements. Elements arrive in document order; an element is closed when its end tag is
/// seen, so one that a truncated document leaves open never is.
protocol FeedReader: AnyObject {
    var draft: FeedDraft { get }
    func open(_ element: FeedElement) -> ContentMode
    func close(_ element: FeedElement, text: String)
    /// Told once of each vocabulary that says which version of a format this is.
    func meet(_ dialect: FeedDialect)
}

/// Turns XML events into elements with text, base and language, and hands them to the reader of the root's format.
final class ElementAssembler: XMLEvents {
    /// The reader, once the root element is known.
    private(set) var reader: (any FeedReader)?
    /// Why the root element is no feed's.
    private(set) var refusal: FeedError?
    /// Whether text past the bound was left out.
    private(set) var textWasCut = false

    private let documentBase: String?
    private let limits: FeedLimits
    private let isCancelled: () -> Bool
    private var ancestors: [FeedElement] = []
    private var modes: [ContentMode] = []
    private var textStarts: [Int] = []
    private var text: [UInt8] = []
    private var dialects: [FeedDialect] = []
    /// Elements open inside one that is skipped, or written out as markup.
    private var inside: [String] = []

    init(documentBase: String?, limits: FeedLimits, isCancelled: @escaping () -> Bool) {
        self.documentBase = documentBase
        self.limits = limits
        self.isCancelled = isCancelled
    }

    var isSkipping: Bool { modes.last == .skip }

    func start(_ name: ElementName, _ attributes: [XMLAttribute]) -> Bool {
        if let mode = modes.last, mode != .text {
            inside.append(name.local)
            ancestors[ancestors.count - 1].hasMarkup = true
            if mode != .skip { writeTag(name.local, attributes) }
            return true
        }
        let element = element(name, attributes)
        guard let mode = open(element), mode != .stop else { return false }
        ancestors.append(element)
        modes.append(mode)
        textStarts.append(text.count)
        return true
    }

    func characters(_ bytes: UnsafeBufferPointer<UInt8>) {
        guard let mode = modes.last, let start = textStarts.last, mode != .skip else { return }
        let room = limits.textBytes - (text.count - start)
        guard room > 0 else { return textWasCut = true }
        let kept = UnsafeBufferPointer(rebasing: bytes.prefix(room))
        if kept.count < bytes.count { textWasCut = true }
        // Inside `div` escaped markup stays markup: there are writers who wrap it so.
        if mode == .markup || (mode == .html && !inside.allSatisfy { $0 == "div" }) {
            HTMLWriter.escape(kept, into: &text)
        } else {
            text.append(contentsOf: kept)
        }
    }

    func end() -> Bool {
        if let name = inside.popLast() {
            if modes.last != .skip, text.count - (textStarts.last ?? 0) < limits.textBytes {
                text.append(UInt8(ascii: "<"))
                text.append(UInt8(ascii: "/"))
                text.append(contentsOf: name.utf8)
                text.append(UInt8(ascii: ">"))
            }
            return true
        }
        guard let element = ancestors.popLast(), let start = textStarts.popLast(), modes.popLast() != nil
        else {
            return true
        }
        let own = ValidText.string(text[start...])
        text.removeSubrange(start...)
        reader?.close(element, text: own)
        return true
    }

    private func element(_ name: ElementName, _ attributes: [XMLAttribute]) -> FeedElement {
        var element = FeedElement(
            name: name, attributes: attributes, base: ancestors.last?.base, language: ancestors.last?.language
        )
        for attribute in attributes where attribute.name.namespace == .xml {
            switch attribute.name.local {
            case "base":
                element.base =
                    WebAddress.absolute(
                        attribute.value, base: element.base ?? documentBase, use: .resource) ?? element.base
            case "lang": element.language = LanguageTag.cleaned(attribute.value)
            default: break
            }
        }
        return element
    }

    private func open(_ element: FeedElement) -> ContentMode? {
        if let reader { return reader.open(element) }
        guard let family = RootElement.format(of: element) else {
            refusal = RootElement.refusal(of: element.name)
            return nil
        }
        let draft = FeedDraft(
            format: family, documentBase: documentBase, limits: limits, isCancelled: isCancelled)
        let reader = SyndicationReader(root: element, draft: draft)
        for dialect in dialects { reader.meet(dialect) }
        self.reader = reader
        return reader.open(element)
    }

    func meet(_ dialect: FeedDialect) {
        dialects.append(dialect)
        reader?.meet(dialect)
    }

    private func writeTag(_ name: String, _ attributes: [XMLAttribute]) {
        guard text.count - (textStarts.last ?? 0) < limits.textBytes else { return textWasCut = true }
        text.append(UInt8(ascii: "<"))
        text.append(contentsOf: name.utf8)
        for attribute in attributes where attribute.name.namespace == .none {
            text.append(0x20)
            text.append(contentsOf: attribute.name.local.utf8)
            text.append(UInt8(ascii: "="))
            text.append(UInt8(ascii: "\""))
            CleanText.withBytes(of: attribute.value) { HTMLWriter.escape($0, into: &text) }
            text.append(UInt8(ascii: "\""))
        }
        text.append(UInt8(ascii: ">"))
    }
}

/// Language tags (BCP 47) as feeds write them.
enum LanguageTag {
    /// The tag without blanks, `_` made `-`; empty when there is none.
    static func cleaned(_ text: String) -> String {
        String(CleanText.line(String(text.prefix(80))).prefix(40).map { $0 == "_" ? "-" : $0 })
    }
}
