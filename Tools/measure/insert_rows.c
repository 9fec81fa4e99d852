/* The limit a first sync is held against: the same rows, read into memory first, then put by prepared statements into a
 * new file: WAL, synchronous=NORMAL, one transaction for each 128 rows, no index beyond the row ids.
 *   insert_rows SOURCE.sqlite TARGET.sqlite TABLE...
 * Prints the seconds that the inserts took and how many rows there were. */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static void check(sqlite3 *db, int code, const char *what) {
    if (code != SQLITE_OK && code != SQLITE_ROW && code != SQLITE_DONE) {
        fprintf(stderr, "%s: %s\n", what, sqlite3_errmsg(db));
        exit(1);
    }
}

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec + t.tv_nsec / 1e9;
}

struct rows {
    int columns;
    size_t count, capacity;
    sqlite3_value **values;
};

static struct rows load(sqlite3 *db, const char *table) {
    struct rows rows = {0};
    char sql[256];
    snprintf(sql, sizeof sql, "SELECT * FROM \"%s\"", table);
    sqlite3_stmt *statement;
    check(db, sqlite3_prepare_v2(db, sql, -1, &statement, NULL), sql);
    rows.columns = sqlite3_column_count(statement);
    while (sqlite3_step(statement) == SQLITE_ROW) {
        if (rows.count == rows.capacity) {
            rows.capacity = rows.capacity ? rows.capacity * 2 : 1024;
            rows.values = realloc(rows.values, rows.capacity * rows.columns * sizeof *rows.values);
        }
        for (int i = 0; i < rows.columns; i++)
            rows.values[rows.count * rows.columns + i] = sqlite3_value_dup(sqlite3_column_value(statement, i));
        rows.count++;
    }
    sqlite3_finalize(statement);
    return rows;
}

int main(int count, char **arguments) {
    if (count < 4) {
        fprintf(stderr, "usage: insert_rows SOURCE TARGET TABLE...\n");
        return 2;
    }
    sqlite3 *source, *target;
    check(NULL, sqlite3_open_v2(arguments[1], &source, SQLITE_OPEN_READONLY, NULL), "open source");
    remove(arguments[2]);
    check(NULL, sqlite3_open(arguments[2], &target), "open target");
    check(target, sqlite3_exec(target, "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL", 0, 0, 0), "pragma");
    double seconds = 0;
    size_t total = 0;
    for (int t = 3; t < count; t++) {
        struct rows rows = load(source, arguments[t]);
        char sql[8192];
        int length = snprintf(sql, sizeof sql, "CREATE TABLE \"%s\"(", arguments[t]);
        for (int i = 0; i < rows.columns; i++)
            length += snprintf(sql + length, sizeof sql - length, "%sc%d", i ? "," : "", i);
        snprintf(sql + length, sizeof sql - length, ")");
        check(target, sqlite3_exec(target, sql, 0, 0, 0), sql);
        length = snprintf(sql, sizeof sql, "INSERT INTO \"%s\" VALUES(", arguments[t]);
        for (int i = 0; i < rows.columns; i++) length += snprintf(sql + length, sizeof sql - length, "%s?", i ? "," : "");
        snprintf(sql + length, sizeof sql - length, ")");
        sqlite3_stmt *insert;
        check(target, sqlite3_prepare_v2(target, sql, -1, &insert, NULL), sql);
        double start = now();
        for (size_t row = 0; row < rows.count; row++) {
            if (row % 128 == 0) check(target, sqlite3_exec(target, "BEGIN", 0, 0, 0), "begin");
            for (int i = 0; i < rows.columns; i++) sqlite3_bind_value(insert, i + 1, rows.values[row * rows.columns + i]);
            check(target, sqlite3_step(insert), "insert");
            sqlite3_reset(insert);
            if (row % 128 == 127 || row + 1 == rows.count) check(target, sqlite3_exec(target, "COMMIT", 0, 0, 0), "commit");
        }
        seconds += now() - start;
        total += rows.count;
        sqlite3_finalize(insert);
    }
    printf("%.3f %zu\n", seconds, total);
    return 0;
}
