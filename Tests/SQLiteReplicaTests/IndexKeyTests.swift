import GRDB
@testable import SQLiteReplica
import SyncCore
import Testing

@Suite struct IndexKeyTests: OnOneDevice {
    let device: OneDevice

    init() throws {
        device = try OneDevice()
        var reply = ExchangeReply(time: at(0), entries: [], cursor: .origin)
        reply.library = try library()
        _ = try replica.apply(reply, at: at(0))
    }

    private func insert(_ number: UInt64, published milliseconds: Int64?) throws {
        var article = try article(number)
        article.published = milliseconds.map { WallTime(milliseconds: $0) }
        article.updated = nil
        _ = try replica.apply(try page([.article(article)], from: number), resets: false)
    }

    private func keys() throws -> [Int64] {
        try DatabaseQueue(path: folder.file()).read { db in
            try Int64.fetchAll(db, sql: "SELECT index_key FROM article ORDER BY row")
        }
    }

    @Test("articles of later days have larger keys, and those of one day follow each other in the order of arrival")
    func order() throws {
        let days: [Int64] = [3, 1, 3, 2, 1]
        for (number, day) in days.enumerated() {
            try insert(UInt64(number + 1), published: day * 86_400_000 + Int64(number))
        }
        let counts: [Int64] = [0, 0, 1, 0, 1]
        #expect(try keys() == zip(days, counts).map { $0 * IndexKey.perDay + $1 })
    }

    @Test(
        "no date is too odd for a key",
        arguments: [-1, -86_400_000, -86_400_001, Int64.min, Int64.max, 253_402_300_800_000])
    func oddDates(milliseconds: Int64) throws {
        try insert(1, published: milliseconds)
        try insert(2, published: milliseconds)
        let found = try keys()
        #expect(found[1] == found[0] + 1)
        #expect((found[0] < 0) == (milliseconds < 0))
    }

    @Test("once a day is full, an article counts as the newest")
    func fullDay() throws {
        try insert(1, published: 0)
        try insert(2, published: 86_400_000)
        try DatabaseQueue(path: folder.file()).write { db in
            try db.execute(
                sql: "UPDATE article SET index_key = ? WHERE index_key = 0", arguments: [IndexKey.perDay - 1])
        }
        try insert(3, published: 60_000)
        #expect(try keys() == [IndexKey.perDay - 1, IndexKey.perDay, IndexKey.perDay + 1])
    }
}
