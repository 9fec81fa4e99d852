/// Makes keys of the bytes that a terminal sends, in whatever pieces they come.
///
/// What it knows: UTF-8; control characters; CSI and SS3 sequences as xterm, VTE, rxvt, the Linux console, tmux and screen
/// send them (ECMA-48 §5.4, xterm's "PC-Style Function Keys"), with modifiers, which it does not tell apart; `CSI u`; Alt
/// as a leading escape; bracketed paste. Everything it does not know is skipped whole.
///
/// An escape may be the key or the beginning of a sequence. It waits for what follows; whoever reads the terminal calls
/// ``expire()`` when nothing did within ``timeout``.
public struct KeyDecoder: Sendable {
    /// Milliseconds after which an escape is a key: longer than the pieces of a sequence are apart over a slow line,
    /// shorter than a person waits.
    public static let patience: Int32 = 60
    /// Milliseconds after which the rest of a sequence does not come any more. Nobody types one, so it costs no key its
    /// speed; an answer that a slow line delivers in pieces is still none of the keys that its rest would be.
    public static let longPatience: Int32 = 500
    /// Most bytes of a paste that are kept.
    public static let maximumPaste = 1 << 16
    /// Most bytes of a sequence; what is longer is noise, and is read as such.
    static let maximumSequence = 64
    /// Most bytes of a terminal's answer.
    static let maximumString = 4_096

    enum State: Sendable, Hashable {
        case ground, escape, single
        case control([UInt8])
        /// OSC, DCS, PM, APC, SOS: an answer of the terminal, up to its terminator.
        case string(introducer: UInt8, bytes: Int, endsWithEscape: Bool)
        case paste([UInt8])
        case scalar([UInt8], missing: Int)
    }

    private var state = State.ground

    /// Whether the terminal was asked something: until ``TerminalAnswer/attributes(hasSixel:)`` comes, an escape is its
    /// beginning rather than a key.
    public var expectsAnswer = false

    /// Makes a decoder that has seen nothing.
    public init() {}

    /// Whether the bytes so far may mean one thing now and another with more.
    public var isWaiting: Bool { timeout != nil }

    /// Milliseconds to wait for more; `nil` if what came has its meaning.
    public var timeout: Int32? {
        switch state {
        case .escape, .control([]): expectsAnswer ? Self.longPatience : Self.patience
        case .single, .string(_, 0, false): Self.patience
        case .control, .string: Self.longPatience
        case .ground, .paste, .scalar: nil
        }
    }

    /// Takes bytes.
    public mutating func feed(_ bytes: some Sequence<UInt8>) -> [Key] {
        var keys: [Key] = []
        for byte in bytes { take(byte, &keys) }
        return keys
    }

    /// Nothing more came: what was begun is what it is.
    public mutating func expire() -> [Key] {
        defer { state = .ground }
        switch state {
        case .escape: return [.escape]
        case .single: return [.alt("O")]
        case .control(let bytes): return bytes.isEmpty ? [.alt("[")] : [.other]
        case .string(let introducer, 0, false): return [.alt(Character(Unicode.Scalar(introducer)))]
        case .string: return [.other]
        default: return []
        }
    }

    private mutating func take(_ byte: UInt8, _ keys: inout [Key]) {
        switch state {
        case .ground: takeFirst(byte, &keys)
        case .escape: takeAfterEscape(byte, &keys)
        case .single:
            state = .ground
            keys.append(KeySequence.single(byte))
        case .control(let bytes): takeControl(byte, bytes, &keys)
        case .string(let introducer, let count, let endsWithEscape):
            takeString(byte, introducer, count, endsWithEscape, &keys)
        case .paste(let bytes): takePaste(byte, bytes, &keys)
        case .scalar(let bytes, let missing): takeScalar(byte, bytes, missing, &keys)
        }
    }

