import GRDB
import SQLiteReplica
import Testing

@Suite struct SchemaTests {
    @Test("every table is strict, explains itself, and the file is ours at the schema's version")
    func schema() throws {
        let folder = try Folder()
        try folder.replica().close()
        try DatabaseQueue(path: folder.file()).read { db in
            #expect(try Int.fetchOne(db, sql: "PRAGMA user_version") == 11)
            #expect(try Int.fetchOne(db, sql: "PRAGMA application_id") == 0x5253_7963)
            #expect(try String.fetchOne(db, sql: "PRAGMA journal_mode") == "wal")
            let tables = try Row.fetchAll(
                db,
                sql: """
                    SELECT name, strict FROM pragma_table_list
                    WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite%' AND name <> 'grdb_migrations'
                    ORDER BY name
                    """)
            #expect(tables.count > 20)
            for table in tables { #expect((table[1] as Int) == 1, "\(table[0] as String)") }
        }
    }

    @Test("a file from before the first migration is brought up to date, also when it is only read")
    func migration() throws {
        let folder = try Folder()
        let path = folder.file("old")
        try DatabaseQueue(path: path).writeWithoutTransaction { db in
            try db.execute(sql: "PRAGMA journal_mode = WAL")
            try db.execute(sql: "PRAGMA application_id = 1381202275")
        }
        let replica = try Replica(opening: path, for: .reading)
        #expect(try replica.articles(ArticleFilter(), limit: 1).articles.isEmpty)
    }
}
