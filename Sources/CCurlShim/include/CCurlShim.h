#pragma once

// libcurl without linking it: the library is opened on first use, so that a command which never touches the
// network does not pay the 5 ms its loading takes. Only types and constants come from <curl/curl.h>; calling
// one of its functions directly fails to link, which is the wanted guard.

#define CURL_DISABLE_TYPECHECK
#include <curl/curl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// Opens libcurl.so.4 and finds every function below; once per process, from any thread. Returns NULL when all
// is ready, else a sentence that says what is missing. Nothing else here may be called before it returned NULL.
const char *ccurl_load(void);

CURL *ccurl_easy_init(void);
void ccurl_easy_reset(CURL *easy);
void ccurl_easy_cleanup(CURL *easy);
const char *ccurl_easy_strerror(CURLcode code);

// curl_easy_setopt is variadic, which Swift cannot call; one plain function for each type of value.
CURLcode ccurl_easy_set_long(CURL *easy, CURLoption option, long value);
CURLcode ccurl_easy_set_off(CURL *easy, CURLoption option, curl_off_t value);
CURLcode ccurl_easy_set_string(CURL *easy, CURLoption option, const char *value);
CURLcode ccurl_easy_set_pointer(CURL *easy, CURLoption option, void *value);
CURLcode ccurl_easy_set_data_callback(CURL *easy, CURLoption option, curl_write_callback value);
CURLcode ccurl_easy_set_open_socket(CURL *easy, curl_opensocket_callback value);

// curl_easy_getinfo, the same way; 0 or NULL when libcurl does not know.
long ccurl_easy_get_long(CURL *easy, CURLINFO info);
curl_off_t ccurl_easy_get_off(CURL *easy, CURLINFO info);
const char *ccurl_easy_get_string(CURL *easy, CURLINFO info);

struct curl_slist *ccurl_slist_append(struct curl_slist *list, const char *text);
void ccurl_slist_free_all(struct curl_slist *list);

CURLM *ccurl_multi_init(void);
CURLMcode ccurl_multi_cleanup(CURLM *multi);
CURLMcode ccurl_multi_set_long(CURLM *multi, CURLMoption option, long value);
CURLMcode ccurl_multi_add(CURLM *multi, CURL *easy);
CURLMcode ccurl_multi_remove(CURLM *multi, CURL *easy);
CURLMcode ccurl_multi_perform(CURLM *multi);
// Sleeps until a socket, a timer of libcurl's own, a wakeup or the timeout.
CURLMcode ccurl_multi_poll(CURLM *multi, int timeout_milliseconds);
// The only function here that may be called while another thread uses the same multi handle.
CURLMcode ccurl_multi_wakeup(CURLM *multi);
// Takes one finished transfer off the queue; NULL when none is left.
CURL *ccurl_multi_next_done(CURLM *multi, CURLcode *result);

CURLU *ccurl_url(void);
void ccurl_url_cleanup(CURLU *url);
CURLUcode ccurl_url_set(CURLU *url, CURLUPart part, const char *text, unsigned int flags);
// The part, to be given back with ccurl_free; NULL when the URL has none.
char *ccurl_url_get(CURLU *url, CURLUPart part, unsigned int flags);
void ccurl_free(void *memory);

// Opens the socket libcurl asks for, closed on exec. -1 on failure.
curl_socket_t ccurl_open_socket(const struct curl_sockaddr *address);
// Writes the address in network order and returns its length: 4, 16, or 0 when it is neither IPv4 nor IPv6.
// (struct curl_sockaddr ends in a sockaddr that is longer than declared, so Swift must not copy it.)
size_t ccurl_address_bytes(const struct curl_sockaddr *address, uint8_t out[16]);

// Content codings (RFC 9110 §8.4.1), decoded here and not by libcurl: that takes a stream which ends early for whole.

// The codings that can be decoded, as Accept-Encoding lists them; which they are depends on the libraries installed.
const char *ccurl_codings(void);

typedef struct ccurl_decoder ccurl_decoder;

// A decoder of `gzip`, `x-gzip`, `deflate`, `br` or `zstd`; NULL for another name, or without memory or library.
ccurl_decoder *ccurl_decoder_make(const char *coding);
void ccurl_decoder_free(ccurl_decoder *decoder);
// Decodes what fits: moves `input` and `length` past what was taken, and makes of the room in `count` what was written.
// There may be more while `length` is above 0 or the room was filled. `false` when the bytes are not of the coding.
bool ccurl_decode(ccurl_decoder *decoder, const uint8_t **input, size_t *length, uint8_t *output, size_t *count);
// Whether the stream has ended where the input did.
bool ccurl_decoder_is_done(const ccurl_decoder *decoder);
