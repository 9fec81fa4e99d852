import CCurlShim

/// Undoes the content codings of an answer (RFC 9110 §8.4), the last applied first.
final class BodyDecoder {
    /// The codings to ask for.
    static var acceptedCodings: String { String(cString: ccurl_codings()) }

    /// One: between two, bytes could grow past every bound without one of them coming out, and no server stacks them.
    private static let maximumCodings = 1
    private static let roomBytes = 64 << 10

    private struct Stage {
        let decoder: OpaquePointer
        let room: UnsafeMutablePointer<UInt8>
    }

    private var stages: [Stage] = []
    private var hasBegun = false

    /// - Parameter codings: the values of all `Content-Encoding` fields, in order.
    /// - Returns: `nil` when one of them is unknown.
    init?(codings: [String]) {
        let names = codings.flatMap { $0.split(separator: ",") }
            .map { $0.filter { $0 != " " && $0 != "\t" }.lowercased() }
            .filter { !$0.isEmpty && $0 != "identity" }
        guard names.count <= Self.maximumCodings else { return nil }
        for name in names.reversed() {
            guard let decoder = ccurl_decoder_make(name) else { return nil }
            stages.append(Stage(decoder: decoder, room: .allocate(capacity: Self.roomBytes)))
        }
    }

    deinit {
        for stage in stages {
            ccurl_decoder_free(stage.decoder)
            stage.room.deallocate()
        }
    }

    /// Whether every stream has come to its end. A body without a byte is whole too: servers send such with any coding.
    var isWhole: Bool { !hasBegun || stages.allSatisfy { ccurl_decoder_is_done($0.decoder) } }

    /// Decodes the next bytes and hands them on in pieces; `false` from `take` ends it.
    ///
    /// - Returns: `false` when the bytes are not of the coding.
    func decode(_ bytes: UnsafeRawBufferPointer, _ take: (UnsafeRawBufferPointer) -> Bool) -> Bool {
        if !bytes.isEmpty { hasBegun = true }
        var isWanted = true
        return decode(bytes, stage: 0) { piece in
            if isWanted { isWanted = take(piece) }
            return isWanted
        }
    }

    private func decode(_ bytes: UnsafeRawBufferPointer, stage: Int, _ take: (UnsafeRawBufferPointer) -> Bool) -> Bool {
        guard stage < stages.count else {
            _ = take(bytes)
            return true
        }
        let (decoder, room) = (stages[stage].decoder, stages[stage].room)
        var input = bytes.bindMemory(to: UInt8.self).baseAddress
        var length = bytes.count
        var isWanted = true
        while isWanted {
            var count = Self.roomBytes
            let before = length
            guard ccurl_decode(decoder, &input, &length, room, &count) else { return false }
            let piece = UnsafeRawBufferPointer(start: room, count: count)
            let isDecoded =
                count == 0
                || decode(piece, stage: stage + 1) { piece in
                    isWanted = take(piece)
                    return isWanted
                }
            guard isDecoded else { return false }
            guard length > 0 || count == Self.roomBytes else { break }
            // Nothing taken and nothing given would go on for ever.
            guard length < before || count > 0 else { return false }
        }
        return true
    }
}
