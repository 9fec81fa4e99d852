/// A tag's or attribute's name of at most 16 bytes, in small letters, in two words: to compare names and look them up
/// must not cost a string for each tag.
struct HTMLName: Hashable {
    private(set) var low: UInt64 = 0
    private(set) var high: UInt64 = 0

    /// Longest name that can be told from others. All names that mean anything here are shorter.
    static let maximumBytes = 16

    /// The name that stands for all that are too long.
    static let nobody = HTMLName()

    private init() {}

    init(_ text: String) {
        var text = text
        self = text.withUTF8 { HTMLName($0, 0..<$0.count) }
    }

    /// The bytes of `range`, capital ASCII letters made small; ``nobody`` when there are too many.
    init(_ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) {
        guard range.count <= Self.maximumBytes else { return }
        var shift: UInt64 = 0
        for index in range {
            let byte = bytes[index]
            let letter = UInt64(byte &- 0x41 < 26 ? byte | 0x20 : byte) &<< (shift & 63)
            if shift < 64 { low |= letter } else { high |= letter }
            shift += 8
        }
    }

    /// The bytes as they are, capital letters and all, for the names of characters.
    init(exactly bytes: UnsafeBufferPointer<UInt8>) {
        guard bytes.count <= Self.maximumBytes else { return }
        for (index, byte) in bytes.enumerated() {
            if index < 8 { low |= UInt64(byte) &<< (8 * index) } else { high |= UInt64(byte) &<< (8 * (index - 8)) }
        }
    }

    init(exactly text: String) {
        var text = text
        self = text.withUTF8 { HTMLName(exactly: $0) }
    }

    fileprivate var slot: Int {
        var mixed = (low ^ (high &* 0x9E37_79B9_7F4A_7C15)) &* 0xD6E8_FEB8_6659_FD93
        mixed ^= mixed >> 32
        return Int(truncatingIfNeeded: mixed)
    }
}

/// A table by ``HTMLName`` that costs one or two comparisons a look-up.
struct HTMLNameTable<Value: Sendable>: Sendable {
    private var names: [HTMLName]
    private var values: [Value?]
    private let mask: Int

    init(_ entries: [(HTMLName, Value)]) {
        var size = 16
        // A quarter full at most, so that runs stay short.
        while size < entries.count * 4 { size *= 2 }
        names = Array(repeating: .nobody, count: size)
        values = Array(repeating: nil, count: size)
        mask = size - 1
        for (name, value) in entries {
            var slot = name.slot & mask
            while values[slot] != nil, names[slot] != name { slot = (slot + 1) & mask }
            names[slot] = name
            values[slot] = value
        }
    }

    subscript(name: HTMLName) -> Value? {
        var slot = name.slot & mask
        while let value = values[slot] {
            if names[slot] == name { return value }
            slot = (slot + 1) & mask
        }
        return nil
    }
}
