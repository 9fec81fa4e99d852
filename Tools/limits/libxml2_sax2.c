/* The limit of parsing a feed: libxml2's SAX2 parser alone over the same bytes, handed over in the same windows, with
 * callbacks that do nothing. Prints the best round of at least three and one second, like FeedBench.
 *   libxml2_sax2 FILE... */
#include <libxml/parser.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { WINDOW = 64 << 10 };

static unsigned long events;

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

static void text(void *context, const xmlChar *bytes, int length) {
    (void)context, (void)bytes, (void)length;
    events++;
}

struct file {
    char *bytes;
    size_t length;
};

static struct file load(const char *path) {
    struct file file = {0};
    FILE *stream = fopen(path, "rb");
    if (!stream || fseek(stream, 0, SEEK_END) != 0) exit(66);
    file.length = (size_t)ftell(stream);
    rewind(stream);
    file.bytes = malloc(file.length + 1);
    if (!file.bytes || fread(file.bytes, 1, file.length, stream) != file.length) exit(66);
    fclose(stream);
    return file;
}

static void parse(struct file file) {
    xmlSAXHandler handlers;
    memset(&handlers, 0, sizeof handlers);
    handlers.initialized = XML_SAX2_MAGIC;
    handlers.startElementNs = start;
    handlers.endElementNs = end;
    handlers.characters = text;
    handlers.cdataBlock = text;
    xmlParserCtxtPtr context = xmlCreatePushParserCtxt(&handlers, NULL, NULL, 0, NULL);
    xmlCtxtUseOptions(context, XML_PARSE_NONET | XML_PARSE_RECOVER | XML_PARSE_IGNORE_ENC);
    for (size_t at = 0; at < file.length; at += WINDOW) {
        size_t count = file.length - at < WINDOW ? file.length - at : WINDOW;
        xmlParseChunk(context, file.bytes + at, (int)count, 0);
    }
    xmlParseChunk(context, NULL, 0, 1);
    xmlFreeParserCtxt(context);
}

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

int main(int count, char **paths) {
    if (count < 2) {
        fprintf(stderr, "usage: libxml2_sax2 FILE...\n");
        return 64;
    }
    struct file *files = calloc((size_t)count, sizeof *files);
    size_t bytes = 0;
    if (!files) return 71;
    for (int index = 1; index < count; index++) {
        files[index] = load(paths[index]);
        bytes += files[index].length;
    }
    xmlInitParser();
    double best = 1e9, begin = now();
    for (int round = 0; round < 3 || now() - begin < 1; round++) {
        double from = now();
        for (int index = 1; index < count; index++) parse(files[index]);
        double took = now() - from;
        if (took < best) best = took;
    }
    if (events == 0) return 65;
    printf("bytes_per_second %.0f\n", (double)bytes / best);
    return 0;
}
