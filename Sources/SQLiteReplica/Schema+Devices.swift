/// Migration 11: what the reader's devices are called.
extension Schema {
    static let devices = """
        -- The names of devices, as the server last told them. Those of this replica's own identities are among them.
        CREATE TABLE device (
            replica INTEGER PRIMARY KEY,         -- an identity: 64 bits, as a signed number
            name TEXT NOT NULL                   -- 1 to 128 bytes; two devices may have one name
        ) STRICT;

        -- What the server told before was taken without the names: have it told once more.
        UPDATE replica SET account_version = NULL;
        """
}
