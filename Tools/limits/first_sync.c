/* The limit of a first sync: downloads the same pages, then puts the same rows by prepared statements into a new file, a
 * transaction for each 128, without any index but the row ids; then builds the same full-text index over them in one
 * transaction, with as large a hash as helps.
 *   first_sync SOURCE.sqlite TARGET.sqlite ADDRESSES TOKEN ROWS
 * SOURCE is a finished replica: the rows come from it and are in memory before the clock starts. ROWS is how many articles
 * (0: all), the newest. Rows and index are durable as the product's are: WAL, synchronous = NORMAL.
 * Prints "download NS", "insert NS", "index NS", "bytes N", "articles N". */
#include "fetch.h"

static size_t bytes;

static void *begin_body(void) { return NULL; }

static size_t count_bytes(char *piece, size_t size, size_t count, void *context) {
    (void)piece, (void)context;
    bytes += size * count;
    return size * count;
}

static void end_body(void *context) { (void)context; }

static void download(const char *list, const char *token) {
    char header[512];
    snprintf(header, sizeof header, "Authorization: Bearer %s", token);
    struct curl_slist *headers = curl_slist_append(NULL, header);
    /* Two at once: one is read while the server makes the next. */
    fetch_all(read_list(list), headers, 2, (struct body_reader){begin_body, count_bytes, end_body});
}

/* A table with the columns of the source's; the first is the row id where it is one there. */
static void make_table(sqlite3 *source, sqlite3 *target, const char *table, char *insert, size_t size) {
    char sql[8192], query[256];
    snprintf(query, sizeof query, "SELECT name, type, pk FROM pragma_table_info('%s')", table);
    sqlite3_stmt *columns = prepared(source, query);
    int length = snprintf(sql, sizeof sql, "CREATE TABLE %s (", table), first = 1;
    int inserted = snprintf(insert, size, "INSERT INTO %s VALUES (", table);
    while (sqlite3_step(columns) == SQLITE_ROW) {
        int is_row = first && sqlite3_column_int(columns, 2) == 1 && strcmp(table, "article_feed") != 0;
        length += snprintf(sql + length, sizeof sql - (size_t)length, "%s%s%s", first ? "" : ",",
                           (const char *)sqlite3_column_text(columns, 0), is_row ? " INTEGER PRIMARY KEY" : "");
        inserted += snprintf(insert + inserted, size - (size_t)inserted, "%s?", first ? "" : ",");
        first = 0;
    }
    if (first) fail(table, "the replica has no such table");
    sqlite3_finalize(columns);
    snprintf(sql + length, sizeof sql - (size_t)length, ")");
    snprintf(insert + inserted, size - (size_t)inserted, ")");
    run(target, sql);
}

enum { TABLES = 3, BATCH = 128 };

static double insert_all(sqlite3 *source, sqlite3 *target, int newest, size_t *articles) {
    static const char *names[TABLES] = {"article", "article_body", "article_feed"};
    static const char *keys[TABLES] = {"row", "article", "article"};
    struct rows rows[TABLES];
    sqlite3_stmt *inserts[TABLES];
    for (int t = 0; t < TABLES; t++) {
        char sql[8192];
        /* A new device gets the newest first, so the first rows are the newest articles. */
        snprintf(sql, sizeof sql, "SELECT * FROM %s WHERE %s <= %d ORDER BY %s", names[t], keys[t],
                 newest > 0 ? newest : 0x7fffffff, keys[t]);
        rows[t] = load(source, sql);
        make_table(source, target, names[t], sql, sizeof sql);
        inserts[t] = prepared(target, sql);
    }
    *articles = rows[0].count;
    size_t at[TABLES] = {0};
    double from = now();
    for (size_t done = 0; done < rows[0].count; done += BATCH) {
        run(target, "BEGIN IMMEDIATE");
        for (int t = 0; t < TABLES; t++) {
            /* The same share of each table in each transaction. */
            size_t to = done + BATCH >= rows[0].count ? rows[t].count : rows[t].count * (done + BATCH) / rows[0].count;
            for (; at[t] < to; at[t]++) {
                bind_row(inserts[t], rows[t], at[t]);
                step(inserts[t]);
            }
        }
        run(target, "COMMIT");
    }
    return now() - from;
}

static double build_index(sqlite3 *source, sqlite3 *target) {
    struct rows definitions = load(
        source, "SELECT sql FROM sqlite_schema WHERE name IN ('article_text', 'article_index') ORDER BY type DESC");
    if (definitions.count == 0) fail("article_index", "the replica has no such table");
    for (size_t i = 0; i < definitions.count; i++) run(target, (const char *)sqlite3_value_text(row_at(definitions, i)[0]));
    double from = now();
    run(target, "INSERT INTO article_index (article_index, rank) VALUES ('hashsize', 67108864)");
    run(target, "BEGIN IMMEDIATE");
    run(target,
        "INSERT INTO article_index (rowid, headline, standfirst, byline, body) "
        "SELECT article.row, article.headline, article.standfirst, article.byline, article_body.text "
        "FROM article JOIN article_body ON article_body.article = article.row ORDER BY article.row");
    run(target, "COMMIT");
    return now() - from;
}

int main(int count, char **words) {
    if (count != 6) {
        fprintf(stderr, "usage: first_sync SOURCE TARGET ADDRESSES TOKEN ROWS\n");
        return 64;
    }
    int newest = atoi(words[5]);
    size_t articles = 0;
    remove(words[2]);
    sqlite3 *source = opened(words[1], SQLITE_OPEN_READONLY);
    sqlite3 *target = replica(words[2], "NORMAL");
    double from = now();
    curl_global_init(CURL_GLOBAL_DEFAULT);
    download(words[3], words[4]);
    printf("download %.0f\n", (now() - from) * 1e9);
    printf("insert %.0f\n", insert_all(source, target, newest, &articles) * 1e9);
    printf("index %.0f\n", newest > 0 ? 0 : build_index(source, target) * 1e9);
    printf("bytes %zu\narticles %zu\n", bytes, articles);
    return 0;
}
