/// The HTML elements that a reader needs, and what happens to all others.
public enum HTMLElement: UInt8, CaseIterable, Sendable {
    case a, abbr, b, blockquote, br, caption, cite, code, dd, del, details, dfn, div, dl, dt, em, figcaption,
        figure
    case h1, h2, h3, h4, h5, h6, hr, i, img, ins, kbd, li, mark, ol, p, pre, q, rp, rt, ruby, s, samp, small,
        strong
    case sub, summary, sup, table, tbody, td, tfoot, th, thead, time, tr, u, ul, `var`, wbr

    /// What the sanitiser does with a tag.
    enum Treatment: Equatable {
        /// Kept, possibly under another name.
        case keep(HTMLElement)
        /// The tag goes, its content stays.
        case unwrap
        /// The tag and all its content go.
        case drop
        /// The same, and the content is no markup (HTML §13.2.5.1): it ends at the first end tag of that name.
        case dropRaw
        /// The same, and a browser reads it to the end of the page when it is never closed.
        case dropScript
        /// The same, but a video from a known host leaves a link behind.
        case frame
        /// `video` and `audio`: as ``drop``, but what they play leaves a link behind.
        case media
        /// A source of a `picture`, `video` or `audio`.
        case source
        /// Unwrapped; the images in it stand for those around it that need a script.
        case noscript
        /// Unwrapped, except where it marks the credit of a caption.
        case span
    }

    /// The tag name.
    public var name: StaticString { Self.names[Int(rawValue)] }

    /// Elements that have no content and no end tag.
    public var isVoid: Bool { self == .br || self == .hr || self == .img || self == .wbr }

    /// Elements that may stand inside a paragraph.
    public var isInline: Bool { Self.inline & bit != 0 }

    /// Parts of a table, the table itself not counted.
    var isTablePart: Bool { Self.tableParts & bit != 0 }

    /// Whether it is a heading, and of what level.
    public var headingLevel: Int? {
        rawValue >= HTMLElement.h1.rawValue && rawValue <= HTMLElement.h6.rawValue
            ? Int(rawValue - HTMLElement.h1.rawValue) + 1 : nil
    }

    /// Its bit in a set of elements.
    private var bit: UInt64 { 1 << UInt64(rawValue) }

    private static func set(_ elements: [HTMLElement]) -> UInt64 { elements.reduce(0) { $0 | $1.bit } }

    private static let inline = set([
        .a, .abbr, .b, .br, .cite, .code, .del, .dfn, .em, .i, .img, .ins, .kbd, .mark, .q, .rp, .rt, .ruby,
        .s, .samp, .small, .strong, .sub, .sup, .time, .u, .var, .wbr,
    ])

    private static let tableParts = set([.td, .th, .tr, .tbody, .thead, .tfoot, .caption])

    private static let names: [StaticString] = [
        "a", "abbr", "b", "blockquote", "br", "caption", "cite", "code", "dd", "del", "details", "dfn", "div",
        "dl", "dt", "em", "figcaption", "figure", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i", "img", "ins",
        "kbd", "li", "mark", "ol", "p", "pre", "q", "rp", "rt", "ruby", "s", "samp", "small", "strong", "sub",
        "summary", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "time", "tr", "u", "ul", "var", "wbr",
    ]

    /// What happens to a tag, by its name. Tags that are not in it are unwrapped.
    static let treatments: HTMLNameTable<Treatment> = {
        var table: [(String, Treatment)] = allCases.map { ("\($0)", .keep($0)) }
        let renamed: [(HTMLElement, [String])] = [
            (
                .div,
                [
                    "section", "article", "aside", "header", "footer", "main", "nav", "center", "address",
                    "hgroup",
                ]
            ),
            (.ul, ["dir", "menu"]), (.code, ["tt"]), (.s, ["strike"]), (.abbr, ["acronym"]),
            (.pre, ["listing"]), (.img, ["image"]),
        ]
        for (element, names) in renamed { table += names.map { ($0, .keep(element)) } }
        let dropped = [
            "svg", "math", "object", "applet", "template", "select", "canvas", "frameset", "map", "button",
            "datalist", "marquee", "portal",
        ]
        table += dropped.map { ($0, .drop) }
        let raw = ["xmp", "noembed", "noframes", "textarea", "title", "plaintext"]
        table += raw.map { ($0, .dropRaw) }
        table += ["script", "style"].map { ($0, .dropScript) }
        table += [
            ("iframe", .frame), ("video", .media), ("audio", .media), ("source", .source), ("noscript", .noscript),
            ("span", .span),
        ]
        return HTMLNameTable(table.map { (HTMLName($0.0), $0.1) })
    }()
}

/// The attributes that the sanitiser lets through.
public enum HTMLAttributeName: UInt8, Sendable {
    case href, src, cite, alt, title, width, height, colspan, rowspan, start, value, datetime, lang, dir

    /// The name as it is written.
    public var text: StaticString {
        switch self {
        case .href: "href"
        case .src: "src"
        case .cite: "cite"
        case .alt: "alt"
        case .title: "title"
        case .width: "width"
        case .height: "height"
        case .colspan: "colspan"
        case .rowspan: "rowspan"
        case .start: "start"
        case .value: "value"
        case .datetime: "datetime"
        case .lang: "lang"
        case .dir: "dir"
        }
    }
}

/// An attribute that the sanitiser lets through, its value decoded, checked and free of control characters.
public struct HTMLAttribute: Equatable, Sendable {
    /// Its name.
    public var name: HTMLAttributeName
    /// Its value.
    public var value: String
}

extension [HTMLAttribute] {
    /// The value of an attribute.
    public subscript(name: HTMLAttributeName) -> String? { first { $0.name == name }?.value }
}

/// Takes what the sanitiser lets through. Calls of `open` and `close` are balanced, and void elements are opened only.
public protocol HTMLSink {
    /// An element begins; a void one ends as well.
    mutating func open(_ element: HTMLElement, _ attributes: [HTMLAttribute])
    /// The last element that began ends.
    mutating func close(_ element: HTMLElement)
    /// Text in UTF-8: decoded, without control characters. A run may come in several pieces.
    mutating func text(_ bytes: UnsafeBufferPointer<UInt8>)
}
