/// Marks that a pull turns over: what the reader said of an article, and what other devices say instead. Many at once may be
/// a mishap of one device, so they are shown before they are taken over (DESIGN.md §3).
public struct Flips: Sendable, Hashable {
    /// What one device turns over.
    public struct Device: Sendable, Hashable {
        /// The device.
        public var replica: ReplicaID
        /// Articles that were read, and would be unread.
        public var toUnread = 0
        /// Articles that were said to be unread, and would be read.
        public var toRead = 0
        /// Articles that were saved, and would not be any more.
        public var toUnsaved = 0

        /// All of them.
        public var total: Int { toUnread + toRead + toUnsaved }
    }

    /// By device, in the order of their identities.
    public private(set) var devices: [Device] = []
    /// The marks that the replica holds: articles said to be read or unread, saved or not.
    public var marks: Int

    /// Flips that were taken over shortly before, see ``isHeld``.
    public var earlier = 0

    /// As many flips are never held.
    public static let leastHeld = 500
    /// One in so many marks is never held.
    public static let heldShare = 4

    /// No flips.
    public init(marks: Int = 0) {
        self.marks = marks
    }

    /// All flips.
    public var total: Int { devices.reduce(0) { $0 + $1.total } }

    /// Whether there are so many that a person should see them first: with those shortly before more than 500, and more than
    /// a quarter of the marks.
    public var isHeld: Bool {
        let sum = total + earlier
        return total > 0 && sum > Self.leastHeld && sum > marks / Self.heldShare
    }

    /// Counts what became of one field, if it was turned over. To save an article turns nothing over: nothing is lost by it.
    ///
    /// - Parameters:
    ///   - before: what was said; `nil` if nothing was.
    ///   - after: what is said now.
    ///   - author: who says so now.
    public mutating func count(_ before: Value?, _ after: Value?, by author: ReplicaID) {
        switch (before, after) {
        case (.read(true, _), .read(false, _)): change(author) { $0.toUnread += 1 }
        case (.read(false, _), .read(true, _)): change(author) { $0.toRead += 1 }
        case (.flag(true), .flag(false)): change(author) { $0.toUnsaved += 1 }
        default: break
        }
    }

    private mutating func change(_ replica: ReplicaID, _ body: (inout Device) -> Void) {
        let index = devices.firstIndex { $0.replica >= replica } ?? devices.count
        if index == devices.count || devices[index].replica != replica {
            devices.insert(Device(replica: replica), at: index)
        }
        body(&devices[index])
    }
}

/// What became of pages that were to be applied.
public enum PullOutcome: Sendable, Hashable {
    /// They were.
    case applied(StateSummary)
    /// Nothing was: too many marks would be turned over.
    case held(Flips)
}
