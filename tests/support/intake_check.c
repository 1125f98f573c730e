/* Drives hub_take and the table of places with random datagrams and addresses; built with sanitizers by
 * tests/unit/test_media_intake.py. */
#define _GNU_SOURCE
#include "intake.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { TAG = 16, ROUNDS = 4000, SENDERS = 5 };

/* Stands for libsrtp: touches all of the packet, takes the tag away, and refuses now and then. */
static int unprotect(void *session, void *packet, int *length) {
    uint8_t *bytes = packet, sum = 0;
    for (int at = 0; at < *length; at++)
        sum ^= bytes[at];
    bytes[*length - 1] = sum;
    if (++*(int *)session % 13 == 0 || *length < TAG)
        return 7;
    *length -= TAG;
    return 0;
}

/* Feedback that says that the next packet of the line came, as it is before the tag is taken away (see add in feedback.c). */
static int plain_feedback(uint8_t *datagram, const struct hub_line *line) {
    const uint8_t message[24] = {0x8F, 205, 0, 5, [12] = line->expected >> 8, line->expected & 0xFF, 0, 1, [20] = 0x20, 1, 4};
    memset(datagram, 0, sizeof message + TAG);
    memcpy(datagram, message, sizeof message);
    return sizeof message + TAG;
}

int main(void) {
    struct sockaddr_in here = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)}, from[SENDERS];
    socklen_t size = sizeof here;
    int in = socket(AF_INET, SOCK_DGRAM, 0), out[SENDERS], one = 1;
    if (in < 0 || bind(in, (struct sockaddr *)&here, size) || getsockname(in, (struct sockaddr *)&here, &size) ||
        setsockopt(in, SOL_SOCKET, SO_TIMESTAMPNS, &one, sizeof one))
        return 1;
    /* Exactly as large as said, so that a byte too far is seen. */
    struct hub_intake *intake = calloc(1, sizeof *intake);
    intake->block = malloc(HUB_DATAGRAMS * HUB_DATAGRAM_ROOM);
    intake->places = calloc(1, sizeof *intake->places);
    intake->places->seed = 7;
    intake->unprotect = intake->unprotect_rtcp = unprotect;
    struct hub_sender *senders = calloc(SENDERS, sizeof *senders);
    struct hub_line *line = calloc(1, sizeof *line);
    int sessions[SENDERS] = {0};
    for (int index = 0; index < SENDERS; index++) {
        struct sockaddr_in any = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
        out[index] = socket(AF_INET, SOCK_DGRAM, 0);
        if (out[index] < 0 || bind(out[index], (struct sockaddr *)&any, sizeof any) ||
            getsockname(out[index], (struct sockaddr *)&from[index], &size))
            return 1;
        senders[index].number = index;
        senders[index].session = index == 3 ? NULL : &sessions[index];
        senders[index].media_count = senders[index].control_count = HUB_KNOWN;
        for (int known = 0; known < HUB_KNOWN; known++) {
            senders[index].media[known] = (uint64_t)known << 8 | 96;
            senders[index].control[known] = known;
        }
    }
    senders[0].line = line;
    srand(1);
    uint64_t raw = 0, opened = 0, refused = 0, kept = 0, sent = 0;
    for (int round = 0; round < ROUNDS; round++) {
        int who = rand() % SENDERS, count = rand() % 40;
        if (rand() % 3)
            hub_put(intake->places, (uint8_t *)&from[who], sizeof from[who], &senders[who]);
        else
            hub_drop(intake->places, (uint8_t *)&from[who], sizeof from[who]);
        for (int number = 0; number < count; number++) {
            uint8_t datagram[2100];
            int length = rand() % 4 ? rand() % 64 : rand() % (int)sizeof datagram;
            for (int at = 0; at < length; at++)
                datagram[at] = (uint8_t)rand();
            if (length >= 12 && rand() % 2) {
                datagram[0] = 0x80;
                datagram[1] = rand() % 2 ? 96 : 201;
                memset(datagram + 4, 0, 8);
                datagram[7] = datagram[11] = (uint8_t)(rand() % 20);
            }
            if (!who && !line->attentive && rand() % 3 == 0) {
                hub_line_sent(line, line->expected, 100, round * 0.01);
                length = plain_feedback(datagram, line);
            }
            sent += sendto(out[who], datagram, length, 0, (struct sockaddr *)&here, sizeof here) == length;
        }
        for (int taken; (taken = hub_take(intake, in, 1 + rand() % 64, round * 0.01)) > 0;) {
            kept += (uint64_t)taken - intake->told;
            if ((intake->kept_bytes != 0) != (intake->told < (uint32_t)taken))
                return 4;
            for (uint32_t index = 0; index < intake->told; index++) {
                const struct hub_datagram *datagram = &intake->datagrams[index];
                if (datagram->room >= taken || datagram->length > HUB_DATAGRAM_ROOM || datagram->address_bytes > sizeof datagram->address ||
                    datagram->waited_us > HUB_WAIT_US)
                    return 2;
                raw += datagram->kind == HUB_RAW;
                opened += datagram->kind != HUB_RAW && !datagram->refused;
                refused += datagram->refused != 0;
            }
        }
        line->attentive = line->messages = 0; /* as Python does when it has read what was left to it */
    }
    printf("%llu sent, %llu raw, %llu opened, %llu refused, %llu kept\n", (unsigned long long)sent, (unsigned long long)raw,
           (unsigned long long)opened, (unsigned long long)refused, (unsigned long long)kept);
    for (int index = 0; index < SENDERS; index++)
        close(out[index]);
    close(in);
    free(line);
    free(senders);
    free(intake->places);
    free(intake->block);
    free(intake);
    return sent == raw + opened + refused + kept && raw && opened && refused && kept ? 0 : 3;
}
