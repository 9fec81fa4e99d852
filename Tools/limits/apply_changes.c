/* The limit of a push and a pull: what the product wrote into three files while one device pushed its changes and another
 * pulled them, written again into copies of the files as they were before, in transactions of the same size and durability.
 *   apply_changes SERVER_AFTER SERVER AUTHOR_AFTER AUTHOR SECOND_AFTER SECOND BATCH
 * The rows are in memory before the clock starts. Prints "push NS" (the server's log and registers, and the author's own
 * rows: their numbers before they leave, their places afterwards), "pull NS" (the second device's log and articles), and
 * "changes N". */
#include "limit.h"

static sqlite3_int64 number(sqlite3 *db, const char *sql) {
    sqlite3_stmt *statement = prepared(db, sql);
    if (sqlite3_step(statement) != SQLITE_ROW) fail(sql, "no row");
    sqlite3_int64 value = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    return value;
}

static struct rows after(sqlite3 *db, const char *format, sqlite3_int64 sequence) {
    char sql[1024];
    snprintf(sql, sizeof sql, format, (long long)sequence);
    return load(db, sql);
}

static sqlite3_stmt *insert_into(sqlite3 *db, const char *table, int columns) {
    char sql[512];
    int length = snprintf(sql, sizeof sql, "INSERT INTO %s VALUES (?", table);
    for (int i = 1; i < columns; i++) length += snprintf(sql + length, sizeof sql - (size_t)length, ",?");
    snprintf(sql + length, sizeof sql - (size_t)length, ")");
    return prepared(db, sql);
}

/* Runs each statement over the rows of its own, `batch` of each in a transaction, and `each` once in it. */
static double write_rows(sqlite3 *db, size_t batch, int count, struct rows *rows, sqlite3_stmt **statements, const char *each) {
    double from = now();
    for (size_t done = 0; done < rows[0].count; done += batch) {
        run(db, "BEGIN IMMEDIATE");
        for (int s = 0; s < count; s++)
            for (size_t row = done; row < done + batch && row < rows[s].count; row++) {
                bind_row(statements[s], rows[s], row);
                step(statements[s]);
            }
        run(db, each);
        run(db, "COMMIT");
    }
    return now() - from;
}

static double server(sqlite3 *from, sqlite3 *to, size_t batch, size_t *changes) {
    sqlite3_int64 begin = number(to, "SELECT max(sequence) FROM head");
    struct rows rows[2] = {after(from, "SELECT * FROM log WHERE sequence > %lld ORDER BY sequence", begin),
                           after(from, "SELECT * FROM version WHERE sequence > %lld ORDER BY sequence", begin)};
    sqlite3_stmt *statements[2] = {insert_into(to, "log", rows[0].columns), insert_into(to, "version", rows[1].columns)};
    *changes = rows[0].count;
    run(to, "PRAGMA synchronous = FULL");
    run(to, "INSERT OR IGNORE INTO replica_mark VALUES (1, 1, 0)");
    return write_rows(to, batch, 2, rows, statements,
                      "UPDATE head SET sequence = sequence + 1; UPDATE replica_mark SET high_water = high_water + 1");
}

static double author(sqlite3 *from, sqlite3 *to, size_t batch) {
    sqlite3_int64 begin = number(to, "SELECT sequence FROM replica");
    struct rows numbers = after(
        from, "SELECT replica, number, seen, seen_also, place FROM change WHERE sequence > %lld ORDER BY sequence", begin);
    struct rows places = after(from, "SELECT sequence, received, place FROM change WHERE sequence > %lld ORDER BY sequence", begin);
    sqlite3_stmt *number_it = prepared(to, "UPDATE change SET replica = ?, number = ?, seen = ?, seen_also = ? WHERE place = ?");
    sqlite3_stmt *place_it = prepared(to, "UPDATE change SET state = 1, sequence = ?, received = ? WHERE place = ?");
    double seconds = write_rows(to, batch, 1, &numbers, &number_it, "UPDATE replica SET next_number = next_number + 1");
    return seconds + write_rows(to, batch, 1, &places, &place_it, "UPDATE replica SET sequence = sequence + 1");
}

static double second(sqlite3 *from, sqlite3 *to, size_t batch) {
    sqlite3_int64 begin = number(to, "SELECT sequence FROM replica");
    struct rows rows[3] = {
        after(from, "SELECT * FROM change WHERE sequence > %lld ORDER BY sequence", begin),
        after(from,
              "SELECT is_read, read_at, read_by, id FROM change JOIN article ON article.id = substr(change.entity, 2) "
              "WHERE sequence > %lld AND field = 'read' ORDER BY sequence", begin),
        after(from,
              "SELECT is_saved, saved_at, id FROM change JOIN article ON article.id = substr(change.entity, 2) "
              "WHERE sequence > %lld AND field = 'saved' ORDER BY sequence", begin)};
    if (rows[1].count + rows[2].count != rows[0].count) fail("changes", "other than read and saved, or of unknown articles");
    sqlite3_stmt *statements[3] = {insert_into(to, "change", rows[0].columns),
                                   prepared(to, "UPDATE article SET is_read = ?, read_at = ?, read_by = ? WHERE id = ?"),
                                   prepared(to, "UPDATE article SET is_saved = ?, saved_at = ? WHERE id = ?")};
    return write_rows(to, batch, 3, rows, statements, "UPDATE replica SET sequence = sequence + 1");
}

int main(int count, char **words) {
    if (count != 8 || atoi(words[7]) < 1) {
        fprintf(stderr, "usage: apply_changes SERVER_AFTER SERVER AUTHOR_AFTER AUTHOR SECOND_AFTER SECOND BATCH\n");
        return 64;
    }
    size_t batch = (size_t)atoi(words[7]), changes = 0;
    double push = server(opened(words[1], SQLITE_OPEN_READONLY), opened(words[2], SQLITE_OPEN_READWRITE), batch, &changes);
    push += author(opened(words[3], SQLITE_OPEN_READONLY), replica(words[4], "FULL"), batch);
    double pull = second(opened(words[5], SQLITE_OPEN_READONLY), replica(words[6], "FULL"), batch);
    printf("push %.0f\npull %.0f\nchanges %zu\n", push * 1e9, pull * 1e9, changes);
    return 0;
}
