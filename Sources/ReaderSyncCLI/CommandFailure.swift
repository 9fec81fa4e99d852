import Glibc
import AssetEngine
import Editions
import FeedEngine
import FeedSession
import SQLiteReplica
import SyncCore
import SyncEngine
import Zip

/// Why a command did not do what it was asked, in the words that the person sees.
struct CommandFailure: Error, Sendable, Hashable {
    /// How the process ends.
    var status: ExitStatus
    /// A word for scripts, stable between versions.
    var code: String
    /// What happened, in a sentence without a full stop.
    var message: String
    /// What to do about it; usually the next command to type.
    var remedy: String?
    /// Names that would have been possible.
    var candidates: [String] = []

    init(
        _ status: ExitStatus, _ code: String, _ message: String, remedy: String? = nil,
        candidates: [String] = []
    ) {
        self.status = status
        self.code = code
        self.message = message
        self.remedy = remedy
        self.candidates = candidates
    }

    /// All of it in one line.
    var line: String { [message, remedy].compactMap { $0 }.joined(separator: "; ") }

    /// What makes no sense about the command line.
    static func usage(_ message: String, remedy: String? = nil) -> CommandFailure {
        CommandFailure(.usage, "usage", message, remedy: remedy)
    }

    /// A failed system call.
    static func system(_ message: String, remedy: String? = nil) -> CommandFailure {
        CommandFailure(.failure, "system", message, remedy: remedy)
    }

    /// A write that failed.
    ///
    /// - Parameter number: the error's number (`errno`).
    static func write(to name: String, _ number: Int32) -> CommandFailure {
        .system(
            "\(name): \(String(cString: strerror(number)))",
            remedy: number == ENOSPC || number == EDQUOT ? "free some space, or write to another disk" : nil)
    }

    /// Whether nothing could be written, and what is there can still be read.
    var isForWantOfWriting: Bool {
        [ReplicaError.Code.diskFull, .readOnly].contains { $0.rawValue == code }
    }

    /// The failure behind whatever a command threw.
    init(_ error: any Error) {
        switch error {
        case let error as CommandFailure: self = error
        case let error as ReplicaError: self.init(error)
        case let error as RemoteError: self.init(error)
        case let error as SyncEngineError:
            if error.code == .alreadySyncing {
                self.init(.failure, "alreadySyncing", error.detail)
            } else if let underlying = error.underlying as? ReplicaError {
                self.init(underlying)
            } else {
                self.init(.failure, "storage", error.detail)
            }
        case let error as FeedEngineError: self.init(error)
        case let error as AssetError: self.init(error)
        case let error as EditionError: self.init(.failure, "edition", error.detail)
        case let error as ZipError: self.init(.failure, error.code.rawValue, error.detail)
        case is CancellationError: self = .interrupted
        default: self.init(.failure, "unforeseen", "\(error)")
        }
    }

    /// Ctrl-C.
    static let interrupted = CommandFailure(
        .interrupted, "interrupted", "stopped; nothing is lost", remedy: "sync again to go on")

    /// Ctrl-C at a question, or before anything was changed.
    static let dismissed = CommandFailure(.interrupted, "interrupted", "stopped; nothing was changed")

    private init(_ error: FeedEngineError) {
        switch error.underlying {
        case let underlying as ReplicaError: self.init(underlying)
        case let underlying as FetchFailure: self.init(underlying, naming: error.detail)
        default:
            self.init(.failure, error.code.rawValue, error.detail)
        }
    }

    init(_ error: ReplicaError) {
        let status: ExitStatus =
            switch error.code {
            case .noReplica, .notFound, .ambiguous: .notFound
            case .damaged: .damaged
            case .alreadyExists, .invalidValue, .notApplicable: .usage
            case .newerSchema, .busy, .diskFull, .readOnly, .storage: .failure
            }
        self.init(
            status, error.code.rawValue, error.detail, remedy: error.remedy, candidates: error.candidates)
    }

    private init(_ error: RemoteError) {
        if error.code == .cancelled {
            self = .interrupted
            return
        }
        let status: ExitStatus =
            switch error.code {
            case .offline, .busy, .brokenAnswer: .offline
            case .unauthorized, .notARemote, .versionMismatch, .refused: .refused
            case .replicaForked, .cursorExpired, .prefixMismatch, .catalogChanged, .cancelled: .failure
            }
        self.init(
            status, error.code.rawValue, error.detail, remedy: error.remedy.isEmpty ? nil : error.remedy)
    }
}
