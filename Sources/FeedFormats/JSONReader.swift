/// Reads JSON (RFC 8259) from the front to the back, and goes on behind what is malformed.
///
/// The caller pulls: it asks for the members of an object or the elements of an array and takes or skips each value,
/// so nothing is kept that nobody asked for. Foundation's JSON is not used: it gives nothing of a document cut short,
/// and builds all of a hostile one before anybody can object.
///
/// The first departure from the grammar is kept in ``fault``; what stands around it is still read: commas too many or
/// too few, names without quotes, `NaN`, comments, control characters in strings, brackets that do not match. Time is
/// linear; nesting is bounded by ``FeedLimits/depth`` (and 256), text by ``FeedLimits/textBytes``.
struct JSONReader {
    /// What the next value is.
    enum Kind {
        case object, array, string
        /// A number, `true`, `false`, `null`, or a word that JSON does not know.
        case word
        /// There is no value here.
        case none
    }

    /// The first departure from the grammar, with its line; `nil` as long as the document is well-formed.
    private(set) var fault: String?
    /// The bound at which reading was ended, if it was.
    private(set) var exceeded: String?
    /// Whether the document ended in an object or array.
    private(set) var isCut = false
    /// Whether a text past the bound was cut.
    var textWasCut = false
    /// Whether an escape stands for half a character (a lone surrogate), which became U+FFFD.
    var hasHalfCharacter = false

    let bytes: UnsafeBufferPointer<UInt8>
    let limits: FeedLimits
    var index = 0
    private let isCancelled: () -> Bool
    private var askedAt = 0
    private var openObjects = 0
    private var openArrays = 0

    /// Reads `bytes`, which are valid UTF-8 without a byte order mark.
    ///
    /// - Parameter isCancelled: Asked every 64 KiB, between values; `true` ends the reading.
    init(
        _ bytes: UnsafeBufferPointer<UInt8>, limits: FeedLimits, isCancelled: @escaping () -> Bool = { false }
    ) {
        self.bytes = bytes
        self.limits = limits
        self.isCancelled = isCancelled
    }

    /// What the next value is, blanks skipped; the value is not consumed.
    mutating func next() -> Kind {
        skipBlanks()
        guard index < bytes.count else { return .none }
        switch bytes[index] {
        case UInt8(ascii: "{"): return .object
        case UInt8(ascii: "["): return .array
        case UInt8(ascii: "\""), UInt8(ascii: "'"): return .string
        case UInt8(ascii: "}"), UInt8(ascii: "]"), UInt8(ascii: ","): return .none
        default: return .word
        }
    }

    /// Calls `member` with each name of the object that starts here. `member` takes the value, or leaves it to be
    /// skipped. Of two members of one name both are given, in order.
    ///
    /// - Returns: whether the object was closed; `false` when the document ends in it.
    mutating func object(_ member: (inout JSONReader, String) -> Void) -> Bool {
        guard enter() else { return false }
        openObjects += 1
        defer { openObjects -= 1 }
        var separators = Separators(what: "member")
        while true {
            skipBlanks()
            guard index < bytes.count else { return cutShort() }
            switch bytes[index] {
            case UInt8(ascii: "}"):
                index += 1
                separators.close(&self)
                return true
            case UInt8(ascii: "]"):
                if closesOuter(openArrays, "an object is closed by ]") { return true }
            case UInt8(ascii: ","): separators.comma(&self)
            default:
                separators.item(&self)
                guard let name = name(), colon() else { continue }
                value { member(&$0, name) }
            }
        }
    }

    /// Calls `element` before each value of the array that starts here; as ``object(_:)``.
    mutating func array(_ element: (inout JSONReader) -> Void) -> Bool {
        guard enter() else { return false }
        openArrays += 1
        defer { openArrays -= 1 }
        var separators = Separators(what: "element")
        while true {
            skipBlanks()
            guard index < bytes.count else { return cutShort() }
            switch bytes[index] {
            case UInt8(ascii: "]"):
                index += 1
                separators.close(&self)
                return true
            case UInt8(ascii: "}"):
                if closesOuter(openObjects, "an array is closed by }") { return true }
            case UInt8(ascii: ","): separators.comma(&self)
            default:
                separators.item(&self)
                value { element(&$0) }
            }
        }
    }

    /// Consumes the next value, whatever it is.
    mutating func skip() {
        switch next() {
        case .object: _ = object { _, _ in }
        case .array: _ = array { _ in }
        case .string: skipString()
        case .word: _ = word()
        case .none: break
        }
    }

    /// Says what stands behind the outermost value, which should be nothing.
    mutating func finish() {
        skipBlanks()
        if index < bytes.count { note("something follows the end") }
    }

    /// Keeps the first departure from the grammar.
    mutating func note(_ what: String) {
        guard fault == nil, exceeded == nil else { return }
        let line = bytes[..<min(index, bytes.count)].reduce(1) { $0 + ($1 == 0x0A ? 1 : 0) }
        fault = "line \(line): \(what)"
    }

    /// Lets `take` have a value and skips what it left; every turn consumes at least a byte.
    private mutating func value(_ take: (inout JSONReader) -> Void) {
        let start = index
        take(&self)
        if index == start { skip() }
        if index == start, index < bytes.count { index += 1 }
        guard index - askedAt >= 64 << 10 else { return }
        askedAt = index
        if isCancelled() { exceed("the reader gave up waiting") }
    }

    /// Deepest nesting whatever the limits say: each level is a few frames of the stack.
    static let maximumDepth = 256

    private mutating func enter() -> Bool {
        let depth = min(limits.depth, Self.maximumDepth)
        guard openObjects + openArrays < depth else {
            exceed("values are nested deeper than \(depth)")
            return false
        }
        index += 1
        return true
    }

    private mutating func exceed(_ what: String) {
        exceeded = exceeded ?? what
        index = bytes.count
    }

    private mutating func cutShort() -> Bool {
        isCut = true
        note("the document ends in the middle")
        return false
    }

    /// A bracket of the other kind: it ends this value too if it closes one around it, else it means nothing.
    private mutating func closesOuter(_ open: Int, _ what: String) -> Bool {
        note(what)
        if open > 0 { return true }
        index += 1
        return false
    }

    private mutating func name() -> String? {
        switch next() {
        case .string: return string(limit: 64)
        case .word:
            note("a name without quotes")
            return word()
        default:
            note("a value without a name")
            skip()
            return nil
        }
    }

    private mutating func colon() -> Bool {
        skipBlanks()
        if index < bytes.count, bytes[index] == UInt8(ascii: ":") {
            index += 1
            if next() == .none { note("a name without a value") } else { return true }
        } else {
            note("a name without a colon")
        }
        return false
    }
}

extension JSONReader {
    /// Where commas stand between members or elements, and where they should.
    private struct Separators {
        let what: String
        private var needsComma = false
        private var endsInComma = false

        init(what: String) { self.what = what }

        mutating func comma(_ reader: inout JSONReader) {
            if !needsComma { reader.note("a comma without a \(what) before it") }
            needsComma = false
            endsInComma = true
            reader.index += 1
        }

        mutating func item(_ reader: inout JSONReader) {
            if needsComma { reader.note("no comma before a \(what)") }
            needsComma = true
            endsInComma = false
        }

        func close(_ reader: inout JSONReader) {
            if endsInComma { reader.note("a comma behind the last \(what)") }
        }
    }
}
