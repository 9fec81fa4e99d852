/* Downloads the addresses of a list with libcurl, several at once over kept connections. */
#ifndef FETCH_H
#define FETCH_H
#include "limit.h"
#include <curl/curl.h>

struct address_list {
    char **addresses;
    size_t count;
};

static inline struct address_list read_list(const char *path) {
    struct address_list list = {0};
    FILE *file = fopen(path, "r");
    char line[4096];
    if (!file) fail(path, "cannot be read");
    while (fgets(line, sizeof line, file)) {
        line[strcspn(line, "\n")] = 0;
        list.addresses = realloc(list.addresses, (list.count + 1) * sizeof *list.addresses);
        list.addresses[list.count++] = strdup(line);
    }
    fclose(file);
    return list;
}

/* What is done with a body: `begin` gives its context, `take` a piece, `end` ends it. */
struct body_reader {
    void *(*begin)(void);
    size_t (*take)(char *bytes, size_t size, size_t count, void *context);
    void (*end)(void *context);
};

static inline void begin_one(CURLM *multi, const char *address, struct curl_slist *headers, struct body_reader reader) {
    CURL *easy = curl_easy_init();
    void *context = reader.begin();
    curl_easy_setopt(easy, CURLOPT_URL, address);
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "gzip");
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, reader.take);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, context);
    curl_easy_setopt(easy, CURLOPT_PRIVATE, context);
    curl_multi_add_handle(multi, easy);
}

static inline void fetch_all(struct address_list list, struct curl_slist *headers, size_t at_once, struct body_reader reader) {
    CURLM *multi = curl_multi_init();
    curl_multi_setopt(multi, CURLMOPT_MAXCONNECTS, (long)at_once);
    size_t next = 0, running = 0;
    while (next < list.count || running > 0) {
        while (running < at_once && next < list.count) {
            begin_one(multi, list.addresses[next++], headers, reader);
            running++;
        }
        int active, left;
        curl_multi_perform(multi, &active);
        CURLMsg *message;
        while ((message = curl_multi_info_read(multi, &left))) {
            if (message->msg != CURLMSG_DONE) continue;
            CURL *easy = message->easy_handle;
            long status = 0;
            void *context = NULL;
            curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
            curl_easy_getinfo(easy, CURLINFO_PRIVATE, (char **)&context);
            if (message->data.result != CURLE_OK) fail("download", curl_easy_strerror(message->data.result));
            if (status != 200) fail("download", "not 200");
            reader.end(context);
            curl_multi_remove_handle(multi, easy);
            curl_easy_cleanup(easy);
            running--;
        }
        if (running > 0 && (running == at_once || next == list.count)) curl_multi_poll(multi, NULL, 0, 1000, NULL);
    }
    curl_multi_cleanup(multi);
}
#endif
