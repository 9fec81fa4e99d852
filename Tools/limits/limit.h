/* What the limit programs share: the clock, failing loudly, a file opened with the product's settings, rows in memory. */
#ifndef LIMIT_H
#define LIMIT_H
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static inline double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static inline void fail(const char *what, const char *why) {
    fprintf(stderr, "%s: %s\n", what, why);
    exit(1);
}

static inline void check(sqlite3 *db, int code, const char *what) {
    if (code != SQLITE_OK && code != SQLITE_ROW && code != SQLITE_DONE) fail(what, sqlite3_errmsg(db));
}

static inline void run(sqlite3 *db, const char *sql) { check(db, sqlite3_exec(db, sql, NULL, NULL, NULL), sql); }

static inline sqlite3_stmt *prepared(sqlite3 *db, const char *sql) {
    sqlite3_stmt *statement;
    check(db, sqlite3_prepare_v3(db, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL), sql);
    return statement;
}

static inline void step(sqlite3_stmt *statement) {
    check(sqlite3_db_handle(statement), sqlite3_step(statement), sqlite3_sql(statement));
    sqlite3_reset(statement);
}

static inline sqlite3 *opened(const char *path, int flags) {
    sqlite3 *db;
    if (sqlite3_open_v2(path, &db, flags, NULL) != SQLITE_OK) fail(path, sqlite3_errmsg(db));
    return db;
}

/* As Sources/SQLiteReplica/Replica+Open.swift opens a replica. `synchronous` is FULL for what the reader did and NORMAL
 * for what can be fetched anew. */
static inline sqlite3 *replica(const char *path, const char *synchronous) {
    sqlite3 *db = opened(path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
    char sql[256];
    snprintf(sql, sizeof sql,
             "PRAGMA journal_mode = WAL; PRAGMA synchronous = %s; PRAGMA secure_delete = FAST; "
             "PRAGMA cache_size = -16000; PRAGMA wal_autocheckpoint = 4000", synchronous);
    run(db, sql);
    return db;
}

/* The rows of a query, read before the clock starts. */
struct rows {
    int columns;
    size_t count, capacity;
    sqlite3_value **values;
};

static inline struct rows load(sqlite3 *db, const char *sql) {
    struct rows rows = {0};
    sqlite3_stmt *statement = prepared(db, sql);
    int code;
    rows.columns = sqlite3_column_count(statement);
    while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
        if (rows.count == rows.capacity) {
            rows.capacity = rows.capacity ? rows.capacity * 2 : 1024;
            rows.values = realloc(rows.values, rows.capacity * (size_t)rows.columns * sizeof *rows.values);
            if (!rows.values) fail(sql, "out of memory");
        }
        for (int i = 0; i < rows.columns; i++)
            rows.values[rows.count * (size_t)rows.columns + (size_t)i] = sqlite3_value_dup(sqlite3_column_value(statement, i));
        rows.count++;
    }
    check(db, code, sql);
    sqlite3_finalize(statement);
    return rows;
}

static inline sqlite3_value **row_at(struct rows rows, size_t row) { return rows.values + row * (size_t)rows.columns; }

static inline void bind_row(sqlite3_stmt *statement, struct rows rows, size_t row) {
    for (int i = 0; i < rows.columns; i++) sqlite3_bind_value(statement, i + 1, row_at(rows, row)[i]);
}
#endif
