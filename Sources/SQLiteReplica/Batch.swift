public import SyncCore

/// A command by which the reader changed something on this replica.
public struct Batch: Sendable, Hashable {
    /// 1 and up, in the order of the commands; one that took several transactions leaves a gap behind it.
    public var id: Int64
    /// The command's words, such as `newsletters subscribe`.
    public var command: String
    /// When, by the local clock.
    public var at: WallTime
    /// How many changes it made.
    public var changes: Int
    /// The command that it took back.
    public var undoes: Int64?
    /// The command that took it back, and that was not taken back itself.
    public var undoneBy: Int64?
}

extension Batch {
    /// How the commands begin by which a reader's screen notes how far an article was read.
    public static let readingPosition = "read: to "

    /// Whether it only notes how far an article was read, which nobody has in mind who takes back what was done last.
    var isReadingPosition: Bool { command.hasPrefix(Self.readingPosition) }
}

/// Which commands are taken back.
public enum UndoTarget: Sendable, Hashable {
    /// The newest ones that are neither taken back nor take others back themselves, nor only note how far was read.
    case last(Int)
    /// One of them, also one that took another back.
    case batch(Int64)
}

/// What taking commands back did.
public struct UndoSummary: Sendable, Hashable {
    /// The commands that were taken back, the newest first; each has the command that did so in ``Batch/undoneBy``.
    public var undone: [Batch] = []
    /// The changes that were made.
    public var recorded = 0
    /// Fields that stay as they are: nothing was said of them before, and such a field cannot be unsaid; or the server
    /// did not take what the command said.
    public var kept: [RegisterKey] = []
    /// Fields that stay as they are, and why: somebody set them since, or they are opt-outs.
    public var left: [Left] = []
    /// Commands of which nothing could be taken back, and why.
    public var refused: [Refused] = []
    /// Whether an opt-in was taken back: that is an opt-out, which cannot be taken back in turn.
    public var tookOptInBack = false

    /// A field that an undo left alone.
    public struct Left: Sendable, Hashable {
        /// The field.
        public var key: RegisterKey
        /// Why, as a sentence that begins with the field's name.
        public var reason: String
    }

    /// A command that an undo of several left alone.
    public struct Refused: Sendable, Hashable {
        /// The command.
        public var batch: Batch
        /// Why.
        public var reason: ReplicaError
    }
}
