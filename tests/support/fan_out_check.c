/* Drives hub_fan_out with random rows and lanes; built with sanitizers by tests/unit/test_media_native.py. */
#define _GNU_SOURCE
#include "fan_out.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { TAG = 16, LANES = 9, ROWS = 3000, MOST = 16 };

/* Stands for what seals: appends a tag, and refuses now and then. */
static int protect(void *session, void *packet, int *length) {
    if (*length < 12)
        abort();
    memset((uint8_t *)packet + *length, 0xEE, TAG);
    *length += TAG;
    return ++*(int *)session % 997 == 0 ? 7 : 0;
}

int main(void) {
    int sock = socket(AF_INET, SOCK_DGRAM, 0), sink = socket(AF_INET, SOCK_DGRAM, 0);
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof to;
    if (sock < 0 || sink < 0 || bind(sink, (struct sockaddr *)&to, size) || getsockname(sink, (struct sockaddr *)&to, &size))
        return 1;
    int sessions[LANES] = {0};
    struct hub_way ways[LANES];
    struct hub_line *line = calloc(1, sizeof *line);
    struct hub_lane lane_of[LANES], *lanes[LANES];
    memset(ways, 0, sizeof ways);
    memset(lane_of, 0, sizeof lane_of);
    for (int index = 0; index < LANES; index++) {
        ways[index].protect = protect;
        ways[index].session = &sessions[index];
        ways[index].line = index % 3 ? line : NULL;
        ways[index].address_bytes = sizeof to;
        memcpy(ways[index].address, &to, sizeof to);
        lanes[index] = &lane_of[index];
        lane_of[index].way = &ways[index];
        lane_of[index].max_temporal = 99;
    }
    ways[3].session = NULL;
    ways[4].address_bytes = 0;
    srand(1);
    uint64_t sent = 0, refused = 0, skipped = 0, unsent = 0;
    for (int number = 0; number < ROWS; number++) {
        /* Exactly as large as said, so that a byte too far is seen. */
        int count = 1 + rand() % MOST, same = rand() % 2;
        struct hub_entry *entries = calloc(count, sizeof *entries);
        struct hub_run *runs = calloc(count, sizeof *runs);
        uint32_t at = 0;
        int run_count = 0;
        for (int index = 0; index < count; index++) {
            uint32_t length = same ? 600 : 32 + rand() % 1300;
            entries[index] = (struct hub_entry){.seq = number * 20 + index,
                                                .timestamp = rand(),
                                                .at = at,
                                                .length = length,
                                                .picture_at = at + 22,
                                                .tl0_at = rand() % 2 ? at + 24 : 0,
                                                .picture_id = rand() & 0x7FFF,
                                                .picture_bits = (uint8_t[]){0, 7, 15}[rand() % 3]};
            if (same && index)
                runs[0].bytes += length + TAG, runs[0].packets++;
            else
                runs[run_count++] = (struct hub_run){at, length + TAG, length + TAG, 1};
            at += length + TAG;
        }
        /* Room for some rows, mostly; now and then a row has none at all. */
        uint32_t room = at * (1 + rand() % 4) + rand() % at;
        if (rand() % 50 == 0)
            room = at - 1;
        uint8_t *data = calloc(at, 1), *block = malloc(room);
        struct hub_port port = {block, room, rand() % 10 ? sock : -1, rand() % 10 != 0};
        struct hub_row row = {data, entries, runs, number * 20, number * 20 + count - 1, 1 + rand() % 2, at, at, count,
                              run_count, rand() % 2, rand() % 2};
        for (int index = 0; index < LANES; index++) {
            lane_of[index].key = 1 + rand() % 4 / 3;
            lane_of[index].seq_delta = rand() - RAND_MAX / 2;
            lane_of[index].timestamp_delta = rand();
            lane_of[index].picture_delta = rand();
            lane_of[index].max_temporal = rand() % 5 ? 99 : 0;
            lane_of[index].source_first = number * 20 - 2 + rand() % 4;
        }
        int32_t *numbers = calloc(LANES, sizeof *numbers);
        struct hub_progress progress;
        uint32_t served = 0, handed = 0;
        for (uint32_t from = 0; from < LANES; from = progress.lane) {
            hub_fan_out(&port, &row, lanes, from, LANES, 1.5, numbers, &progress);
            sent += progress.packets, refused += progress.refused, skipped += progress.skipped;
            served += progress.lane - from - progress.refused - progress.skipped;
            handed += progress.packets;
            if (progress.lane <= from || progress.lane > LANES || progress.unsent_count > HUB_MESSAGES)
                return 2;
            for (uint32_t index = 0; index < progress.unsent_count; index++) {
                const struct hub_unsent *run = &progress.unsent[index];
                if (run->lane < from || run->lane >= progress.lane || run->at + run->bytes > room)
                    return 4;
                handed += run->packets;
            }
            unsent += progress.unsent_count;
        }
        if (handed != served * count)
            return 5;
        char drained[2048];
        while (recv(sink, drained, sizeof drained, MSG_DONTWAIT) > 0)
            ;
        free(numbers), free(block), free(data), free(runs), free(entries);
    }
    printf("%d rows: %llu packets sent, %llu lanes skipped, %llu refused, %llu runs not sent\n", ROWS, (unsigned long long)sent,
           (unsigned long long)skipped, (unsigned long long)refused, (unsigned long long)unsent);
    close(sock), close(sink), free(line);
    return sent && refused && skipped && unsent ? 0 : 3;
}
