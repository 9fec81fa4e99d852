/* The limit of marking everything read: the same rows in the log and the same columns of the articles, in one durable
 * transaction, by prepared statements.
 *   mark_read REPLICA.sqlite
 * The file is a copy of a replica and is changed. Prints "marked N". */
#include "limit.h"

int main(int count, char **words) {
    if (count != 2) {
        fprintf(stderr, "usage: mark_read REPLICA\n");
        return 64;
    }
    sqlite3 *db = replica(words[1], "FULL");
    struct timespec time;
    clock_gettime(CLOCK_REALTIME, &time);
    sqlite3_int64 milliseconds = (sqlite3_int64)time.tv_sec * 1000 + time.tv_nsec / 1000000;
    run(db, "BEGIN IMMEDIATE");
    struct rows ids = load(
        db, "SELECT id FROM article WHERE removed = 0 AND is_read = 0 AND is_promotion = 0 ORDER BY listed DESC, row DESC");
    struct rows own = load(db, "SELECT id, sequence FROM replica");
    sqlite3_stmt *log = prepared(
        db,
        "INSERT INTO change (state, departs, sequence, received, note_base, replica, number, stamp, seen, seen_also, entity, "
        "field, value, text, base, extra) VALUES (0, 1, NULL, NULL, NULL, ?, 0, ?, ?, NULL, ?, 'read', ?, NULL, NULL, NULL)");
    sqlite3_stmt *update = prepared(db, "UPDATE article SET is_read = 1, read_at = ?, read_by = 0 WHERE id = ?");
    for (size_t i = 0; i < ids.count; i++) {
        unsigned char entity[17] = {1};
        memcpy(entity + 1, sqlite3_value_blob(row_at(ids, i)[0]), 16);
        sqlite3_bind_value(log, 1, row_at(own, 0)[0]);
        sqlite3_bind_int64(log, 2, (milliseconds << 16) + (sqlite3_int64)i);
        sqlite3_bind_value(log, 3, row_at(own, 0)[1]);
        sqlite3_bind_blob(log, 4, entity, sizeof entity, SQLITE_STATIC);
        sqlite3_bind_int(log, 5, 1);
        step(log);
        sqlite3_bind_int64(update, 1, milliseconds);
        sqlite3_bind_value(update, 2, row_at(ids, i)[0]);
        step(update);
    }
    run(db, "COMMIT");
    sqlite3_finalize(log);
    sqlite3_finalize(update);
    if (sqlite3_close(db) != SQLITE_OK) fail("close", sqlite3_errmsg(db));
    printf("marked %zu\n", ids.count);
    return 0;
}