    private mutating func takeFirst(_ byte: UInt8, _ keys: inout [Key]) {
        switch byte {
        case 0x1B: state = .escape
        case 0x09: keys.append(.tab)
        case 0x0A, 0x0D: keys.append(.enter)
        case 0x08, 0x7F: keys.append(.backspace)
        case 0x00..<0x20: keys.append(.control(Character(Unicode.Scalar(byte < 0x1B ? byte + 0x60 : byte + 0x40))))
        case 0x20..<0x7F: keys.append(.character(Character(Unicode.Scalar(byte))))
        case 0xC2...0xDF: state = .scalar([byte], missing: 1)
        case 0xE0...0xEF: state = .scalar([byte], missing: 2)
        case 0xF0...0xF4: state = .scalar([byte], missing: 3)
        default: keys.append(.character("\u{FFFD}"))
        }
    }

    private mutating func takeAfterEscape(_ byte: UInt8, _ keys: inout [Key]) {
        state = .ground
        switch byte {
        case UInt8(ascii: "["): state = .control([])
        case UInt8(ascii: "O"): state = .single
        case UInt8(ascii: "]"), UInt8(ascii: "P"), UInt8(ascii: "^"), UInt8(ascii: "_"), UInt8(ascii: "X"):
            state = .string(introducer: byte, bytes: 0, endsWithEscape: false)
        case 0x1B:
            keys.append(.escape)
            state = .escape
        case 0x21..<0x7F: keys.append(.alt(Character(Unicode.Scalar(byte))))
        default:
            keys.append(.escape)
            takeFirst(byte, &keys)
        }
    }

    private mutating func takeControl(_ byte: UInt8, _ bytes: [UInt8], _ keys: inout [Key]) {
        // The Linux console's F1 to F5 are `CSI [ A` to `CSI [ E`.
        let isConsoleKey = bytes == [UInt8(ascii: "[")]
        switch byte {
        case 0x40...0x7E where isConsoleKey || byte != UInt8(ascii: "[") || !bytes.isEmpty:
            state = .ground
            let key = KeySequence.control(bytes, final: byte)
            if key == .paste("") { state = .paste([]) } else { keys.append(key) }
            if case .answer(.attributes) = key { expectsAnswer = false }
        case 0x20...0x7E:
            state = bytes.count < Self.maximumSequence ? .control(bytes + [byte]) : .ground
        case 0x1B: state = .escape
        default:
            state = .ground
            takeFirst(byte, &keys)
        }
    }

    /// An answer ends with BEL or ST; CAN and SUB break it off (ECMA-48 §8.3.6, §8.3.148), and so does a person who presses
    /// Ctrl-C because the keyboard seems dead.
    private mutating func takeString(
        _ byte: UInt8, _ introducer: UInt8, _ count: Int, _ endsWithEscape: Bool, _ keys: inout [Key]
    ) {
        state = .ground
        switch byte {
        case 0x07, 0x18: return
        case 0x03, 0x1A: takeFirst(byte, &keys)
        case UInt8(ascii: "\\") where endsWithEscape: return
        default:
            guard count < Self.maximumString else { return keys.append(.other) }
            state = .string(introducer: introducer, bytes: count + 1, endsWithEscape: byte == 0x1B)
        }
    }

    private mutating func takePaste(_ byte: UInt8, _ bytes: [UInt8], _ keys: inout [Key]) {
        // Taken out first, so that the array is not copied for every byte.
        var bytes = bytes
        state = .ground
        bytes.append(byte)
        let end = KeySequence.pasteEnd
        if byte == end.last, bytes.suffix(end.count).elementsEqual(end) {
            keys.append(.paste(String(decoding: bytes.dropLast(end.count).prefix(Self.maximumPaste), as: UTF8.self)))
            return
        }
        // Beyond the limit only the end is looked for.
        let limit = Self.maximumPaste + 2 * end.count
        if bytes.count > limit { bytes.remove(at: Self.maximumPaste) }
        state = .paste(bytes)
    }

    private mutating func takeScalar(_ byte: UInt8, _ bytes: [UInt8], _ missing: Int, _ keys: inout [Key]) {
        guard (0x80...0xBF).contains(byte) else {
            state = .ground
            keys.append(.character("\u{FFFD}"))
            takeFirst(byte, &keys)
            return
        }
        guard missing == 1 else {
            state = .scalar(bytes + [byte], missing: missing - 1)
            return
        }
        state = .ground
        // Surrogates and overlong forms become U+FFFD here, one for each byte; one is enough.
        keys.append(.character(String(decoding: bytes + [byte], as: UTF8.self).first ?? "\u{FFFD}"))
    }
}
