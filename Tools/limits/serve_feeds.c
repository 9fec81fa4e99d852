/* A publisher's server for the measurements of feeds, fast enough not to be what is measured: serve_feeds FOLDER COUNT.
 * Serves FOLDER/N.xml, held in memory, as http://127.1.0.N:PORT/feed.xml for N = 1 ... COUNT: each feed has a host of its
 * own, since clients ask one host for few things at once. All feeds have one ETag, "made-up", so that a single header of
 * curl's asks for all of them; a request that names it gets 304. Prints the port, then serves until it is killed. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

enum { MOST = 250 };
static struct { char *bytes; size_t size; } feeds[MOST + 1];

static void fail(const char *what) {
    perror(what);
    exit(1);
}

static void load(const char *folder, int number) {
    char path[4096];
    snprintf(path, sizeof path, "%s/%d.xml", folder, number);
    FILE *file = fopen(path, "rb");
    if (!file || fseek(file, 0, SEEK_END) != 0) fail(path);
    feeds[number].size = (size_t)ftell(file);
    rewind(file);
    feeds[number].bytes = malloc(feeds[number].size);
    if (fread(feeds[number].bytes, 1, feeds[number].size, file) != feeds[number].size) fail(path);
    fclose(file);
}

static int send_all(int socket, const char *bytes, size_t size) {
    while (size > 0) {
        ssize_t count = send(socket, bytes, size, MSG_NOSIGNAL);
        if (count <= 0) return -1;
        bytes += count;
        size -= (size_t)count;
    }
    return 0;
}

static int respond(int socket, int number, int is_known) {
    char head[512];
    int length = is_known
        ? snprintf(head, sizeof head, "HTTP/1.1 304 Not Modified\r\nETag: \"made-up\"\r\n\r\n")
        : snprintf(head, sizeof head,
                   "HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml; charset=utf-8\r\nETag: \"made-up\"\r\n"
                   "Last-Modified: Tue, 24 Nov 2026 08:00:00 GMT\r\nContent-Length: %zu\r\n\r\n", feeds[number].size);
    if (send_all(socket, head, (size_t)length) != 0) return -1;
    return is_known ? 0 : send_all(socket, feeds[number].bytes, feeds[number].size);
}

struct connection {
    int socket, number;
};

static void *serve(void *context) {
    struct connection connection = *(struct connection *)context;
    char buffer[16384];
    size_t size = 0;
    free(context);
    for (;;) {
        ssize_t count = recv(connection.socket, buffer + size, sizeof buffer - 1 - size, 0);
        if (count <= 0) break;
        size += (size_t)count;
        buffer[size] = 0;
        char *end = strstr(buffer, "\r\n\r\n");
        if (!end) continue;
        int is_known = strcasestr(buffer, "if-none-match: \"made-up\"") != NULL;
        if (respond(connection.socket, connection.number, is_known) != 0) break;
        size = 0;
    }
    close(connection.socket);
    return NULL;
}

static int listen_at(int number, unsigned short *port) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(*port)};
    address.sin_addr.s_addr = htonl(0x7f010000u + (unsigned)number);
    socklen_t size = sizeof address;
    int descriptor = socket(AF_INET, SOCK_STREAM, 0), yes = 1;
    setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (bind(descriptor, (struct sockaddr *)&address, sizeof address) != 0 || listen(descriptor, 64) != 0) fail("listen");
    getsockname(descriptor, (struct sockaddr *)&address, &size);
    *port = ntohs(address.sin_port);
    return descriptor;
}

int main(int count, char **words) {
    int feeds_count = count == 3 ? atoi(words[2]) : 0;
    if (feeds_count < 1 || feeds_count > MOST) {
        fprintf(stderr, "usage: serve_feeds FOLDER COUNT\n");
        return 64;
    }
    struct pollfd sockets[MOST];
    unsigned short port = 0;
    for (int number = 1; number <= feeds_count; number++) {
        load(words[1], number);
        sockets[number - 1] = (struct pollfd){.fd = listen_at(number, &port), .events = POLLIN};
    }
    printf("%d\n", port);
    fflush(stdout);
    while (poll(sockets, (nfds_t)feeds_count, -1) > 0)
        for (int i = 0; i < feeds_count; i++) {
            if (!(sockets[i].revents & POLLIN)) continue;
            struct connection *connection = malloc(sizeof *connection);
            int yes = 1;
            *connection = (struct connection){accept(sockets[i].fd, NULL, NULL), i + 1};
            setsockopt(connection->socket, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
            pthread_t thread;
            if (connection->socket < 0 || pthread_create(&thread, NULL, serve, connection) != 0) fail("accept");
            pthread_detach(thread);
        }
    return 0;
}
