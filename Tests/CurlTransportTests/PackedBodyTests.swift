@testable import CurlTransport
import Gzip
import SyncPorts
import Testing

import struct FoundationEssentials.Data

@Suite("A request's body") struct PackedBodyTests {
    private func sent(_ body: Data?, packs: Bool) -> HTTPRequest {
        var request = HTTPRequest(method: "POST", url: "https://host.example/", body: body)
        request.packsBody = packs
        return request.packed()
    }

    private let long = Data(String(repeating: "read, saved; ", count: 500).utf8)

    @Test("goes out as gzip where the caller knows that it is taken, and says so")
    func packed() throws {
        let request = sent(long, packs: true)
        #expect(request.headers.contains(HTTPHeader("Content-Encoding", "gzip")))
        let body = try #require(request.body)
        #expect(body.count < long.count / 10)
        #expect(try Gzip.unpacked(body, limit: long.count) == long)
    }

    @Test("goes out as it is where it is short, or where nobody said that gzip is taken")
    func plain() {
        for request in [sent(long.prefix(1_000), packs: true), sent(long, packs: false), sent(nil, packs: true)] {
            #expect(!request.headers.contains { $0.name == "Content-Encoding" })
        }
        #expect(sent(long, packs: false).body == long)
    }

    @Test("that is packed comes out whole, or not at all", arguments: [0, 1, 17, 18, 40])
    func damaged(at place: Int) throws {
        let packed = try #require(Gzip.packed(long, level: 6))
        #expect(throws: Gzip.Failure.self) { try Gzip.unpacked(packed.prefix(place), limit: long.count) }
        #expect(throws: Gzip.Failure.tooLarge) { try Gzip.unpacked(packed, limit: long.count - 1) }
        #expect(throws: Gzip.Failure.damaged) { try Gzip.unpacked(packed + packed, limit: 2 * long.count) }
        #expect(throws: Gzip.Failure.damaged) {
            try Gzip.unpacked(packed.dropLast(4) + Data(count: 4), limit: long.count)
        }
        #expect(throws: Gzip.Failure.damaged) { try Gzip.unpacked(Data(count: 40), limit: long.count) }
        var wrong = packed
        wrong[wrong.startIndex + packed.count / 2] ^= 0xff
        #expect(throws: Gzip.Failure.self) { try Gzip.unpacked(wrong, limit: long.count) }
    }
}
