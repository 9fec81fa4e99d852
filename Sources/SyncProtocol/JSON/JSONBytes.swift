/// The bytes of a message, and every unsafe access to them: but for words of a buffer in `JSONMarks.swift`, the only
/// place of this target that touches memory itself.
///
/// All of it is in bounds for these reasons. `base` points to `count` initialised bytes, which this object allocates,
/// fills once, never changes and frees last of all. Each access below first compares its offsets with `count`; what
/// is outside reads as zero, as an empty run or as `nil`, so a caller can be wrong and not unsafe. Nothing hands out a
/// pointer that outlives the call.
///
/// The bytes are a copy: 32 MiB at most, copied at memory's speed, for which nodes may be kept without any rule about
/// whose storage they look into. Borrowing the storage of `Data` saves about a fortieth of the time of reading.
final class JSONBytes {
    /// How many bytes there are.
    let count: Int
    private let base: UnsafeMutablePointer<UInt8>

    init(_ bytes: UnsafeRawBufferPointer) {
        count = bytes.count
        base = .allocate(capacity: max(1, bytes.count))
        // Both buffers are `count` bytes long, and the new one overlaps nothing.
        if let start = bytes.baseAddress { UnsafeMutableRawPointer(base).copyMemory(from: start, byteCount: count) }
    }

    deinit { base.deallocate() }

    /// The byte at an offset; zero, which no JSON text holds, outside.
    @inline(__always)
    subscript(offset: Int) -> UInt8 {
        UInt(bitPattern: offset) < UInt(bitPattern: count) ? base[offset] : 0
    }

    /// Eight bytes from an offset on, the first in the lowest place; `nil` unless all eight are there.
    @inline(__always)
    func word(at offset: Int) -> UInt64? {
        guard offset >= 0, offset <= count - 8 else { return nil }
        return UInt64(littleEndian: UnsafeRawPointer(base + offset).loadUnaligned(as: UInt64.self))
    }

    /// The offset of the first byte from `offset` on that is no plain character of a string: a quotation mark, a
    /// backslash, a control character, a byte outside ASCII; or ``count``.
    @inline(__always)
    func endOfPlainText(from offset: Int) -> Int {
        var at = offset
        while let word = word(at: at) {
            let marks = JSONMarks.special(in: word) | (word & JSONMarks.highBits)
            if marks != 0 { return at + marks.trailingZeroBitCount / 8 }
            at += 8
        }
        while at < count, JSONMarks.isPlain(self[at]) { at += 1 }
        return at
    }

    /// Whether the bytes from `offset` on are those of `text`, which is ASCII.
    @inline(__always)
    func match(_ text: StaticString, at offset: Int) -> Bool {
        let length = text.utf8CodeUnitCount
        guard text.hasPointerRepresentation, offset >= 0, length <= count - offset else { return false }
        // Both sides have `length` bytes: the literal by its own count, ours by the line above.
        let (ours, theirs) = (base + offset, text.utf8Start)
        var index = 0
        while index < length {
            if ours[index] != theirs[index] { return false }
            index += 1
        }
        return true
    }

    /// The text in a range of bytes that holds no escapes.
    @inline(__always)
    func text(at offset: Int, length: Int) -> String {
        guard offset >= 0, length >= 0, length <= count - offset else { return "" }
        return String(decoding: UnsafeBufferPointer(start: base + offset, count: length), as: UTF8.self)
    }

    /// The text in a range of bytes, each escape replaced by what it stands for (RFC 8259 §7). The parser has checked
    /// the escapes' form, and that no surrogate stands alone.
    func unescapedText(at offset: Int, length: Int) -> String {
        guard offset >= 0, length >= 0, length <= count - offset else { return "" }
        // No escape is shorter than what it stands for, so `length` bytes are enough.
        return String(unsafeUninitializedCapacity: length) { target in
            var (at, written) = (offset, 0)
            let end = offset + length
            while at < end {
                // A run up to the next backslash, moved as a whole. The target has `length` bytes, and at least as
                // many are left in it as in the source.
                let run = endOfRun(from: at, to: end)
                if run > at, let start = target.baseAddress {
                    (start + written).update(from: base + at, count: run - at)
                    written += run - at
                }
                guard run < end else { break }
                let (scalar, size) = JSONEscape.scalar(in: self, at: run)
                if scalar.isASCII {
                    target[written] = UInt8(truncatingIfNeeded: scalar.value)
                    written += 1
                } else {
                    for byte in UTF8.encode(scalar) ?? .init() where written < length {
                        target[written] = byte
                        written += 1
                    }
                }
                at = run + size
            }
            return written
        }
    }

    /// The offset of the first backslash in a range, or its end.
    private func endOfRun(from offset: Int, to end: Int) -> Int {
        var at = offset
        while at <= end - 8, let word = word(at: at) {
            let marks = JSONMarks.zeroBytes(in: word ^ JSONMarks.backslashes)
            if marks != 0 { return at + marks.trailingZeroBitCount / 8 }
            at += 8
        }
        while at < end, self[at] != UInt8(ascii: "\\") { at += 1 }
        return at
    }
}
