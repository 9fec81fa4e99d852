internal import CXMLShim

/// What a format-neutral reader of XML is told.
protocol XMLEvents: AnyObject {
    /// Whether what stands here is of no interest, its attributes neither.
    var isSkipping: Bool { get }
    /// `false` ends the parse.
    func start(_ name: ElementName, _ attributes: [XMLAttribute]) -> Bool
    func characters(_ bytes: UnsafeBufferPointer<UInt8>)
    func end() -> Bool
    /// Called once for each namespace that tells a format's version, before the first element in it.
    func meet(_ dialect: FeedDialect)
}

/// Drives libxml2's SAX2 push parser over a document and tells `events` what it finds.
///
/// No network, no DTD, no entity but the five predefined ones and character references; ``XMLRepair`` sees to the
/// rest. The parser goes on behind an error where it can (`XML_PARSE_RECOVER`), and the first error is kept.
final class XMLDriver {
    /// The first fatal error, as libxml2 words it, with its line.
    private(set) var failure: String?
    /// The bound at which the parse was ended, if it was.
    private(set) var exceeded: String?
    /// What ``XMLRepair`` changed.
    private(set) var repaired: String?
    private(set) var unknownEntities: [String] = []
    /// Whether the root element was closed.
    private(set) var isWhole = false
    /// Whether an entry stands where none can be read.
    private(set) var hasLostEntry = false

    private let events: any XMLEvents
    private let limits: FeedLimits
    private var parser: OpaquePointer?
    private var depth = 0
    private var namespaceCounts: [Int] = []
    private var namespacesInScope = 0
    private var namespaces: [NamespaceKey: FeedNamespace] = [:]
    private var isStopped = false
    private var elements = 0
    private let isCancelled: () -> Bool
    private static let window = 64 << 10

    /// libxml2 keeps one copy of every name in a parse, so its address is its identity.
    private struct NamespaceKey: Hashable {
        var uri: UInt
        var prefix: UInt
    }

    init(events: any XMLEvents, limits: FeedLimits, isCancelled: @escaping () -> Bool) {
        self.events = events
        self.limits = limits
        self.isCancelled = isCancelled
    }

    /// Parses `bytes`, which are valid UTF-8.
    ///
    /// - Throws: ``FeedError`` with `parserUnavailable`.
    func parse(_ bytes: UnsafeBufferPointer<UInt8>) throws(FeedError) {
        if let missing = cxml_load() {
            throw FeedError(.parserUnavailable, "no feed can be read", remedy: String(cString: missing))
        }
        var handlers = Self.handlers()
        let isMade = withUnsafePointer(to: &handlers) { handlers in
            // The driver outlives the parser, which is freed below: unretained is enough.
            guard let parser = cxml_make(handlers, Unmanaged.passUnretained(self).toOpaque()) else { return false }
            self.parser = parser
            defer {
                self.parser = nil
                cxml_free(parser)
            }
            parse(bytes, by: parser)
            return true
        }
        guard isMade else {
            throw FeedError(.parserUnavailable, "libxml2 could not be set up", remedy: "Free some memory and retry")
        }
    }

    private func parse(_ bytes: UnsafeBufferPointer<UInt8>, by parser: OpaquePointer) {
        var repair = XMLRepair(bytes, limits: limits) { [unowned self] in self.push($0) }
        let end = repair.run()
        if !isStopped { cxml_finish(parser) }
        switch end {
        case .attributes: exceed("an element has more than \(limits.attributes) attributes")
        case .attributeBytes: exceed("an attribute is longer than \(limits.attributeBytes) bytes")
        case nil: break
        }
        repaired = repair.repaired
        hasLostEntry = repair.hasLostEntry
        unknownEntities = repair.unknownEntities
    }

    /// Pushes in windows: libxml2 copies what it is given.
    private func push(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty, !isStopped {
            let window = rest.prefix(Self.window)
            UnsafeBufferPointer(rebasing: window).withMemoryRebound(to: CChar.self) { chars in
                cxml_push(parser, chars.baseAddress, Int32(chars.count))
            }
            rest = rest.dropFirst(window.count)
            if isCancelled() { exceed("the reader gave up waiting") }
        }
        return !isStopped
    }

    private func exceed(_ what: String) {
        if exceeded == nil { exceeded = what }
        stop()
    }

    private func stop() {
        isStopped = true
        if let parser { cxml_stop(parser) }
    }

    private static func handlers() -> cxml_events {
        cxml_events(
            start: { owner, name, prefix, uri, namespaceCount, declared, count, attributes in
                let driver = XMLDriver.from(owner)
                driver?.declare(declared, count: Int(namespaceCount))
                driver?.start(
                    name: name, prefix: prefix, uri: uri, namespaceCount: Int(namespaceCount),
                    attributes: attributes, count: Int(count))
            },
            end: { owner in XMLDriver.from(owner)?.end() },
            characters: { owner, text, length in XMLDriver.from(owner)?.characters(text, length) },
            failed: { owner, line, message in XMLDriver.from(owner)?.failed(line: line, message) })
    }

