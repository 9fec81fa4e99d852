import AssetEngine
import Foundation
import SQLiteReplica
import SyncCore
import SyncPorts
import Testing

@Suite("Pictures that are kept for reading without a network")
struct AssetRefreshTests {
    let host: PictureHost
    let shelf: Shelf

    init() throws {
        host = try PictureHost()
        shelf = try Shelf()
    }

    private func url(_ name: String) -> String { host.url + "/" + name }

    @Test("a picture is held under the sum of its bytes, in a folder by the first two digits")
    func held() async throws {
        let picture = gif(5_000)
        host.publish("/a", .init(bytes: picture))
        try shelf.add([[url("a")]])
        let report = try await shelf.keep()
        #expect(report.fetched == 1 && report.failed == 0 && report.totals.held == 1 && report.totals.bytes == 5_000)
        let digits = SHA256.hash(picture).map { String(format: "%02x", $0) }.joined()
        #expect(shelf.files == ["\(digits.prefix(2))/\(digits)"])
        #expect(try shelf.bytes(url("a")) == picture)
        #expect(try shelf.replica.asset(at: url("a"))?.type == "image/gif")
        #expect(try await shelf.keep().fetched == 0)
        #expect(host.requests.count == 1)
    }

    @Test("the same picture at two addresses is one file, which stays until neither is wanted")
    func shared() async throws {
        for name in ["/a", "/b"] { host.publish(name, .init(bytes: gif(900))) }
        try shelf.add([[url("a")], [url("b")]])
        try shelf.mark(.saved(Shelf.id(0), true))
        #expect(try await shelf.keep().totals.bytes == 900)
        #expect(shelf.files.count == 1)
        try await shelf.keep(.saved)
        #expect(try shelf.bytes(url("a")) == gif(900) && shelf.files.count == 1)
        #expect(try await shelf.keep(.none).dropped == 1)
        #expect(shelf.files.isEmpty)
    }

    @Test("a picture that broke off is gone on with, not begun anew")
    func resumed() async throws {
        let picture = gif(10_000)
        host.publish("/a", .init(bytes: picture, breaksAfter: 4_000))
        try shelf.add([[url("a")]])
        #expect(try await shelf.keep().failed == 1)
        host.publish("/a", .init(bytes: picture))
        #expect(try await shelf.keep().fetched == 0, "its time has not come")
        shelf.clock.advance(by: 24 * 3_600_000)
        #expect(try await shelf.keep().fetched == 1)
        #expect(try shelf.bytes(url("a")) == picture)
        #expect(host.requests.last?.contains("Range: bytes=4000-") == true)
        #expect(host.requests.last?.contains("If-Range: \"v1\"") == true)
    }

    @Test("a picture that is another one meanwhile is fetched whole")
    func changed() async throws {
        host.publish("/a", .init(bytes: gif(10_000), breaksAfter: 4_000))
        try shelf.add([[url("a")]])
        try await shelf.keep()
        host.publish("/a", .init(bytes: gif(8_000, seed: 9), etag: "\"v2\""))
        shelf.clock.advance(by: 24 * 3_600_000)
        try await shelf.keep()
        #expect(try shelf.bytes(url("a")) == gif(8_000, seed: 9))
    }

    @Test("a server that sends another part than the one asked for is asked for all of it")
    func otherPart() async throws {
        host.publish("/a", .init(bytes: gif(10_000), breaksAfter: 4_000))
        try shelf.add([[url("a")]])
        try await shelf.keep()
        host.publish("/a", .init(bytes: gif(10_000), sendsOtherPart: true))
        shelf.clock.advance(by: 24 * 3_600_000)
        #expect(try await shelf.keep().fetched == 1)
        #expect(try shelf.bytes(url("a")) == gif(10_000))
        #expect(host.requests.count == 3)
    }

