/* Loads an HTTP/1.1 server on 127.0.0.1 with one request over and over, and tells what came back and what it cost here: one thread, epoll, no allocation a
   request, so that little of a small machine goes to the one that asks.

       cc -O2 -o load load.c
       load [-c CLIENTS | -r RATE] [-s SECONDS] [-m CONNECTIONS] PORT TARGET [BODY [CONTENT-TYPE]]

   With -c so many clients ask again as soon as they are answered. With -r so many requests a second are asked, whether the ones before were answered or
   not: on a connection that waits for nothing, or else on a new one, of which there are at most so many as -m says.
   Prints one object of JSON. Answers a second are of those before the end; what is not answered within a minute of it counts as lost. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

enum { HEAD = 65536, LIMIT = 65536 };

struct client {
    int descriptor;
    int waits;          /* for an answer */
    int answers;
    size_t sent;
    size_t got;         /* of the answer's head, in `head` */
    size_t left;        /* of the answer's body */
    int status, closes;
    double asked;
    char head[4096];
};

struct times {
    float *list;
    size_t count, room;
    size_t in_time; /* before the end */
};

static struct client *clients[LIMIT];
static int idle[LIMIT];
static int open_count, idle_count, poll_set, port;
static int rate_mode, is_over;
static struct times answers[600];
static size_t asked, opened, lost, raced, refused;
static char *request;
static size_t request_size;
static char trash[1 << 18];

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec + time.tv_nsec * 1e-9;
}

static int by_size(const void *a, const void *b) {
    float x = *(const float *)a, y = *(const float *)b;
    return (x > y) - (x < y);
}

static void take(struct times *times, double value) {
    if (times->count == times->room) {
        times->room = times->room ? 2 * times->room : 4096;
        times->list = realloc(times->list, times->room * sizeof(float));
        if (!times->list) exit(1);
    }
    times->list[times->count++] = value;
}

static void push(struct client *client) {
    while (client->sent < request_size) {
        ssize_t count = send(client->descriptor, request + client->sent, request_size - client->sent, MSG_NOSIGNAL);
        if (count < 0) return; /* Full, or broken: then reading says so. */
        client->sent += count;
    }
}

static void watch(struct client *client, int operation) {
    struct epoll_event event = {.events = EPOLLIN | EPOLLOUT | EPOLLET, .data.fd = client->descriptor};
    epoll_ctl(poll_set, operation, client->descriptor, &event);
}

static void start(struct client *client) {
    client->waits = 1;
    client->sent = client->got = client->left = 0;
    client->status = 0;
    client->asked = now();
    asked++;
    push(client);
}

static struct client *connected(void) {
    int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0), one = 1;
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    /* A server that does not accept in time holds up this client and not those after it. */
    if (descriptor < 0 || descriptor >= LIMIT || (connect(descriptor, (struct sockaddr *)&address, sizeof address) && errno != EINPROGRESS)) {
        if (descriptor >= 0) close(descriptor);
        refused++;
        return NULL;
    }
    setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    struct client *client = clients[descriptor];
    if (!client) client = clients[descriptor] = malloc(sizeof *client);
    if (!client) exit(1);
    memset(client, 0, offsetof(struct client, head));
    client->descriptor = descriptor;
    watch(client, EPOLL_CTL_ADD);
    open_count++;
    opened++;
    return client;
}

static void end(struct client *client) {
    close(client->descriptor);
    client->descriptor = -1;
    open_count--;
    if (!rate_mode && !is_over) {
        struct client *next = connected();
        if (next) start(next);
    }
}

/* An answer was read whole. */
static void done(struct client *client) {
    take(&answers[client->status], now() - client->asked);
    if (!is_over) answers[client->status].in_time++;
    client->waits = 0;
    client->answers++;
    if (client->closes || client->sent < request_size) return end(client);
    if (rate_mode || is_over) idle[idle_count++] = client->descriptor;
    else start(client);
}

/* Reads the head's end, its status and its length. */
static int parse(struct client *client) {
    char *stop = memmem(client->head, client->got, "\r\n\r\n", 4);
    if (!stop) return client->got == sizeof client->head ? -1 : 0;
    *stop = 0;
    client->status = atoi(client->head + 9);
    if (client->status < 100 || client->status > 599) return -1;
    char *length = strcasestr(client->head, "\r\ncontent-length:");
    size_t body = length ? strtoul(length + 17, NULL, 10) : 0, have = client->got - (stop + 4 - client->head);
    client->closes = strcasestr(client->head, "\r\nconnection: close") != NULL;
    if (have > body) return -1;
    client->left = body - have;
    return 1;
}

static void pull(struct client *client) {
    while (client->waits) {
        ssize_t count = client->status ? recv(client->descriptor, trash, client->left < sizeof trash ? client->left : sizeof trash, 0)
                                       : recv(client->descriptor, client->head + client->got, sizeof client->head - client->got, 0);
        if (count < 0 && errno == EAGAIN) return;
        if (count <= 0) {
            if (client->answers) raced++;
            else lost++;
            return end(client);
        }
        if (client->status) client->left -= count;
        else {
            client->got += count;
            int outcome = parse(client);
            if (outcome < 0) {
                lost++;
                return end(client);
            }
            if (outcome == 0) continue;
        }
        if (client->left == 0) return done(client);
    }
}

