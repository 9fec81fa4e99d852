/// The HTML elements that a reader needs, and what happens to all others.
enum HTMLElement: UInt8, CaseIterable {
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
    }

    /// The tag name.
    var name: String { Self.names[Int(rawValue)] }

    /// Elements that have no content and no end tag.
    var isVoid: Bool { self == .br || self == .hr || self == .img || self == .wbr }

    /// Elements that may stand inside a paragraph.
    var isInline: Bool {
        switch self {
        case .a, .abbr, .b, .br, .cite, .code, .del, .dfn, .em, .i, .img, .ins, .kbd, .mark, .q, .rp, .rt,
            .ruby, .s,
            .samp, .small, .strong, .sub, .sup, .time, .u, .var, .wbr:
            true
        default: false
        }
    }

    /// Whether it is a heading, and of what level.
    var headingLevel: Int? {
        switch self {
        case .h1: 1
        case .h2: 2
        case .h3: 3
        case .h4: 4
        case .h5: 5
        case .h6: 6
        default: nil
        }
    }

    /// What happens to a tag called `name`, which is in small letters. Unknown tags are unwrapped.
    static func treatment(of name: String) -> Treatment { treatments[name] ?? .unwrap }

    private static let names = allCases.map { "\($0)" }

    private static let treatments: [String: Treatment] = {
        var table: [String: Treatment] = [:]
        for element in allCases { table[element.name] = .keep(element) }
        let renamed: [(HTMLElement, [String])] = [
            (
                .div,
                [
                    "section", "article", "aside", "header", "footer", "main", "nav", "center", "address",
                    "hgroup",
                ]
            ),
            (.ul, ["dir", "menu"]), (.code, ["tt"]), (.s, ["strike"]), (.abbr, ["acronym"]),
            (.pre, ["listing"]),
        ]
        for (element, names) in renamed { for name in names { table[name] = .keep(element) } }
        for name in [
            "script", "style", "xmp", "iframe", "noembed", "noframes", "textarea", "title", "plaintext",
        ] {
            table[name] = .dropRaw
        }
        for name in [
            "svg", "math", "object", "applet", "template", "select", "audio", "video", "canvas", "frameset",
            "map",
            "button", "datalist", "marquee", "portal",
        ] {
            table[name] = .drop
        }
        return table
    }()
}

/// An attribute that the sanitiser lets through, its value decoded, checked and free of control characters.
struct HTMLAttribute: Equatable {
    var name: String
    var value: String
}

/// Takes what the sanitiser lets through. Calls of `open` and `close` are balanced, and void elements are opened only.
protocol HTMLSink {
    mutating func open(_ element: HTMLElement, _ attributes: [HTMLAttribute])
    mutating func close(_ element: HTMLElement)
    /// Text in UTF-8: decoded, without control characters. A run may come in several pieces.
    mutating func text(_ bytes: UnsafeBufferPointer<UInt8>)
}
