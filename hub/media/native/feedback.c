/* Transport-wide feedback that says what it mostly says: all of the next packets arrived. Such messages are summed up here,
 * and Python is told of the sum once or twice a second (Estimator.digest) instead of of each (Estimator.feedback).
 *
 * Anything else than the next message in order with nothing but small deltas is left to Python, which reads it as ever. The
 * bytes come from outside, though authentic: nothing is read beyond `length`, no number in them is an index by itself.
 *
 * Budget of a message about 12 packets: 0.2 us. */
#include "feedback.h"

#include <stddef.h>
#include <string.h>

/* draft-holmer-rmcat-transport-wide-cc-extensions-01 section 3.1: what stands before the chunks, and the status of a packet
 * that arrived after a delta of one byte. */
enum { FIXED_BYTES = 20, SMALL = 1, CLOCK_TICKS = 256, TICK_US = 250 };

static uint32_t get16(const uint8_t *from) { return (uint32_t)from[0] << 8 | from[1]; }

static uint32_t microseconds(double now) { return (uint32_t)(uint64_t)(now * 1e6); }

void hub_line_sent(struct hub_line *line, uint16_t number, uint32_t size, double now) {
    struct hub_sent *sent = &line->sent[number % HUB_SENT];
    sent->number = number;
    sent->size = size < UINT16_MAX ? (uint16_t)size : UINT16_MAX;
    sent->sent_us = microseconds(now);
    line->next = (uint16_t)(number + 1);
}

/* Whether number `a` comes before `b`, in 16 bits. */
static int before(uint16_t a, uint16_t b) { return (uint16_t)(a - b) >= 0x8000; }

uint32_t hub_line_tell(struct hub_line *line, uint16_t base, uint32_t count, struct hub_told *told) {
    uint32_t batches = 0, sizes = 0;
    for (uint32_t index = 0; index < count && sizes < HUB_SENT; index++) {
        uint16_t number = (uint16_t)(base + index);
        const struct hub_sent *sent = &line->sent[number % HUB_SENT];
        if (before(number, line->told) || !before(number, line->next) || sent->number != number || !sent->size)
            continue;
        struct hub_batch *last = batches ? &told->batches[batches - 1] : NULL;
        if (last && last->index + last->count == index && last->sent_us == sent->sent_us)
            last->count++;
        else
            told->batches[batches++] = (struct hub_batch){index, 1, sent->sent_us};
        told->sizes[sizes++] = sent->size;
    }
    uint16_t end = (uint16_t)(base + count);
    if (batches)
        line->told = before(end, line->next) ? end : line->next;
    return batches;
}

/* How many packets the chunk tells of, `left` at most; 0 if not all of them came with small deltas. */
static uint32_t arrived_in(uint32_t chunk, uint32_t left) {
    uint32_t told, all;
    if (!(chunk & 0x8000)) {
        told = (chunk >> 13 & 3) == SMALL ? chunk & 0x1FFF : 0;
        return told < left ? told : left;
    }
    if (chunk & 0x4000) {
        told = left < 7 ? left : 7;
        all = 0x1555u >> 2 * (7 - told);
        return (chunk & 0x3FFF) >> 2 * (7 - told) == all ? told : 0;
    }
    told = left < 14 ? left : 14;
    all = 0x3FFFu >> (14 - told);
    return (chunk & 0x3FFF) >> (14 - told) == all ? told : 0;
}

/* Where the deltas stand in one whole message about `count` packets that all arrived; 0 if it is no such message. */
static uint32_t deltas_at(const uint8_t *packet, uint32_t length, uint32_t count) {
    uint32_t end = length, at = FIXED_BYTES;
    if ((packet[0] & 0xDF) != 0x8F || packet[1] != 205 || length != 4 + 4 * get16(packet + 2))
        return 0;
    if (packet[0] & 0x20) {
        uint32_t padding = packet[length - 1];
        if (!padding || padding > length - FIXED_BYTES)
            return 0;
        end -= padding;
    }
    for (uint32_t left = count; left;) {
        if (at + 2 > end)
            return 0;
        uint32_t told = arrived_in(get16(packet + at), left);
        if (!told)
            return 0;
        left -= told;
        at += 2;
    }
    /* Python allows three bytes of rest as well. */
    return at + count <= end && end - (at + count) <= 3 ? at : 0;
}