    @Test(
        "what is no picture is refused, whatever it is called, and not asked for again soon",
        arguments: [
            "<!DOCTYPE html><html><body>Not found</body></html>", "<svg xmlns='http://www.w3.org/2000/svg'/>", "",
        ])
    func noPicture(_ text: String) async throws {
        host.publish("/a", .init(bytes: Array(text.utf8), headers: ["Content-Type: image/png"]))
        try shelf.add([[url("a")]])
        let report = try await shelf.keep()
        #expect(report.failed == 1 && report.failures.first?.problem == "it is no PNG, JPEG, GIF, WebP or AVIF")
        shelf.clock.advance(by: 3_600_000)
        try await shelf.keep()
        #expect(host.requests.count == 1 && shelf.files.isEmpty)
        #expect(try shelf.replica.asset(at: url("a")) == nil)
    }

    @Test("a picture that is not there stops no other")
    func missing() async throws {
        host.publish("/b", .init(bytes: gif(700)))
        try shelf.add([[url("a"), url("b")]])
        let report = try await shelf.keep()
        #expect(report.fetched == 1 && report.failures.map(\.problem) == ["the server answers with status 404"])
    }

    @Test("a server that says when to come back is left alone until then")
    func retryAfter() async throws {
        host.publish("/a", .init(bytes: [], status: "503 Busy", headers: ["Retry-After: 7200"]))
        try shelf.add([[url("a")]])
        try await shelf.keep()
        host.publish("/a", .init(bytes: gif(700)))
        shelf.clock.advance(by: 7_100_000)
        try await shelf.keep()
        #expect(host.requests.count == 1)
        shelf.clock.advance(by: 101_000)
        #expect(try await shelf.keep().fetched == 1)
    }

    @Test("an address that is announced as larger than a picture may be is not read")
    func tooLarge() async throws {
        host.publish("/a", .init(bytes: gif(20_000_001)))
        try shelf.add([[url("a")]])
        #expect(try await shelf.keep().failures.map(\.problem) == ["it has more than 20000000 bytes"])
    }

    @Test("an address of this machine is refused unless it is allowed, and other schemes always")
    func refused() async throws {
        host.publish("/a", .init(bytes: gif(700)))
        try shelf.add([[url("a"), "http://[::ffff:127.0.0.1]:9/x", "ftp://127.0.0.1/x"]])
        let report = try await shelf.keep(allowsPrivate: false)
        #expect(report.fetched == 0 && host.requests.isEmpty)
        #expect(report.failures.allSatisfy { !$0.problem.isEmpty })
    }

    @Test("with no more room, what is saved comes first, then what is unread and new; nothing saved goes")
    func budget() async throws {
        let names = (0..<6).map { "\($0)" }
        for (index, name) in names.enumerated() {
            host.publish("/" + name, .init(bytes: gif(1_000, seed: UInt8(index))))
        }
        try shelf.add(names.map { [url($0)] })
        try shelf.mark(.saved(Shelf.id(0), true), .read(Shelf.id(5), true, by: .explicit))
        let report = try await shelf.keep(budget: 3_000)
        #expect(report.isFull && report.totals.bytes <= 3_000)
        #expect(try held(names) == ["0", "3", "4"])
        try shelf.mark(.read(Shelf.id(4), true, by: .explicit), .saved(Shelf.id(1), true))
        try await shelf.keep(budget: 3_000)
        #expect(try held(names) == ["0", "1", "3"])
        let smaller = try await shelf.keep(budget: 1_000)
        #expect(smaller.totals.bytes == 2_000, "what is saved stays, even beyond the room")
        #expect(shelf.files.count == 2)
    }

    @Test("a picture for which there is no room is fetched once, and again only after a day, or once it is saved")
    func tooLargeForBudget() async throws {
        host.publish("/large", .init(bytes: gif(5_000)))
        host.publish("/small", .init(bytes: gif(1_000, seed: 2)))
        try shelf.add([[url("large")], [url("small")]])
        #expect(try await shelf.keep(budget: 3_000).totals.bytes == 1_000)
        #expect(try await shelf.keep(budget: 3_000).fetched == 0)
        #expect(host.requests.count == 2)
        try shelf.mark(.saved(Shelf.id(0), true))
        try await shelf.keep(budget: 3_000)
        #expect(try shelf.bytes(url("large")) != nil && shelf.bytes(url("small")) == nil)
        shelf.clock.advance(by: 25 * 3_600_000)
        #expect(try await shelf.keep(budget: 3_000).isFull)
        #expect(host.requests.count == 3)
    }

