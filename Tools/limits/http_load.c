/* Asks a server the same things again and again over kept connections, one thread each.
 *   http_load PORT CONNECTIONS SECONDS REQUEST...
 * REQUEST is a file with a request's bytes, head and body; several are sent in turn. Every answer must be 200 and have a Content-Length. Prints
 * "answers N", "per_second N" and "bytes N" (of the last body). */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

struct request {
    char *bytes;
    size_t size;
};

static struct request *requests;
static int request_count;
static int port;
static double until;

struct asker {
    pthread_t thread;
    int next; /* index of the request to send next: connections begin at different ones */
    unsigned long answers;
    long bytes;
};

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static void fail(const char *what) {
    fprintf(stderr, "http_load: %s\n", what);
    exit(1);
}

/* Reads one answer; returns the size of its body. */
static long answer(int socket) {
    static _Thread_local char buffer[4 << 20];
    size_t size = 0;
    char *end = NULL;
    while (!end) {
        ssize_t count = recv(socket, buffer + size, sizeof buffer - 1 - size, 0);
        if (count <= 0) fail("the connection ended");
        size += (size_t)count;
        buffer[size] = 0;
        end = strstr(buffer, "\r\n\r\n");
    }
    if (strncmp(buffer, "HTTP/1.1 200", 12) != 0) fail("an answer is not 200");
    char *length = strcasestr(buffer, "\r\ncontent-length:");
    if (!length || length > end) fail("an answer has no Content-Length");
    long body = atol(length + 17), left = body - (long)(size - (size_t)(end + 4 - buffer));
    while (left > 0) {
        ssize_t count = recv(socket, buffer, sizeof buffer < (size_t)left ? sizeof buffer : (size_t)left, 0);
        if (count <= 0) fail("the connection ended in an answer");
        left -= count;
    }
    return body;
}

static void *ask(void *context) {
    struct asker *asker = context;
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((unsigned short)port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int descriptor = socket(AF_INET, SOCK_STREAM, 0), yes = 1;
    setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    if (connect(descriptor, (struct sockaddr *)&address, sizeof address) != 0) fail("cannot connect");
    while (now() < until) {
        struct request *request = &requests[asker->next];
        asker->next = (asker->next + 1) % request_count;
        if (send(descriptor, request->bytes, request->size, MSG_NOSIGNAL) != (ssize_t)request->size) fail("cannot send");
        asker->bytes = answer(descriptor);
        asker->answers++;
    }
    close(descriptor);
    return NULL;
}

static struct request read_request(const char *path) {
    static char buffer[1 << 20];
    FILE *file = fopen(path, "rb");
    if (!file) fail("a request cannot be read");
    size_t size = fread(buffer, 1, sizeof buffer, file);
    fclose(file);
    char *bytes = malloc(size);
    if (!bytes) fail("no memory");
    memcpy(bytes, buffer, size);
    return (struct request){bytes, size};
}

int main(int count, char **words) {
    if (count < 5 || atoi(words[2]) < 1) {
        fprintf(stderr, "usage: http_load PORT CONNECTIONS SECONDS REQUEST...\n");
        return 64;
    }
    request_count = count - 4;
    requests = calloc((size_t)request_count, sizeof *requests);
    if (!requests) fail("no memory");
    for (int i = 0; i < request_count; i++) requests[i] = read_request(words[4 + i]);
    port = atoi(words[1]);
    int connections = atoi(words[2]);
    struct asker *askers = calloc((size_t)connections, sizeof *askers);
    if (!askers) fail("no memory");
    double from = now();
    until = from + atof(words[3]);
    for (int i = 0; i < connections; i++) {
        askers[i].next = (int)((long)i * request_count / connections);
        pthread_create(&askers[i].thread, NULL, ask, &askers[i]);
    }
    unsigned long answers = 0;
    for (int i = 0; i < connections; i++) {
        pthread_join(askers[i].thread, NULL);
        answers += askers[i].answers;
    }
    printf("answers %lu\nper_second %.1f\nbytes %ld\n", answers, (double)answers / (now() - from), askers[0].bytes);
    return 0;
}
