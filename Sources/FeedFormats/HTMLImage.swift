/// An image's tag as it was written, and what of it may be shown.
struct HTMLImage {
    private var values = Values()

    /// A place for each name: a dictionary for each image costs more than all else about it.
    private struct Values {
        private var places = [String?](repeating: nil, count: Name.allCases.count)

        subscript(name: Name) -> String? {
            get { places[name.place] }
            set { places[name.place] = newValue }
        }
    }

    private enum Name: String, CaseIterable {
        case src, alt, title, width, height, style, hidden, srcset
        case dataSource = "data-src"
        case lazySource = "data-lazy-src"
        case original = "data-original"
        case dataSet = "data-srcset"
        case lazySet = "data-lazy-srcset"

        var place: Int {
            switch self {
            case .src: 0
            case .alt: 1
            case .title: 2
            case .width: 3
            case .height: 4
            case .style: 5
            case .hidden: 6
            case .srcset: 7
            case .dataSource: 8
            case .lazySource: 9
            case .original: 10
            case .dataSet: 11
            case .lazySet: 12
            }
        }
    }

    init(in tokenizer: borrowing HTMLTokenizer) {
        for attribute in tokenizer.attributes {
            guard let name = Self.names[HTMLName(tokenizer.bytes, attribute.name)], values[name] == nil else {
                continue
            }
            values[name] = HTMLAttributeRules.value(attribute, in: tokenizer)
        }
    }

    /// The attributes to show it with, or `nil` when it must go: no address that may be fetched, or nothing to see.
    ///
    /// - Parameter fallback: A set of addresses that the `picture` around it offers.
    func attributes(_ rules: inout HTMLAttributeRules, fallback: String?) -> [HTMLAttribute]? {
        guard !isInvisible, let source = source(&rules, fallback), !HTMLTrackers.contains(source) else { return nil }
        var result = [HTMLAttribute(name: .src, value: source)]
        if let text = values[.alt] { result.append(HTMLAttribute(name: .alt, value: CleanText.line(text))) }
        if let text = CleanText.nonEmptyLine(values[.title]) {
            result.append(HTMLAttribute(name: .title, value: text))
        }
        for (name, text) in [(HTMLAttributeName.width, values[.width]), (.height, values[.height])] {
            if let text, let number = HTMLAttributeRules.number(text, upTo: 20_000) {
                result.append(HTMLAttribute(name: name, value: String(number)))
            }
        }
        return result
    }

    /// Pages that load images late put a placeholder into `src`, so what the script would load comes first.
    private func source(_ rules: inout HTMLAttributeRules, _ fallback: String?) -> String? {
        let late = [values[.lazySource], values[.dataSource], values[.original]].compactMap { $0 }
        // A word in such an attribute is a flag of the script's.
        let single = late.filter { $0.utf8.contains(UInt8(ascii: ".")) || $0.utf8.contains(UInt8(ascii: "/")) }
        for candidate in single + [values[.src]].compactMap({ $0 }) {
            guard candidate.utf8.contains(where: { !CleanText.isBlank($0) }) else { continue }
            if let address = rules.address(candidate, for: .resource) { return address }
        }
        for set in [values[.lazySet], values[.dataSet], values[.srcset], fallback] {
            guard let set, let widest = Self.widest(of: set) else { continue }
            if let address = rules.address(widest, for: .resource) { return address }
        }
        return nil
    }

    /// The address of a `srcset` (HTML §4.8.4.2.1) with the largest width or density; at most 32 are looked at.
    static func widest(of set: String) -> String? {
        var best: (address: Substring.UTF8View, size: Double)?
        var rest = set.utf8[...]
        for _ in 0..<32 {
            rest = rest.drop { CleanText.isBlank($0) || $0 == UInt8(ascii: ",") }
            guard !rest.isEmpty else { break }
            var address = rest.prefix { !CleanText.isBlank($0) }
            rest = rest[address.endIndex...]
            var size = 1.0
            if address.last == UInt8(ascii: ",") {
                // A comma can stand inside an address, but not at its end.
                while address.last == UInt8(ascii: ",") { address.removeLast() }
            } else {
                let descriptor = rest.prefix { $0 != UInt8(ascii: ",") }
                rest = rest[descriptor.endIndex...]
                let digits = descriptor.drop(while: CleanText.isBlank).prefix { $0 == 0x2E || $0 &- 0x30 < 10 }
                size = Double(String(decoding: digits.prefix(16), as: UTF8.self)) ?? 1
            }
            if size > best?.size ?? 0 { best = (Substring(address).utf8, size) }
        }
        return best.map { String(decoding: $0.address, as: UTF8.self) }
    }

    /// A pixel that nobody sees: a side of one or none, or hidden.
    private var isInvisible: Bool {
        if values[.hidden] != nil { return true }
        let sides = [values[.width], values[.height]].compactMap { $0 }
        if sides.contains(where: { (HTMLAttributeRules.number($0, upTo: .max) ?? 2) <= 1 }) { return true }
        guard let style = values[.style] else { return false }
        for declaration in style.lowercased().utf8.split(separator: UInt8(ascii: ";")).prefix(64) {
            let bare = declaration.filter { !CleanText.isBlank($0) }
            let text = String(decoding: bare, as: UTF8.self)
            if Self.hiding.contains(where: text.hasPrefix) { return true }
            if text == "opacity:0" || text.hasPrefix("opacity:0!") { return true }
            for side in ["width:", "height:", "max-width:", "max-height:"] where text.hasPrefix(side) {
                let value = text.dropFirst(side.count)
                // "0.5em" is one thing, "0" and "1px" another.
                if ["0", "1px", "0px", "0!important", "1px!important", "0px!important"].contains(value) {
                    return true
                }
            }
        }
        return false
    }

    private static let hiding = ["display:none", "visibility:hidden"]

    private static let names = HTMLNameTable(Name.allCases.map { (HTMLName($0.rawValue), $0) })
}
