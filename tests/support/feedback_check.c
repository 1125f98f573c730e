/* Gives hub_line_hear random messages; built with sanitizers by tests/unit/test_media_digest.py. */
#include "feedback.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ROUNDS = 200000 };

int main(void) {
    struct hub_line *line = calloc(1, sizeof *line);
    unsigned long added = 0, due = 0, left = 0, found = 0;
    double now = 4294.0; /* the microseconds wrap soon */
    srand(1);
    for (int round = 0; round < ROUNDS; round++) {
        now += (rand() % 40000) * 1e-6;
        /* Mostly what is plain, and then some of it is broken. */
        uint32_t count = 1 + rand() % (rand() % 50 ? 20 : 520), style = rand() % 4, at = 20;
        uint8_t whole[2048] = {0x8F, 205};
        uint16_t base = line->expected + (rand() % 50 ? 0 : rand());
        if (rand() % 50)
            for (uint32_t index = 0; index < count; index++)
                hub_line_sent(line, base + index, 100 + rand() % 70000, now);
        uint32_t reference = line->reference + (uint32_t)(rand() % 100 ? rand() % 5 : rand());
        whole[12] = base >> 8, whole[13] = base, whole[14] = count >> 8, whole[15] = count;
        whole[16] = reference >> 16, whole[17] = reference >> 8, whole[18] = reference;
        for (uint32_t told = 0; told < count; at += 2) {
            uint32_t chunk = style == 0 ? 0x2000 | count : style == 1 ? 0xBFFF : style == 2 ? 0xD555 : (uint32_t)rand();
            whole[at] = chunk >> 8, whole[at + 1] = chunk;
            told += style == 0 ? count : style == 1 ? 14 : 7;
        }
        for (uint32_t index = 0; index < count; index++)
            whole[at++] = rand() % 100 ? rand() % 8 : rand();
        uint32_t padding = -at & 3;
        if (padding && rand() % 2)
            whole[0] |= 0x20, whole[at + padding - 1] = padding;
        uint32_t length = at + padding;
        whole[2] = (length / 4 - 1) >> 8, whole[3] = length / 4 - 1;
        for (int broken = rand() % 8 ? 0 : 1 + rand() % 4; broken; broken--)
            whole[rand() % length] = rand();
        if (rand() % 20 == 0)
            length = rand() % (length + 1);
        /* Exactly as large as said, so that a byte too far is seen. */
        uint8_t *message = malloc(length ? length : 1);
        memcpy(message, whole, length);
        struct hub_told *told = malloc(sizeof *told);
        uint32_t batches = rand() % 4 ? 0 : hub_line_tell(line, base, rand() % 20 ? count : 65535, told), packets = 0;
        for (uint32_t index = 0; index < batches; index++)
            packets += told->batches[index].count;
        if (packets > HUB_SENT)
            return 4;
        found += packets;
        free(told);
        int became = hub_line_hear(line, message, length, now);
        int report = length > 1 && message[1] == 201; /* is left, and may have nobody attend */
        free(message);
        if (line->sample_count > HUB_SAMPLES || ((became == HUB_NOT_PLAIN) != line->attentive && !report))
            return 2;
        added += became == HUB_ADDED, due += became == HUB_DUE, left += became == HUB_NOT_PLAIN;
        if (became != HUB_ADDED) {
            line->messages = 0;
            line->attentive = 0;
        }
    }
    /* Reports and REMB, whole and broken: a compound of a few, exactly as large as said. */
    struct hub_reports reports = {.keep = 1, .meaningless_bps = 1000};
    unsigned long kept = 0, told = 0;
    for (int round = 0; round < ROUNDS; round++) {
        uint8_t whole[1024] = {0};
        uint32_t length = 0;
        now += (rand() % 40000) * 1e-6;
        for (int parts = 1 + rand() % 3; parts; parts--) {
            uint8_t *one = whole + length;
            uint32_t kind = rand() % 3, count = rand() % 4, size = kind == 0 ? 8 + 24 * count : kind == 1 ? 20 + 4 * count : 8;
            one[0] = 0x80 | (kind == 0 ? count : kind == 1 ? 15 : 0), one[1] = kind == 0 ? 201 : kind == 1 ? 206 : 202;
            one[3] = size / 4 - 1;
            if (kind == 1)
                memcpy(one + 12, "REMB", 4), one[16] = count, one[17] = rand() % 200, one[18] = one[19] = 0xFF;
            length += size;
        }
        for (int broken = rand() % 4 ? 0 : 1 + rand() % 3; broken; broken--)
            whole[rand() % length] = rand();
        if (rand() % 20 == 0)
            length = rand() % (length + 1);
        uint8_t *message = malloc(length ? length : 1);
        memcpy(message, whole, length);
        int became = hub_reports_hear(&reports, message, length, now);
        free(message);
        kept += became == HUB_ADDED, told += became == HUB_NOT_PLAIN;
    }
    if (!kept || !told)
        return 5;
    printf("%lu reports kept, %lu told\n", kept, told);
    printf("%d messages: %lu added, %lu due, %lu left, %lu packets found\n", ROUNDS, added, due, left, found);
    free(line);
    return added && due && left && found ? 0 : 3;
}