static int add(struct hub_line *line, const uint8_t *packet, uint32_t length, double now) {
    if (line->attentive || length < FIXED_BYTES)
        return HUB_NOT_PLAIN;
    uint32_t count = get16(packet + 14), reference = get16(packet + 16) << 8 | packet[18];
    if (get16(packet + 12) != line->expected || !count || count > HUB_SENT)
        return HUB_NOT_PLAIN;
    uint32_t at = deltas_at(packet, length, count);
    if (!at)
        return HUB_NOT_PLAIN;
    int32_t turn = (int32_t)((reference - line->reference) & 0xFFFFFF);
    if (turn >= 0x800000)
        turn -= 0x1000000;
    if (turn <= -HUB_CLOCK_JUMP || turn >= HUB_CLOCK_JUMP)
        return HUB_NOT_PLAIN;
    /* What the digest would be is only written to it when the whole message has turned out to be plain. Samples beyond
     * `sample_count` mean nothing. */
    int fresh = !line->messages, grown = 0;
    int32_t turns = (fresh ? 0 : line->turns) + turn, tick = turns * CLOCK_TICKS;
    uint32_t samples = fresh ? 0 : line->sample_count, bytes = fresh ? 0 : line->bytes, group_us = line->group_us;
    int64_t least_us = line->least_us;
    const struct hub_sent *sent = line->sent;
    for (uint32_t index = 0; index < count; index++) {
        uint16_t number = (uint16_t)(line->expected + index);
        sent = &line->sent[number % HUB_SENT];
        if (sent->number != number || !sent->size)
            return HUB_NOT_PLAIN;
        bytes += sent->size;
        tick += packet[at + index];
        if (sent->sent_us - group_us < HUB_GROUP_US)
            continue;
        group_us = sent->sent_us;
        int64_t delay_us = (int64_t)tick * TICK_US - (int32_t)(samples ? group_us - line->samples[0].sent_us : 0);
        if (!samples || delay_us < least_us)
            least_us = delay_us;
        int longer = delay_us - least_us > HUB_DELAY_GROWN_US;
        grown |= longer;
        if (line->settled && samples && !longer && group_us - line->samples[samples - 1].sent_us < HUB_SETTLED_GROUP_US)
            continue;
        if (samples == HUB_SAMPLES)
            return HUB_NOT_PLAIN;
        line->samples[samples++] = (struct hub_sample){group_us, tick};
    }
    line->expected = (uint16_t)(line->expected + count);
    line->reference = reference;
    line->group_us = group_us;
    line->messages = fresh ? 1 : line->messages + 1;
    line->packets = fresh ? count : line->packets + count;
    line->bytes = bytes;
    line->turns = turns;
    line->sample_count = samples;
    line->last_sent_us = sent->sent_us;
    line->last_arrived = tick;
    line->least_us = least_us;
    line->first_at = fresh ? now : line->first_at;
    line->heard_at = now;
    int full = samples == HUB_SAMPLES || line->messages >= HUB_DIGEST_MESSAGES || line->packets >= HUB_DIGEST_PACKETS;
    int long_enough = (now - line->first_at) * 1e6 >= (line->settled ? HUB_SETTLED_US : HUB_DIGEST_US);
    return full || grown || long_enough ? HUB_DUE : HUB_ADDED;
}

/* Whether it is a receiver report by itself (RFC 3550 section 6.4.2): that says nothing of transport-wide numbers. */
static int is_report(const uint8_t *packet, uint32_t length) {
    return length >= 8 && packet[1] == 201 && length == 4 + 4 * get16(packet + 2);
}

int hub_line_hear(struct hub_line *line, const uint8_t *packet, uint32_t length, double now) {
    int became = add(line, packet, length, now);
    if (became == HUB_NOT_PLAIN && !is_report(packet, length))
        line->attentive = 1;
    return became;
}

/* RFC 3550 section 6.4.2 and 6.5, RFC 4585 section 6.4: types; draft-alvestrand-rmcat-remb-03 section 2.2: where name, number of
 * sources, and exponent with mantissa stand. */
enum { RECEIVER_REPORT = 201, DESCRIPTION = 202, PAYLOAD_FEEDBACK = 206, APPLICATION = 15 };
enum { REPORT_HEAD = 8, BLOCK_BYTES = 24, FRACTION_AT = 4, REMB_HEAD = 20, NAME_AT = 12, SOURCES_AT = 16, RATE_AT = 17 };

static int without_loss(const uint8_t *packet, uint32_t size) {
    uint32_t blocks = packet[0] & 0x1F;
    if (size != REPORT_HEAD + BLOCK_BYTES * blocks)
        return 0;
    for (uint32_t block = 0; block < blocks; block++)
        if (packet[REPORT_HEAD + BLOCK_BYTES * block + FRACTION_AT])
            return 0;
    return 1;
}

static int is_meaningless(const uint8_t *packet, uint32_t size, uint64_t from_bps) {
    if ((packet[0] & 0x1F) != APPLICATION || size < REMB_HEAD || memcmp(packet + NAME_AT, "REMB", 4) ||
        size != REMB_HEAD + 4u * packet[SOURCES_AT])
        return 0;
    uint32_t exponent = packet[RATE_AT] >> 2;
    uint64_t mantissa = (uint64_t)(packet[RATE_AT] & 3) << 16 | get16(packet + RATE_AT + 1);
    return exponent <= 45 && mantissa << exponent >= from_bps;
}

int hub_reports_hear(struct hub_reports *reports, const uint8_t *packet, uint32_t length, double now) {
    int report = 0, remb = 0;
    if (!reports->keep || !length)
        return HUB_NOT_PLAIN;
    for (uint32_t at = 0; at < length;) {
        const uint8_t *one = packet + at;
        if (length - at < REPORT_HEAD || (one[0] & 0xE0) != 0x80)
            return HUB_NOT_PLAIN;
        uint32_t size = 4 + 4 * get16(one + 2);
        if (size < REPORT_HEAD || size > length - at)
            return HUB_NOT_PLAIN;
        if (one[1] == RECEIVER_REPORT && without_loss(one, size))
            report = 1;
        else if (one[1] == PAYLOAD_FEEDBACK && is_meaningless(one, size, reports->meaningless_bps))
            remb = 1;
        else if (one[1] != DESCRIPTION)
            return HUB_NOT_PLAIN;
        at += size;
    }
    int due = (report && now - reports->report_at >= HUB_REPORTS_S) || (remb && now - reports->remb_at >= HUB_REPORTS_S);
    if (!due)
        return HUB_ADDED;
    if (report)
        reports->report_at = now;
    if (remb)
        reports->remb_at = now;
    return HUB_NOT_PLAIN;
}