static int ask(void) {
    if (idle_count) {
        start(clients[idle[--idle_count]]);
        return 1;
    }
    struct client *client = connected();
    if (client) start(client);
    return client != NULL;
}

static char *load_file(const char *path, size_t *size) {
    FILE *file = fopen(path, "rb");
    if (!file) {
        perror(path);
        exit(1);
    }
    fseek(file, 0, SEEK_END);
    *size = ftell(file);
    rewind(file);
    char *bytes = malloc(*size + 1);
    if (!bytes || fread(bytes, 1, *size, file) != *size) exit(1);
    fclose(file);
    return bytes;
}

static double rank(struct times *times, double share) {
    size_t index = share * times->count;
    return 1000 * times->list[index < times->count ? index : times->count - 1];
}

int main(int count, char **arguments) {
    double seconds = 5, rate = 0;
    int wanted = 1, most = 20000, option;
    while ((option = getopt(count, arguments, "c:r:s:m:")) != -1) {
        if (option == 'c') wanted = atoi(optarg);
        else if (option == 'r') rate = atof(optarg);
        else if (option == 's') seconds = atof(optarg);
        else if (option == 'm') most = atoi(optarg);
        else return 64;
    }
    if (count - optind < 2) return fprintf(stderr, "load [-c CLIENTS | -r RATE] [-s SECONDS] [-m CONNECTIONS] PORT TARGET [BODY [CONTENT-TYPE]]\n"), 64;
    port = atoi(arguments[optind]);
    rate_mode = rate > 0;
    size_t size = 0;
    char *body = count - optind > 2 ? load_file(arguments[optind + 2], &size) : NULL;
    const char *type = count - optind > 3 ? arguments[optind + 3] : "application/octet-stream";
    request = malloc(HEAD + size);
    request_size = body ? snprintf(request, HEAD, "POST %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nContent-Type: %s\r\nContent-Length: %zu\r\n\r\n",
                                   arguments[optind + 1], port, type, size)
                        : snprintf(request, HEAD, "GET %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n\r\n", arguments[optind + 1], port);
    if (body) memcpy(request + request_size, body, size);
    request_size += size;
    struct rlimit files;
    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);

    poll_set = epoll_create1(EPOLL_CLOEXEC);
    double begin = now(), stop = begin + seconds, time = begin;
    for (int index = 0; !rate_mode && index < wanted; index++) {
        struct client *client = connected();
        if (client) start(client);
    }
    struct epoll_event events[512];
    /* At a rate, the server is looked at five times a millisecond and not waited for: to be woken for each answer would cost the one who answers, which no
       client on another machine does. Times are at most so much too long. */
    struct timespec pause = {.tv_nsec = rate_mode ? 200000 : 0};
    while (time < stop || (open_count > idle_count && time < stop + 60)) {
        if (rate_mode && time < stop) {
            long due = (time - begin) * rate - (double)asked;
            for (long index = 0; index < due && index < 64; index++)
                if ((!idle_count && open_count >= most) || !ask()) break;
        }
        if (rate_mode) nanosleep(&pause, NULL);
        int ready = epoll_wait(poll_set, events, 512, rate_mode ? 0 : time < stop && stop - time < 0.02 ? 1 : 20);
        time = now();
        is_over = time >= stop;
        for (int index = 0; index < ready; index++) {
            struct client *client = clients[events[index].data.fd];
            if (client->descriptor < 0) continue;
            if (events[index].events & EPOLLOUT && client->waits) push(client);
            if (events[index].events & ~EPOLLOUT) {
                if (client->waits) pull(client);
                else if (events[index].events & (EPOLLHUP | EPOLLERR | EPOLLRDHUP | EPOLLIN)) {
                    /* The server closed a connection that waits for nothing. */
                    for (int place = 0; place < idle_count; place++)
                        if (idle[place] == client->descriptor) {
                            idle[place] = idle[--idle_count];
                            end(client);
                            break;
                        }
                }
            }
        }
    }
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    double user = usage.ru_utime.tv_sec + usage.ru_utime.tv_usec * 1e-6, system = usage.ru_stime.tv_sec + usage.ru_stime.tv_usec * 1e-6;
    lost += open_count - idle_count;
    printf("{\"seconds\": %.3f, \"asked\": %zu, \"connections\": %zu, \"lost\": %zu, \"raced\": %zu, \"refused\": %zu, \"processor_seconds\": %.3f, \"answers\": {",
           seconds, asked, opened, lost, raced, refused, user + system);
    for (int status = 0, any = 0; status < 600; status++) {
        struct times *times = &answers[status];
        if (!times->count) continue;
        qsort(times->list, times->count, sizeof(float), by_size);
        printf("%s\"%d\": {\"count\": %zu, \"per_second\": %.2f, \"p50_ms\": %.3f, \"p95_ms\": %.3f, \"p99_ms\": %.3f, \"max_ms\": %.3f}", any++ ? ", " : "", status,
               times->count, times->in_time / seconds, rank(times, 0.5), rank(times, 0.95), rank(times, 0.99), rank(times, 1));
    }
    printf("}}\n");
    return 0;
}
