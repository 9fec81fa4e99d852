import SQLiteReplica
import SyncCore
import TerminalText

/// Which device said something.
enum DeviceRendering {
    /// Most columns of a name.
    private static let width = 40

    /// As part of a sentence.
    static func who(_ replica: ReplicaID, isMine: Bool, _ devices: DeviceNames) -> String {
        isMine ? "this device" : short(devices.other(replica))
    }

    /// As it stands in a column, or before a colon.
    static func column(_ replica: ReplicaID, isMine: Bool, _ devices: DeviceNames) -> String {
        isMine ? "here" : devices.name(of: replica).map { short($0) } ?? DeviceNames.short(replica)
    }

    /// A name comes from the server: one line of it, not too long.
    private static func short(_ name: String) -> String { TextWidth.truncated(SafeText.line(name), to: width) }

    /// The name as the server has it; `null` if nothing is known.
    static func json(_ replica: ReplicaID, _ devices: DeviceNames) -> JSONValue { .optional(devices[replica]) }
}
