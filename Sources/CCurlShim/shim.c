#define _GNU_SOURCE
#include "CCurlShim.h"

#include <dlfcn.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#define EACH_FUNCTION(X) \
    X(curl_global_init) X(curl_free) \
    X(curl_easy_init) X(curl_easy_reset) X(curl_easy_cleanup) X(curl_easy_strerror) \
    X(curl_easy_setopt) X(curl_easy_getinfo) \
    X(curl_slist_append) X(curl_slist_free_all) \
    X(curl_multi_init) X(curl_multi_cleanup) X(curl_multi_setopt) \
    X(curl_multi_add_handle) X(curl_multi_remove_handle) X(curl_multi_perform) \
    X(curl_multi_poll) X(curl_multi_wakeup) X(curl_multi_info_read) \
    X(curl_url) X(curl_url_cleanup) X(curl_url_set) X(curl_url_get)

// Written once under `once`, only read after; pthread_once orders the two.
#define DECLARE(name) static __typeof__(&name) p_##name;
EACH_FUNCTION(DECLARE)

static pthread_once_t once = PTHREAD_ONCE_INIT;
static char failure[256];

static bool find(void *library, const char *name, void *slot) {
    void *symbol = dlsym(library, name);
    if (symbol == NULL) {
        snprintf(failure, sizeof failure,
                 "libcurl.so.4 lacks %s, it is too old; install libcurl4 7.85 or newer", name);
        return false;
    }
    // ISO C has no cast from an object pointer to a function pointer; POSIX has them alike in memory.
    memcpy(slot, &symbol, sizeof symbol);
    return true;
}

static void load(void) {
    void *library = dlopen("libcurl.so.4", RTLD_NOW | RTLD_LOCAL);
    if (library == NULL) {
        snprintf(failure, sizeof failure, "cannot load libcurl.so.4, which all network access needs; install libcurl4");
        return;
    }
#define FIND(name) if (!find(library, #name, &p_##name)) return;
    EACH_FUNCTION(FIND)
    if (p_curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
        snprintf(failure, sizeof failure, "libcurl cannot start; reinstall libcurl4 and its TLS library");
    }
    // Never closed: connections and OpenSSL's exit handlers live as long as the process.
}

const char *ccurl_load(void) {
    pthread_once(&once, load);
    return failure[0] == 0 ? NULL : failure;
}

CURL *ccurl_easy_init(void) { return p_curl_easy_init(); }
void ccurl_easy_reset(CURL *easy) { p_curl_easy_reset(easy); }
void ccurl_easy_cleanup(CURL *easy) { p_curl_easy_cleanup(easy); }
const char *ccurl_easy_strerror(CURLcode code) { return p_curl_easy_strerror(code); }

CURLcode ccurl_easy_set_long(CURL *easy, CURLoption option, long value) {
    return p_curl_easy_setopt(easy, option, value);
}
CURLcode ccurl_easy_set_off(CURL *easy, CURLoption option, curl_off_t value) {
    return p_curl_easy_setopt(easy, option, value);
}
CURLcode ccurl_easy_set_string(CURL *easy, CURLoption option, const char *value) {
    return p_curl_easy_setopt(easy, option, value);
}
CURLcode ccurl_easy_set_pointer(CURL *easy, CURLoption option, void *value) {
    return p_curl_easy_setopt(easy, option, value);
}
CURLcode ccurl_easy_set_data_callback(CURL *easy, CURLoption option, curl_write_callback value) {
    return p_curl_easy_setopt(easy, option, value);
}
CURLcode ccurl_easy_set_open_socket(CURL *easy, curl_opensocket_callback value) {
    return p_curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, value);
}

long ccurl_easy_get_long(CURL *easy, CURLINFO info) {
    long value = 0;
    return p_curl_easy_getinfo(easy, info, &value) == CURLE_OK ? value : 0;
}
curl_off_t ccurl_easy_get_off(CURL *easy, CURLINFO info) {
    curl_off_t value = 0;
    return p_curl_easy_getinfo(easy, info, &value) == CURLE_OK ? value : 0;
}
const char *ccurl_easy_get_string(CURL *easy, CURLINFO info) {
    const char *value = NULL;
    return p_curl_easy_getinfo(easy, info, &value) == CURLE_OK ? value : NULL;
}

struct curl_slist *ccurl_slist_append(struct curl_slist *list, const char *text) {
    return p_curl_slist_append(list, text);
}
void ccurl_slist_free_all(struct curl_slist *list) { p_curl_slist_free_all(list); }

CURLM *ccurl_multi_init(void) { return p_curl_multi_init(); }
CURLMcode ccurl_multi_cleanup(CURLM *multi) { return p_curl_multi_cleanup(multi); }
CURLMcode ccurl_multi_set_long(CURLM *multi, CURLMoption option, long value) {
    return p_curl_multi_setopt(multi, option, value);
}
CURLMcode ccurl_multi_add(CURLM *multi, CURL *easy) { return p_curl_multi_add_handle(multi, easy); }
CURLMcode ccurl_multi_remove(CURLM *multi, CURL *easy) { return p_curl_multi_remove_handle(multi, easy); }
CURLMcode ccurl_multi_perform(CURLM *multi) {
    int running = 0;
    return p_curl_multi_perform(multi, &running);
}
CURLMcode ccurl_multi_poll(CURLM *multi, int timeout_milliseconds) {
    return p_curl_multi_poll(multi, NULL, 0, timeout_milliseconds, NULL);
}
CURLMcode ccurl_multi_wakeup(CURLM *multi) { return p_curl_multi_wakeup(multi); }

CURL *ccurl_multi_next_done(CURLM *multi, CURLcode *result) {
    int left = 0;
    CURLMsg *message;
    while ((message = p_curl_multi_info_read(multi, &left)) != NULL) {
        if (message->msg == CURLMSG_DONE) {
            *result = message->data.result;
            return message->easy_handle;
        }
    }
    return NULL;
}

CURLU *ccurl_url(void) { return p_curl_url(); }
void ccurl_url_cleanup(CURLU *url) { p_curl_url_cleanup(url); }
CURLUcode ccurl_url_set(CURLU *url, CURLUPart part, const char *text, unsigned int flags) {
    return p_curl_url_set(url, part, text, flags);
}
char *ccurl_url_get(CURLU *url, CURLUPart part, unsigned int flags) {
    char *text = NULL;
    return p_curl_url_get(url, part, &text, flags) == CURLUE_OK ? text : NULL;
}
void ccurl_free(void *memory) { p_curl_free(memory); }

curl_socket_t ccurl_open_socket(const struct curl_sockaddr *address) {
    return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

size_t ccurl_address_bytes(const struct curl_sockaddr *address, uint8_t out[16]) {
    if (address->family == AF_INET && address->addrlen >= sizeof(struct sockaddr_in)) {
        memcpy(out, &((const struct sockaddr_in *)&address->addr)->sin_addr, 4);
        return 4;
    }
    if (address->family == AF_INET6 && address->addrlen >= sizeof(struct sockaddr_in6)) {
        memcpy(out, &((const struct sockaddr_in6 *)&address->addr)->sin6_addr, 16);
        return 16;
    }
    return 0;
}
