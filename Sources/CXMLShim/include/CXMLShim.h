#pragma once

// libxml2's SAX2 push parser without linking it: the library is opened on first use, so that a command which reads no
// feed does not pay for loading it, and the ICU that Debian's is linked with.

#include <stdbool.h>
#include <stdint.h>

// What the parser tells. Texts are valid during the call only; but that a namespace's prefix or URI is the same is told by
// its address, as long as the parser lives.
struct cxml_events {
    // `namespaces` are pairs of prefix and URI, `attributes` five pointers each: name, prefix, URI, start and end of the
    // value. What is absent is NULL.
    void (*start)(void *owner, const uint8_t *name, const uint8_t *prefix, const uint8_t *uri, int namespace_count,
                  const uint8_t **namespaces, int attribute_count, const uint8_t **attributes);
    void (*end)(void *owner);
    void (*characters)(void *owner, const uint8_t *text, int length);
    // A fatal error; `message` is NULL if the parser gave up without a fault of the text.
    void (*failed)(void *owner, int line, const char *message);
};

struct cxml_parser;

// Opens libxml2.so.2; once per process, from any thread. Returns NULL when it is ready, else a sentence that says what is
// missing. Nothing else here may be called before it returned NULL.
const char *cxml_load(void);

// A parser that recovers where it can, reads no network and no DTD. NULL without memory. `events` must outlive it.
struct cxml_parser *cxml_make(const struct cxml_events *events, void *owner);
void cxml_push(struct cxml_parser *parser, const char *bytes, int length);
// The parser holds back what could go on; this makes it finish.
void cxml_finish(struct cxml_parser *parser);
// Ends the parse; allowed from within an event.
void cxml_stop(struct cxml_parser *parser);
// Behind an error libxml2 drops every predefined reference although it was told to recover; this makes it go on as before.
void cxml_forgive(struct cxml_parser *parser);
void cxml_free(struct cxml_parser *parser);
