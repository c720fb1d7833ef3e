/* Clients of an HTTP/1.1 server on 127.0.0.1 that hold connections and ask for nothing: idle ones, which asked once, and slow ones, which send a byte of
   a request each second and come again as soon as they are answered or cut. One thread, so that little of a small machine goes to them.

       cc -O2 -o crowd crowd.c
       crowd IDLE SLOW PORT

   Prints a line once all are connected. When its input ends, prints one object of JSON: how many idle connections were still there, and how often the
   slow were answered with each status, were reset, and had their connection ended without an answer. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { LIMIT = 65536, INPUT = LIMIT };

static const char beginning[] = "GET /livez HTTP/1.1\r\nX-Slow: ";
static int idle[LIMIT], slow[LIMIT];
static size_t sent[LIMIT];
static size_t answers[600], resets, ends;
static int poll_set, port;

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec + time.tv_nsec * 1e-9;
}

static int connected(void) {
    int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), one = 1;
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    if (descriptor < 0 || connect(descriptor, (struct sockaddr *)&address, sizeof address)) {
        perror("connect");
        exit(1);
    }
    setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    return descriptor;
}

/* Connects a slow client, again or for the first time. */
static void come(int index) {
    struct epoll_event event = {.events = EPOLLIN, .data.u32 = index};
    slow[index] = connected();
    sent[index] = 0;
    epoll_ctl(poll_set, EPOLL_CTL_ADD, slow[index], &event);
}

static void look(int index) {
    char head[4096];
    ssize_t count = recv(slow[index], head, sizeof head - 1, MSG_DONTWAIT);
    if (count < 0 && errno == EAGAIN) return;
    if (count < 0) resets++;
    else if (count < 12) ends++;
    else {
        int status = atoi(head + 9);
        answers[status > 0 && status < 600 ? status : 0]++;
    }
    close(slow[index]);
    come(index);
}

static void drip(int index) {
    char byte = sent[index] < sizeof beginning - 1 ? beginning[sent[index]] : 'x';
    if (send(slow[index], &byte, 1, MSG_NOSIGNAL | MSG_DONTWAIT) == 1) sent[index]++;
}

int main(int count, char **arguments) {
    int idle_count = count == 4 ? atoi(arguments[1]) : -1, slow_count = count == 4 ? atoi(arguments[2]) : -1;
    if (idle_count < 0 || slow_count < 0 || idle_count + slow_count > LIMIT - 16) return fprintf(stderr, "crowd IDLE SLOW PORT\n"), 64;
    port = atoi(arguments[3]);
    struct rlimit files;
    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);

    char request[128], answer[4096];
    int length = snprintf(request, sizeof request, "GET /livez HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n\r\n", port);
    for (int index = 0; index < idle_count; index++) {
        idle[index] = connected();
        if (send(idle[index], request, length, MSG_NOSIGNAL) != length || recv(idle[index], answer, sizeof answer, 0) <= 0) return perror("idle"), 1;
    }
    poll_set = epoll_create1(EPOLL_CLOEXEC);
    struct epoll_event input = {.events = EPOLLIN, .data.u32 = INPUT}, events[256];
    epoll_ctl(poll_set, EPOLL_CTL_ADD, 0, &input);
    /* They come within a second, and so does each one's byte. */
    for (int index = 0; index < slow_count; index++) {
        come(index);
        struct timespec pause = {.tv_nsec = 999999999 / slow_count};
        nanosleep(&pause, NULL);
    }
    printf("ready\n");
    fflush(stdout);

    double begin = now();
    for (size_t turn = 0, is_over = 0; !is_over;) {
        double left = slow_count ? begin + (double)turn / slow_count - now() : 1;
        if (left <= 0) drip(turn++ % slow_count);
        int ready = epoll_wait(poll_set, events, 256, left <= 0 ? 0 : 1 + (int)(1000 * left));
        for (int index = 0; index < ready; index++) {
            if (events[index].data.u32 == INPUT) is_over = 1;
            else look(events[index].data.u32);
        }
    }
    int kept = 0;
    for (int index = 0; index < idle_count; index++) kept += recv(idle[index], answer, 1, MSG_PEEK | MSG_DONTWAIT) < 0 && errno == EAGAIN;
    printf("{\"kept\": %d, \"slow\": {", kept);
    const char *comma = "";
    for (int status = 0; status < 600; status++) {
        if (!answers[status]) continue;
        printf("%s\"%d\": %zu", comma, status, answers[status]);
        comma = ", ";
    }
    if (resets) printf("%s\"reset\": %zu", comma, resets), comma = ", ";
    if (ends) printf("%s\"end\": %zu", comma, ends);
    printf("}}\n");
    return 0;
}