    @Test("a server that sends less than the rest is asked for what is still missing")
    func shortPart() async throws {
        host.publish("/a", .init(bytes: gif(10_000), breaksAfter: 4_000))
        try shelf.add([[url("a")]])
        try await shelf.keep()
        host.publish("/a", .init(bytes: gif(10_000), sendsAtMost: 3_500))
        shelf.clock.advance(by: 24 * 3_600_000)
        #expect(try await shelf.keep().fetched == 0)
        #expect(try shelf.bytes(url("a")) == nil)
        shelf.clock.advance(by: 24 * 3_600_000)
        #expect(try await shelf.keep().fetched == 1)
        #expect(try shelf.bytes(url("a")) == gif(10_000))
        #expect(host.requests.last?.contains("Range: bytes=7500-") == true)
    }

    @Test("what came of a picture counts as room, and goes when the picture is wanted no longer")
    func forgottenPart() async throws {
        host.publish("/a", .init(bytes: gif(10_000), breaksAfter: 4_000))
        try shelf.add([[url("a")]])
        #expect(try await shelf.keep().totals.bytes == 4_000)
        let parts = { try FileManager.default.contentsOfDirectory(atPath: shelf.assets.path + "/parts") }
        #expect(try parts().count == 1)
        #expect(try await shelf.keep(.none).totals.bytes == 0)
        #expect(try parts().isEmpty)
    }

    @Test("pictures are kept for those articles that were chosen; what is chosen later is found later")
    func chosen() async throws {
        for name in ["/a", "/b", "/c"] { host.publish(name, .init(bytes: gif(800, seed: name.utf8.last ?? 0))) }
        try shelf.add([[url("a")], [url("b")], [url("c")]])
        try shelf.mark(.saved(Shelf.id(0), true), .read(Shelf.id(0), true, by: .explicit))
        try shelf.mark(.read(Shelf.id(1), true, by: .explicit))
        #expect(try await shelf.keep(.saved).totals == totals(1))
        #expect(try await shelf.keep(.unread).totals == totals(2))
        #expect(try shelf.bytes(url("a")) != nil && shelf.bytes(url("c")) != nil)
        #expect(try await shelf.keep(.all).totals == totals(3))
    }

    private func held(_ names: [String]) throws -> [String] {
        try names.filter { try shelf.bytes(url($0)) != nil }
    }

    private func totals(_ count: Int) -> AssetTotals {
        var totals = AssetTotals()
        (totals.wanted, totals.held, totals.bytes) = (count, count, Int64(count) * 800)
        return totals
    }

    @Test("after a run that was cut off, files that nothing names are removed, and those that are gone fetched anew")
    func swept() async throws {
        host.publish("/a", .init(bytes: gif(800)))
        try shelf.add([[url("a")]])
        try await shelf.keep()
        let file = shelf.assets.path + "/" + (try #require(shelf.files.first))
        try FileManager.default.removeItem(atPath: file)
        let stray = shelf.assets.path + "/00/" + String(repeating: "0", count: 64)
        try FileManager.default.createDirectory(
            atPath: shelf.assets.path + "/00", withIntermediateDirectories: true)
        for path in [stray, shelf.assets.path + "/open"] {
            _ = FileManager.default.createFile(atPath: path, contents: Data())
        }
        #expect(try await shelf.keep().fetched == 1)
        #expect(FileManager.default.fileExists(atPath: file) && !FileManager.default.fileExists(atPath: stray))
    }

    @Test("a corrected article has its new pictures, and no longer the old ones")
    func corrected() async throws {
        for name in ["/a", "/b"] { host.publish(name, .init(bytes: gif(800, seed: name.utf8.last ?? 0))) }
        try shelf.add([[url("a")]])
        try await shelf.keep()
        try shelf.add([[url("b")], []])
        try await shelf.keep()
        #expect(try shelf.bytes(url("a")) == nil && shelf.bytes(url("b")) != nil)
        #expect(shelf.files.count == 1)
    }
}
