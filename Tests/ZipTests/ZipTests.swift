import SyncTestKit
import Testing
@testable import Zip

@Suite("ZIP archives")
struct ZipTests {
    private func archive(_ files: [(String, [UInt8], Bool)]) throws -> [UInt8] {
        var bytes: [UInt8] = []
        var writer = ZipWriter { bytes += $0 }
        for (name, content, isStored) in files { try writer.add(name, content, isStored: isStored) }
        try writer.finish()
        return bytes
    }

    @Test("the checksum is the one of the standard's example, at every length around a step of eight")
    func checksum() {
        #expect(CRC32.checksum(Array("123456789".utf8)) == 0xCBF4_3926)
        var naive: UInt32 = 0xFFFF_FFFF
        for length in 0..<40 {
            let bytes = (0..<length).map { UInt8(truncatingIfNeeded: $0 &* 37) }
            #expect(CRC32.checksum(bytes) == ~naive)
            naive ^= UInt32(UInt8(truncatingIfNeeded: length &* 37))
            for _ in 0..<8 { naive = naive & 1 == 1 ? naive >> 1 ^ 0xEDB8_8320 : naive >> 1 }
        }
    }

    @Test("what was written is read back, packed and stored, empty and incompressible")
    func roundTrip() throws {
        var random = SeededRandom(seed: 7)
        let noise = (0..<5_000).map { _ in UInt8(truncatingIfNeeded: random.next()) }
        let files: [(String, [UInt8], Bool)] = [
            ("mimetype", Array("application/epub+zip".utf8), true), ("leer", [], false), ("noise.bin", noise, false),
            ("text/größe.txt", Array(repeating: UInt8(ascii: "x"), count: 100_000), false),
        ]
        let bytes = try archive(files)
        #expect(bytes.count < 7_000)
        let reader = try ZipReader(bytes)
        #expect(reader.entries.map(\.name) == files.map(\.0))
        for (entry, file) in zip(reader.entries, files) {
            #expect(try reader.content(of: entry, limit: 1 << 20) == file.1)
        }
    }

    @Test("equal files give equal bytes")
    func deterministic() throws {
        let files: [(String, [UInt8], Bool)] = [("a", Array("aaaaaaaaaaaaaaaaaaaaaaaaa".utf8), false)]
        #expect(try archive(files) == archive(files))
    }

    @Test("a name that is there already, or is none, is refused")
    func names() throws {
        var writer = ZipWriter { _ in }
        try writer.add("a", [1])
        #expect(throws: ZipError.self) { try writer.add("a", [2]) }
        #expect(throws: ZipError.self) { try writer.add("", [2]) }
    }

    @Test("a file larger than the limit is not unpacked, whatever is packed in it")
    func bomb() throws {
        let reader = try ZipReader(archive([("bomb", [UInt8](repeating: 0, count: 1 << 20), false)]))
        #expect(throws: ZipError.self) { try reader.content(of: reader.entries[0], limit: 1000) }
    }

    @Test("whatever is changed in an archive, reading it ends in its content or in an error", arguments: [1, 2, 3, 4])
    func damage(seed: UInt64) throws {
        let text = Array("the same words, the same words, the same words".utf8)
        let whole = try archive([("a.json", text, false), ("b.json", text, true)])
        var random = SeededRandom(seed: seed)
        for _ in 0..<2_000 {
            var bytes = whole
            for _ in 0...Int(random.next() % 3) {
                bytes[Int(random.next() % UInt64(bytes.count))] = UInt8(truncatingIfNeeded: random.next())
            }
            if random.next() % 4 == 0 { bytes.removeLast(Int(random.next() % UInt64(bytes.count))) }
            guard let reader = try? ZipReader(bytes) else { continue }
            for entry in reader.entries {
                guard let content = try? reader.content(of: entry, limit: 4096) else { continue }
                #expect(content == text)
            }
        }
    }
}
