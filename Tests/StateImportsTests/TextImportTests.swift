import SyncTestKit
import Testing
import Zip

@testable import StateImports

@Suite("Exports of other readers as text")
struct TextImportTests {
    private let freshRSS = """
        {"id": "user/ann/state/org.freshrss/starred", "title": "Starred", "author": "ann", "items": [
        {"id": "g1", "timestampUsec": "1", "categories": ["Sea", "user/-/state/com.google/read", "user/-/state/com.google/starred"],
         "title": "One", "published": 1, "alternate": [{"href": "https://a.example/1", "type": "text/html"}],
         "content": {"content": "<p>x</p>"}, "origin": {"streamId": 3, "feedUrl": "https://a.example/feed"}},
        {"id": "tag:google.com,2005:reader/item/0005", "guid": "g2", "categories": ["user/-/state/com.google/unread",
         "starred", "user/-/label/read"], "alternate": [], "origin": {"feedUrl": "https://a.example/feed"}},
        {"id": 7, "categories": "odd"}
        ]}
        """

    private func read(_ text: String, as source: ImportSource? = nil) throws -> ImportedState {
        try StateImport.read(Array(text.utf8), as: source)
    }

    private func archive(_ files: [(String, String)]) throws -> [UInt8] {
        var bytes: [UInt8] = []
        var writer = ZipWriter { bytes += $0 }
        for (name, text) in files { try writer.add(name, Array(text.utf8)) }
        try writer.finish()
        return bytes
    }

    @Test("FreshRSS's items say their state in their categories, and labels that are called so do not count")
    func items() throws {
        let state = try read(freshRSS)
        #expect(state.source == .freshrss && state.entries == 2 && state.damaged == 1)
        #expect(
            state.marks == [
                ImportedMark(
                    feed: "https://a.example/feed", guid: "g1", url: "https://a.example/1", title: "One", isRead: true,
                    isSaved: true)
            ])
    }

    @Test("FreshRSS's archive is all its JSON files together, the list of feeds left aside")
    func archived() throws {
        let state = try StateImport.read(
            archive([
                ("feeds_2026-11-01.opml.xml", "<opml/>"), ("starred_2026-11-01.json", freshRSS),
                ("feed_1_2.json", freshRSS),
            ]))
        #expect(state.source == .freshrss && state.entries == 4 && state.marks.count == 2)
        #expect { try StateImport.read(archive([("a.txt", "x")])) } throws: {
            ($0 as? ImportError)?.code == .unknownFormat
        }
        #expect { try StateImport.read(archive([("a.json", "{\"entries\":[]}")])) } throws: {
            ($0 as? ImportError)?.code == .unknownFormat
        }
    }

    @Test("Miniflux's entries say status and star")
    func entries() throws {
        let state = try read(
            """
            {"total": 3, "entries": [
            {"id": 1, "status": "read", "hash": "h", "title": "One", "url": "https://a.example/1", "starred": false,
             "feed": {"id": 4, "feed_url": "https://a.example/feed", "site_url": "https://a.example/"}},
            {"id": 2, "status": "unread", "url": "https://a.example/2", "starred": true},
            {"id": 3, "status": "unread", "url": "https://a.example/3", "starred": false}]}
            """)
        #expect(state.source == .miniflux && state.entries == 3)
        #expect(state.marks.map(\.url) == ["https://a.example/1", "https://a.example/2"])
        #expect(
            state.marks.map(\.feed) == ["https://a.example/feed", nil] && state.marks.map(\.isSaved) == [false, true])
    }

    @Test("lines of our own are read one by one, also if there is only one")
    func lines() throws {
        let line = #"{"feed":"https://a.example/feed","guid":"g","url":null,"title":null,"read":true,"saved":false}"#
        #expect(try read(line).marks.count == 1)
        let state = try read(
            line + "\nnonsense\n" + #"{"guid":"h"}"# + "\n" + #"{"url":"https://a.example/","saved":true}"#)
        #expect(state.source == .jsonl && state.entries == 2 && state.damaged == 2)
    }

    @Test(
        "what is no such file says so, and a list of feeds says that it is one",
        arguments: [
            ("", ImportError.Code.unknownFormat), ("hello", .unknownFormat), ("{\"a\":1}", .unknownFormat),
            ("{\"items\":", .damaged), ("\u{FEFF}<?xml version=\"1.0\"?><opml/>", .feedList),
        ])
    func strangers(text: String, code: ImportError.Code) {
        #expect { try read(text) } throws: { ($0 as? ImportError)?.code == code }
    }

    @Test("a file of another reader than was named is refused")
    func otherReader() {
        #expect { try read(freshRSS, as: .miniflux) } throws: { ($0 as? ImportError)?.code == .otherFormat }
    }

    @Test("a list of more articles than are taken in is refused while it is read")
    func tooMany() {
        let list = "{\"items\":[" + String(repeating: "1,", count: StateImport.maximumEntries) + "1]}"
        #expect { try read(list) } throws: { ($0 as? ImportError)?.code == .tooLarge }
    }

    @Test("JSON that is nested too deep is no file of anybody, and does no harm")
    func deep() {
        let deep = "{\"items\":" + String(repeating: "[", count: 1_000_000)
        #expect(throws: ImportError.self) { try read(deep) }
    }

    @Test("whatever is changed in an export, reading it ends", arguments: [1, 2, 3])
    func damage(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let whole = Array(freshRSS.utf8)
        for _ in 0..<300 {
            var bytes = whole
            for _ in 0..<4 {
                bytes[Int(random.next() % UInt64(bytes.count))] = UInt8(truncatingIfNeeded: random.next())
            }
            if let state = try? StateImport.read(bytes) { #expect(state.entries <= 3) }
        }
    }
}
