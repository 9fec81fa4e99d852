/* The limit of reading feeds: downloads them, 16 at once, and hands each piece to libxml2's SAX2 parser as it comes, with
 * callbacks that do nothing. A whole process: fetch_feeds ADDRESSES. Prints "bytes N" and "events N". */
#include "fetch.h"
#include <libxml/parser.h>

static unsigned long events, bytes;
static xmlSAXHandler handlers;

static void start(void *context, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri, int namespaces,
                  const xmlChar **declared, int attributes, int defaulted, const xmlChar **values) {
    (void)context, (void)name, (void)prefix, (void)uri, (void)namespaces, (void)declared, (void)attributes;
    (void)defaulted, (void)values;
    events++;
}

static void end(void *context, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri) {
    (void)context, (void)name, (void)prefix, (void)uri;
    events++;
}

static void text(void *context, const xmlChar *piece, int length) {
    (void)context, (void)piece, (void)length;
    events++;
}

static void *begin_feed(void) {
    xmlParserCtxtPtr parser = xmlCreatePushParserCtxt(&handlers, NULL, NULL, 0, NULL);
    xmlCtxtUseOptions(parser, XML_PARSE_NONET | XML_PARSE_RECOVER | XML_PARSE_IGNORE_ENC);
    return parser;
}

static size_t parse(char *piece, size_t size, size_t count, void *context) {
    bytes += size * count;
    xmlParseChunk(context, piece, (int)(size * count), 0);
    return size * count;
}

static void end_feed(void *context) {
    xmlParseChunk(context, NULL, 0, 1);
    xmlFreeParserCtxt(context);
}

int main(int count, char **words) {
    if (count != 2) {
        fprintf(stderr, "usage: fetch_feeds ADDRESSES\n");
        return 64;
    }
    curl_global_init(CURL_GLOBAL_DEFAULT);
    xmlInitParser();
    handlers = (xmlSAXHandler){.initialized = XML_SAX2_MAGIC, .startElementNs = start, .endElementNs = end,
                               .characters = text, .cdataBlock = text};
    fetch_all(read_list(words[1]), NULL, 16, (struct body_reader){begin_feed, parse, end_feed});
    printf("bytes %lu\nevents %lu\n", bytes, events);
    return 0;
}
