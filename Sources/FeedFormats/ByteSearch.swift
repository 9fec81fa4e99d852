#if canImport(Glibc)
    import Glibc
#else
    import Musl
#endif

/// Looks for bytes with the C library, which compares many at once.
enum ByteSearch {
    /// Where `byte` is next at or after `start`, or the count.
    @inline(__always)
    static func next(_ byte: UInt8, in bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
        guard start < bytes.count, let base = bytes.baseAddress else { return bytes.count }
        guard let found = memchr(base + start, Int32(byte), bytes.count - start) else { return bytes.count }
        return UnsafeRawPointer(base).distance(to: UnsafeRawPointer(found))
    }
}