    private static func from(_ owner: UnsafeMutableRawPointer?) -> XMLDriver? {
        owner.map { Unmanaged<XMLDriver>.fromOpaque($0).takeUnretainedValue() }
    }

    private func start(
        name: UnsafePointer<UInt8>?, prefix: UnsafePointer<UInt8>?, uri: UnsafePointer<UInt8>?,
        namespaceCount: Int, attributes: UnsafeMutablePointer<UnsafePointer<UInt8>?>?, count: Int
    ) {
        guard !isStopped, let name else { return }
        forgive()
        depth += 1
        elements += 1
        guard elements <= limits.elements else { return exceed("it has more than \(limits.elements) elements") }
        guard depth <= limits.depth else { return exceed("elements are nested deeper than \(limits.depth)") }
        namespaceCounts.append(namespaceCount)
        namespacesInScope += namespaceCount
        guard namespacesInScope <= limits.namespaces else {
            return exceed("more than \(limits.namespaces) namespaces are in scope")
        }
        var values: [XMLAttribute] = []
        if let attributes, count > 0, !events.isSkipping {
            values.reserveCapacity(count)
            for index in 0..<count { values.append(attribute(attributes + index * 5)) }
        }
        let element = ElementName(namespace(uri: uri, prefix: prefix), String(cString: name))
        if !events.start(element, values) { stop() }
    }

    /// Looks at the namespaces that the root declares (prefix, URI and so on): one may say what the document is although
    /// no element stands in it.
    private func declare(_ declared: UnsafeMutablePointer<UnsafePointer<UInt8>?>?, count: Int) {
        guard depth == 0, let declared, count > 0 else { return }
        for index in 0..<min(count, limits.namespaces) where declared[index * 2] == nil {
            if let uri = declared[index * 2 + 1], let dialect = FeedDialect.named(String(cString: uri)) {
                events.meet(dialect)
            }
        }
    }

    /// The five pointers that libxml2 gives for an attribute: name, prefix, URI, start and end of the value.
    private func attribute(_ fields: UnsafeMutablePointer<UnsafePointer<UInt8>?>) -> XMLAttribute {
        let local = fields[0].map { String(cString: $0) } ?? ""
        let space = fields[1] == nil ? FeedNamespace.none : namespace(uri: fields[2], prefix: fields[1])
        var value = ""
        if let start = fields[3], let end = fields[4] {
            value = Self.decoded(UnsafeBufferPointer(start: start, count: end - start))
        }
        return XMLAttribute(name: ElementName(space, local), value: value)
    }

    /// Without entity substitution libxml2 leaves `&amp;` in attributes as `&#38;`, and nothing else.
    private static func decoded(_ bytes: UnsafeBufferPointer<UInt8>) -> String {
        guard bytes.contains(UInt8(ascii: "&")) else { return String(decoding: bytes, as: UTF8.self) }
        var out: [UInt8] = []
        HTMLAttributeRules(base: nil).decode(bytes, inAttribute: true, into: &out)
        return String(decoding: out, as: UTF8.self)
    }

    private func end() {
        guard !isStopped else { return }
        depth -= 1
        namespacesInScope -= namespaceCounts.popLast() ?? 0
        if depth == 0 { isWhole = true }
        if !events.end() { stop() }
    }

    private func characters(_ text: UnsafePointer<UInt8>?, _ length: Int32) {
        guard !isStopped, let text, length > 0 else { return }
        forgive()
        events.characters(UnsafeBufferPointer(start: text, count: Int(length)))
    }

    /// Behind an error the parse goes on; the error itself is kept in ``failure``.
    private func forgive() {
        if failure != nil, let parser { cxml_forgive(parser) }
    }

    private func failed(line: Int32, _ message: UnsafePointer<CChar>?) {
        guard failure == nil, !isStopped else { return }
        guard let message else { return failure = "line \(line): the XML reader gave up" }
        failure = "line \(line): \(CleanText.line(String(String(cString: message).prefix(200))))"
    }

    private func namespace(uri: UnsafePointer<UInt8>?, prefix: UnsafePointer<UInt8>?) -> FeedNamespace {
        let key = NamespaceKey(uri: UInt(bitPattern: uri), prefix: UInt(bitPattern: prefix))
        if let known = namespaces[key] { return known }
        let text = uri.map { String(cString: $0) }
        var found = FeedNamespace.named(text, prefix: prefix.map { String(cString: $0) })
        // A default namespace that nobody knows, of the root or what stands in it, is as good as none.
        if found == .other, prefix == nil, depth <= 2 { found = .none }
        namespaces[key] = found
        if let dialect = text.flatMap(FeedDialect.named) { events.meet(dialect) }
        return found
    }
}
