import Glibc
import SyncPorts
import Synchronization

/// Puts the body of an answer into a file, behind what the file holds already if the answer is that rest.
final class PartReceiver: BodyReceiver {
    /// Why the body was not taken, or not all of it.
    enum Refusal: Sendable {
        /// The answer is not the file: its status says why.
        case status(Int)
        /// The rest that was sent is not the one that was asked for.
        case otherRange
        /// It is no picture of a kind that is kept.
        case notAPicture
        /// It is larger than a picture may be.
        case tooLarge
        /// The file could not be written.
        case file(AssetError)

        /// Whether it says that the server's file is another one than the part is of.
        var isOfAnotherFile: Bool {
            switch self {
            case .otherRange, .status(416): true
            case .status, .notAPicture, .tooLarge, .file: false
            }
        }
    }

    private struct State {
        var descriptor: Int32 = -1
        var head: [UInt8] = []
        var bytes: Int64
        var validator: AssetValidator?
        /// Bytes of the whole file, where a rest of it was sent.
        var total: Int64?
        var refusal: Refusal?
    }

    private let path: String
    private let offset: Int64
    private let limit: Int64
    private let state: Mutex<State>

    /// - Parameters:
    ///   - offset: bytes that the file holds and that were not asked for again.
    ///   - limit: most bytes of the whole file.
    init(path: String, offset: Int64, limit: Int64) {
        (self.path, self.offset, self.limit) = (path, offset, limit)
        state = Mutex(State(bytes: offset))
    }

    deinit {
        let descriptor = state.withLock { $0.descriptor }
        if descriptor >= 0 { close(descriptor) }
    }

    /// Why not all was taken; `nil` if all was.
    var refusal: Refusal? { state.withLock { $0.refusal } }

    /// Bytes that the file holds.
    var bytes: Int64 { state.withLock { $0.bytes } }

    /// What the bytes are of; `nil` if the server gave nothing to tell by, or no body came.
    var validator: AssetValidator? { state.withLock { $0.validator } }

    func begin(_ head: HTTPResponse) -> Bool {
        state.withLock { state in
            state.refusal = open(head, &state)
            return state.refusal == nil
        }
    }

    private func open(_ head: HTTPResponse, _ state: inout State) -> Refusal? {
        let isRest = head.status == 206
        guard head.status == 200 || isRest && offset > 0 else { return .status(head.status) }
        let isPlain = head.header("content-encoding").map { $0.lowercased() == "identity" } ?? true
        if isRest {
            guard isPlain, let range = ContentRange(head.header("content-range")), range.start == offset,
                range.total.map({ $0 > offset }) ?? true
            else { return .otherRange }
            state.total = range.total ?? range.end + 1
        } else {
            state.bytes = 0
        }
        if let length = head.header("content-length").flatMap({ Int64($0) }), length > limit - state.bytes {
            return .tooLarge
        }
        let etag = head.header("etag").flatMap { $0.hasPrefix("\"") && $0.utf8.count <= 256 ? $0 : nil }
        let modified = head.header("last-modified").flatMap { $0.utf8.count <= 64 ? $0 : nil }
        // What was decompressed on the way cannot be asked for from the middle.
        if isPlain, etag != nil || modified != nil {
            state.validator = AssetValidator(etag: etag, lastModified: modified)
        }
        state.descriptor = Glibc.open(path, O_WRONLY | O_CREAT | O_CLOEXEC | (isRest ? O_APPEND : O_TRUNC), 0o600)
        return state.descriptor >= 0 ? nil : .file(AssetFolder.failure(path))
    }

    func take(_ bytes: UnsafeRawBufferPointer) -> Bool {
        state.withLock { state in
            state.refusal = put(bytes, &state)
            return state.refusal == nil
        }
    }

    private func put(_ bytes: UnsafeRawBufferPointer, _ state: inout State) -> Refusal? {
        guard Int64(bytes.count) <= limit - state.bytes else { return .tooLarge }
        // The beginning was looked at when it came.
        if offset == 0 || state.bytes < offset, state.head.count < PictureKind.headBytes {
            state.head += bytes.prefix(PictureKind.headBytes - state.head.count)
            if state.head.count == PictureKind.headBytes, PictureKind(head: state.head) == nil { return .notAPicture }
        }
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = write(state.descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
            if count > 0 {
                rest = rest.dropFirst(count)
                state.bytes += Int64(count)
            } else if count < 0, errno != EINTR {
                return .file(AssetFolder.failure(path))
            }
        }
        return nil
    }

    /// Whether what was sent is not all of what was asked for: a server may send less (RFC 9110 §14.2).
    var isShort: Bool { state.withLock { state in state.total.map { state.bytes < $0 } ?? false } }
}

/// `Content-Range: bytes 5-9/10` (RFC 9110 §14.4).
struct ContentRange: Equatable {
    /// The first byte.
    var start: Int64
    /// The last byte.
    var end: Int64
    /// Bytes of the whole; `nil` if the server does not say.
    var total: Int64?

    /// Reads the field's value; `nil` if it is none.
    init?(_ text: String?) {
        guard let text, text.lowercased().hasPrefix("bytes ") else { return nil }
        let pieces = text.dropFirst(6).split(separator: "/", omittingEmptySubsequences: false)
        let ends = (pieces.first ?? "").split(separator: "-", omittingEmptySubsequences: false).map { Int64($0) }
        guard pieces.count == 2, ends.count == 2, let start = ends[0], let end = ends[1], start >= 0, end >= start,
            end < .max
        else { return nil }
        (self.start, self.end, total) = (start, end, Int64(pieces[1]))
        if let total, total <= end { return nil }
        if total == nil, pieces[1] != "*" { return nil }
    }
}
