import CSimulatedDisk

extension SimulatedDisk {
    /// The names of all files, sorted.
    public var names: [String] {
        var names: [String] = []
        while true {
            let index = names.count
            var length: Int64 = -1
            let name = String(unsafeUninitializedCapacity: 1024) { buffer in
                length = buffer.withMemoryRebound(to: CChar.self) { bytes in
                    simdisk_name(disk, index, bytes.baseAddress, bytes.count)
                }
                return max(0, Int(length))
            }
            if length < 0 { break }
            names.append(name)
        }
        return names.sorted()
    }

    /// Whether there is a file.
    public func exists(_ name: String) -> Bool { simdisk_exists(disk, name) != 0 }

    /// Bytes of a file; `nil` if there is none.
    public func size(of name: String) -> Int? {
        let size = simdisk_file_size(disk, name)
        return size < 0 ? nil : Int(size)
    }

    /// All bytes of a file, written or synced; `nil` if there is none.
    public func bytes(of name: String) -> [UInt8]? {
        guard let size = size(of: name) else { return nil }
        return [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
            count = max(0, Int(simdisk_read(disk, name, buffer.baseAddress, size)))
        }
    }

    /// Makes an empty file, or empties the one that is there. Returns whether it could.
    @discardableResult
    public func create(_ name: String) -> Bool { simdisk_create(disk, name) != 0 }

    /// Takes a file away. A loss of power may bring it back. Returns whether it could.
    @discardableResult
    public func remove(_ name: String) -> Bool { simdisk_remove(disk, name) != 0 }

    /// Gives a file another name, at once and durably, in place of what had that name. Returns whether it could.
    @discardableResult
    public func rename(_ name: String, to other: String) -> Bool { simdisk_rename(disk, name, other) != 0 }

    /// Changes bytes within a file behind SQLite's back, as a bad disk does. Returns whether the file has them all.
    @discardableResult
    public func overwrite(_ name: String, at offset: Int, with bytes: [UInt8]) -> Bool {
        simdisk_overwrite(disk, name, offset, bytes, bytes.count) != 0
    }

    /// Inverts bits of one byte, likewise. Returns whether there was one.
    @discardableResult
    public func damage(_ name: String, at offset: Int, bits: UInt8) -> Bool {
        simdisk_damage(disk, name, offset, bits) != 0
    }
}
