#define _GNU_SOURCE
#include "CXMLShim.h"

#include <dlfcn.h>
#include <libxml/parser.h>
#include <libxml/xmlerror.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EACH_FUNCTION(X) \
    X(xmlInitParser) X(xmlCreatePushParserCtxt) X(xmlFreeParserCtxt) X(xmlCtxtUseOptions) X(xmlParseChunk) X(xmlStopParser)

// Written once under `once`, only read after; pthread_once orders the two.
#define DECLARE(name) static __typeof__(&name) p_##name;
EACH_FUNCTION(DECLARE)

static pthread_once_t once = PTHREAD_ONCE_INIT;
static char failure[256];

static bool find(void *library, const char *name, void *slot) {
    void *symbol = dlsym(library, name);
    if (symbol == NULL) {
        snprintf(failure, sizeof failure, "libxml2.so.2 lacks %s; install libxml2 2.9.14 or a later one of its kind", name);
        return false;
    }
    // ISO C has no cast from an object pointer to a function pointer; POSIX has them alike in memory.
    memcpy(slot, &symbol, sizeof symbol);
    return true;
}

static void load(void) {
    void *library = dlopen("libxml2.so.2", RTLD_NOW | RTLD_LOCAL);
    if (library == NULL) {
        snprintf(failure, sizeof failure, "cannot load libxml2.so.2, which reading feeds needs; install libxml2");
        return;
    }
#define FIND(name) if (!find(library, #name, &p_##name)) return;
    EACH_FUNCTION(FIND)
    // Must be done before two threads parse at once.
    p_xmlInitParser();
}

const char *cxml_load(void) {
    pthread_once(&once, load);
    return failure[0] == 0 ? NULL : failure;
}

struct cxml_parser {
    const struct cxml_events *events;
    void *owner;
    xmlParserCtxtPtr context;
};

static void start(void *own, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri, int namespace_count,
                  const xmlChar **namespaces, int attribute_count, int defaulted, const xmlChar **attributes) {
    (void)defaulted;
    struct cxml_parser *parser = own;
    parser->events->start(parser->owner, name, prefix, uri, namespace_count, namespaces, attribute_count, attributes);
}

static void end(void *own, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri) {
    (void)name, (void)prefix, (void)uri;
    struct cxml_parser *parser = own;
    parser->events->end(parser->owner);
}

static void characters(void *own, const xmlChar *text, int length) {
    struct cxml_parser *parser = own;
    parser->events->characters(parser->owner, text, length);
}

// libxml2 2.12 made the error const.
#if LIBXML_VERSION >= 21200
typedef const xmlError *error_pointer;
#else
typedef xmlErrorPtr error_pointer;
#endif

static void failed(void *own, error_pointer error) {
    struct cxml_parser *parser = own;
    if (error == NULL || error->level != XML_ERR_FATAL) return;
    bool gave_up = error->code == XML_ERR_INTERNAL_ERROR || error->code == XML_ERR_NO_MEMORY;
    const char *message = error->message != NULL ? error->message : "malformed";
    parser->events->failed(parser->owner, error->line, gave_up ? NULL : message);
}

struct cxml_parser *cxml_make(const struct cxml_events *events, void *owner) {
    struct cxml_parser *parser = calloc(1, sizeof *parser);
    if (parser == NULL) return NULL;
    parser->events = events;
    parser->owner = owner;
    xmlSAXHandler handlers = {
        .initialized = XML_SAX2_MAGIC, .startElementNs = start, .endElementNs = end, .characters = characters,
        .ignorableWhitespace = characters, .cdataBlock = characters, .serror = failed,
    };
    parser->context = p_xmlCreatePushParserCtxt(&handlers, parser, NULL, 0, NULL);
    if (parser->context == NULL) {
        free(parser);
        return NULL;
    }
    // HUGE lifts libxml2's own bounds, at 10 MB of which it gives the whole document up: ours are narrower, and without a
    // document type there is nothing to expand.
    p_xmlCtxtUseOptions(parser->context, XML_PARSE_NONET | XML_PARSE_RECOVER | XML_PARSE_IGNORE_ENC | XML_PARSE_HUGE);
    return parser;
}

void cxml_push(struct cxml_parser *parser, const char *bytes, int length) {
    p_xmlParseChunk(parser->context, bytes, length, 0);
}

void cxml_finish(struct cxml_parser *parser) { p_xmlParseChunk(parser->context, NULL, 0, 1); }

void cxml_stop(struct cxml_parser *parser) { p_xmlStopParser(parser->context); }

void cxml_forgive(struct cxml_parser *parser) { parser->context->wellFormed = 1; }

void cxml_free(struct cxml_parser *parser) {
    p_xmlFreeParserCtxt(parser->context);
    free(parser);
}
