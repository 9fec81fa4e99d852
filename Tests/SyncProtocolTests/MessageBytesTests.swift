import Foundation
import SyncCore
import SyncProtocol
import SyncTestKit
import Testing

/// Messages of every type, drawn at random, as the Codable types and Foundation's encoder of version 1.0 wrote them.
private enum OldMessages {
    static func lines() throws -> [(kind: String, bytes: Data)] {
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/messages.txt")
        return try Data(contentsOf: file).split(separator: 10).compactMap { line in
            guard let blank = line.firstIndex(of: 32) else { return nil }
            return (String(decoding: line[..<blank], as: UTF8.self), Data(line[(blank + 1)...]))
        }
    }

    /// Reads and writes a message once.
    static func again(_ kind: String, _ bytes: Data) throws -> Data {
        func again<Message: WireMessage>(_ type: Message.Type) throws -> Data {
            try WireCodec.encode(try WireCodec.decode(type, from: bytes))
        }
        switch kind {
        case "syncRequest": return try again(SyncRequest.self)
        case "syncResponse": return try again(SyncResponse.self)
        case "snapshotResponse": return try again(SnapshotResponse.self)
        case "restoreRequest": return try again(RestoreRequest.self)
        case "restoreResponse": return try again(RestoreResponse.self)
        case "commonRequest": return try again(CommonRequest.self)
        case "commonResponse": return try again(CommonResponse.self)
        case "hello": return try again(HelloResponse.self)
        case "problem": return try again(Problem.self)
        case "line": return try again(WireCatalogEntry.self)
        case "tileHeader": return try again(TileHeader.self)
        default: return try again(JSONValue.self)
        }
    }
}

@Suite("The bytes of messages")
struct MessageBytesTests {
    @Test("are those that earlier versions wrote: digests stand on them")
    func unchanged() throws {
        let lines = try OldMessages.lines()
        #expect(Set(lines.map(\.kind)).count == 12)
        for (kind, bytes) in lines {
            let again = try OldMessages.again(kind, bytes)
            #expect(again == bytes, "\(kind): \(String(decoding: bytes, as: UTF8.self))")
        }
    }

    @Test(
        "that are damaged never stop the process, and what is read of them can be written",
        arguments: 1...4 as ClosedRange<UInt64>)
    func damaged(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        var (read, refused) = (0, 0)
        for (kind, bytes) in try OldMessages.lines() {
            for _ in 0..<20 {
                var damaged = [UInt8](bytes)
                let at = Int.random(in: 0..<damaged.count, using: &random)
                switch Int.random(in: 0..<4, using: &random) {
                case 0: damaged[at] ^= 1 << UInt8.random(in: 0..<7, using: &random)
                case 1: damaged.remove(at: at)
                case 2: damaged.insert(contentsOf: Array("[9,{}]".utf8).shuffled(using: &random), at: at)
                default: damaged.removeSubrange(at...)
                }
                do {
                    let once = try OldMessages.again(kind, Data(damaged))
                    #expect(try OldMessages.again(kind, once) == once)
                    read += 1
                } catch {
                    #expect(error is WireError)
                    refused += 1
                }
            }
        }
        #expect(read > 100 && refused > 100)
    }

    @Test("have the members of later versions between the others, in the order of their bytes")
    func extraMembers() throws {
        let change =
            #"{"A":1,"article":[1,2],"by":"bulk","field":"read","mood":{"b":1,"é":2},"number":1,"seen":0,"stamp":[0,0],"value":true,"zeal":null,"é":[]}"#
        let read = try WireCodec.decode(WireChange.self, from: Data(change.utf8))
        #expect(Set(read.extra.keys) == ["A", "mood", "zeal", "é"])
        #expect(String(decoding: try WireCodec.encode(read), as: UTF8.self) == change)
    }

    @Test("do not let a change's unknown member stand for the place that a server gave it")
    func namedMember() throws {
        let pushed = #"{"article":[1,2],"field":"saved","number":1,"seen":0,"sequence":"x","stamp":[0,0],"value":true}"#
        let change = try WireCodec.decode(WireChange.self, from: Data(pushed.utf8))
        let entry = WireEntry.full(
            sequence: 7, received: WallTime(milliseconds: 1), author: ReplicaID(rawValue: 1), change)
        guard
            case .full(let sequence, _, _, _) = try WireCodec.decode(WireEntry.self, from: try WireCodec.encode(entry))
        else {
            Issue.record("no entry")
            return
        }
        #expect(sequence == 7)
    }

    @Test(
        "that are not the protocol's are refused where they are wrong",
        arguments: [
            (#"{"cursors":[{"epoch":"0000000000000001","prefix":"00","sequence":1}]}"#, "cursors[0].prefix"),
            (#"{"cursors":[{"epoch":"0000000000000001","sequence":-1}]}"#, "cursors[0].sequence"),
            (#"{"cursors":[{"epoch":1}]}"#, "cursors[0].epoch"), (#"{"cursors":[{}, 1]}"#, "cursors[0]"),
            (#"{"cursors":null}"#, "cursors"), (#"{"cursors":{}}"#, "cursors"), ("[]", ""), ("{}", ""),
        ])
    func places(text: String, path: String) {
        let error = #expect(throws: WireError.self) { try WireCodec.decode(CommonRequest.self, from: Data(text.utf8)) }
        #expect(error?.path == path, "\(error?.description ?? "")")
    }

    @Test("say of an element that cannot be read where it stands in the whole message")
    func lenientPlace() throws {
        let text =
            #"{"cursor":{"epoch":"0000000000000001","prefix":"00000000000000000000000000000000","sequence":0},"entries":[{"sequence":"x"}],"heads":[],"refused":[],"remaining":0,"tails":[],"time":0}"#
        let read = try WireCodec.decode(SyncResponse.self, from: Data(text.utf8))
        #expect(read.entries.failures.map(\.path) == ["entries[0].sequence"])
    }
}
