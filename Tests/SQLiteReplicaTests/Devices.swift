import SQLiteReplica
import SyncCore
import SyncPorts

/// A replica in a folder of its own.
struct OneDevice {
    let folder: Folder
    let replica: Replica

    /// - Parameters:
    ///   - articles: the numbers of those that came from a server's history; `nil`: none.
    ///   - feeds: feeds of its own, not yet read.
    init(articles numbers: ClosedRange<UInt64>? = nil, feeds: [String] = []) throws {
        folder = try Folder()
        replica = try folder.replica()
        if let numbers { _ = try replica.apply(try articles(numbers), resets: false) }
        if !feeds.isEmpty { try replica.subscribe(try feeds.map { try subscription($0) }) }
    }
}

/// Two replicas of one reader, and their server.
struct TwoDevices {
    let folder: Folder
    let a: Replica
    let b: Replica
    let server = TinyServer()

    /// - Parameter articles: the numbers of those that both hold; `nil`: none.
    init(articles numbers: ClosedRange<UInt64>? = nil) throws {
        folder = try Folder()
        a = try folder.replica("a", id: 1)
        b = try folder.replica("b", id: 2)
        guard let numbers else { return }
        for replica in [a, b] { _ = try replica.apply(try articles(numbers), resets: false) }
    }
}

/// Tests that work with one device.
protocol OnOneDevice {
    var device: OneDevice { get }
}

extension OnOneDevice {
    var folder: Folder { device.folder }
    var replica: Replica { device.replica }
}

/// Tests that work with two devices.
protocol OnTwoDevices {
    var devices: TwoDevices { get }
}

extension OnTwoDevices {
    var folder: Folder { devices.folder }
    var a: Replica { devices.a }
    var b: Replica { devices.b }
    var server: TinyServer { devices.server }
    /// All that a server can hold.
    var all: Set<RemoteCapabilities.FieldKind> { Set(RemoteCapabilities.FieldKind.allCases) }
}
