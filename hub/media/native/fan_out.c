/* The inner loop of the hub, compiled: copy a row, write a viewer's numbers into it, seal it in place, send it.
 *
 * It does what Forwarding.forward does in Python, byte for byte, for many viewers in one call, and hands back to Python
 * whatever is not plain: a full socket, a refusal, a lane that the row does not suit. It allocates and keeps nothing.
 *
 * Several viewers' rows are sealed before they are handed to the kernel together: each of the two pushes the other's code out of
 * the processor's caches, so turns of one viewer each cost more than either does.
 *
 * Budget of one packet to one viewer, 1,100 bytes, in a run of six: 0.1 us here, 0.7 us for sealing, 1.5 to 2 us in the
 * kernel (loopback, the receiver's side included). */
#define _GNU_SOURCE
#include "fan_out.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>

#ifndef HUB_SOURCE
#define HUB_SOURCE "unnamed"
#endif

/* Linux: level and control message of UDP segmentation offload. */
enum { LEVEL_UDP = 17, UDP_SEGMENT_SIZE = 103 };

/* RFC 3550 section 5.1; and where HeaderStamp puts the transport-wide number: behind header, extension header, one byte. */
enum { SEQUENCE_AT = 2, TIMESTAMP_AT = 4, SSRC_AT = 8, TRANSPORT_AT = 17 };

/* What a processor fetches at once; and how much of what is fetched ahead is used: of a session and its context the first lines
 * (struct hub_sealer up to its second stream, OpenSSL's EVP_CIPHER_CTX), of what is noted as sent a picture's share. */
enum { LINE_BYTES = 64, SESSION_BYTES = 72, CONTEXT_BYTES = 184, SENT_BYTES = 6 * sizeof(struct hub_sent) };

static void put16(uint8_t *to, uint32_t value) {
    uint16_t wire = htons((uint16_t)value);
    memcpy(to, &wire, sizeof wire);
}

static void put32(uint8_t *to, uint32_t value) {
    uint32_t wire = htonl(value);
    memcpy(to, &wire, sizeof wire);
}

/* Whether the lane can be served with the row at all. */
static int suits(const struct hub_port *port, const struct hub_row *row, const struct hub_lane *lane) {
    const struct hub_way *way = lane->way;
    return lane->key == row->key && way->session && way->address_bytes && row->first_seq >= lane->source_first &&
           row->top_temporal <= lane->max_temporal && row->bytes <= port->block_bytes && row->run_count <= HUB_MESSAGES;
}

/* Have the processor fetch memory that is needed soon. (Always inline: GCC takes a call that only does this for one that does
 * nothing, and leaves it out.) */
__attribute__((always_inline)) static inline void fetch(const void *from, size_t bytes) {
    uintptr_t at = (uintptr_t)from;
    for (size_t line = 0; line < bytes; line += LINE_BYTES)
        __builtin_prefetch((const void *)(at + line));
    __builtin_prefetch((const void *)(at + bytes - 1));
}

/* What belongs to one of many viewers was used a whole round ago and has left the caches: each line of it would be waited for,
 * 0.3 us, one after the other. So it is fetched while the viewers before him are served, in the order in which one thing
 * points to the next. */
__attribute__((always_inline)) static inline void fetch_ahead(struct hub_lane *const *lanes, uint32_t index, uint32_t lane_count) {
    if (index + 4 < lane_count)
        fetch(lanes[index + 4], sizeof(struct hub_lane));
    if (index + 3 < lane_count)
        fetch(lanes[index + 3]->way, sizeof(struct hub_way));
    if (index + 2 < lane_count) {
        const struct hub_way *way = lanes[index + 2]->way;
        fetch(way->session, SESSION_BYTES);
        fetch(way->context, CONTEXT_BYTES);
        if (way->line) {
            fetch(way->line, offsetof(struct hub_line, messages));
            fetch(&way->line->sent[(way->transport_seq + 1) % HUB_SENT], SENT_BYTES);
        }
    }
}

/* Number and seal the packets of the row in `room`; 0, or the codes of those that were refused or-ed together. */
static int seal(uint8_t *room, const struct hub_row *row, const struct hub_lane *lane, double now) {
    struct hub_way *way = lane->way;
    int refused = 0;
    memcpy(room, row->data, row->bytes);
    for (uint32_t index = 0; index < row->entry_count; index++) {
        const struct hub_entry *entry = &row->entries[index];
        uint8_t *packet = room + entry->at;
        put16(packet + SEQUENCE_AT, (uint32_t)(entry->seq + lane->seq_delta));
        put32(packet + TIMESTAMP_AT, entry->timestamp + lane->timestamp_delta);
        put32(packet + SSRC_AT, lane->ssrc);
        if (row->stamped)
            put16(packet + TRANSPORT_AT, ++way->transport_seq);
        uint32_t picture = (uint32_t)entry->picture_id + lane->picture_delta;
        if (entry->picture_bits == 15)
            put16(room + entry->picture_at, 0x8000 | (picture & 0x7FFF));
        else if (entry->picture_bits)
            room[entry->picture_at] = picture & 0x7F;
        if (entry->tl0_at)
            room[entry->tl0_at] = (uint8_t)(entry->tl0 + lane->tl0_delta);
        int length = (int)entry->length;
        refused |= way->protect(way->session, packet, &length);
        if (row->stamped && way->line)
            hub_line_sent(way->line, way->transport_seq, (uint32_t)length, now);
    }
    return refused;
}

/* The row's numbers are given out in this lane, whatever becomes of what is sealed under them. */
static void take(const struct hub_row *row, struct hub_lane *lane) {
    if (row->newest_seq + lane->seq_delta > lane->newest_out)
        lane->newest_out = row->newest_seq + lane->seq_delta;
}

/* The row was sealed for this lane and will leave. */
static void count(const struct hub_row *row, struct hub_lane *lane, double now) {
    struct hub_way *way = lane->way;
    way->packets_sent += row->entry_count;
    way->bytes_sent += row->bytes;
    lane->packets += row->entry_count;
    lane->octets += row->payload_bytes;
    lane->last_at = now;
}

/* Send what lies sealed in the block; how many runs have left. `error` is why the next has not (0: it was not tried). */
static uint32_t send_runs(const struct hub_port *port, const struct hub_unsent *runs, uint32_t number,
                          struct hub_lane *const *lanes, int *error) {
    struct mmsghdr messages[HUB_MESSAGES];
    struct iovec pieces[HUB_MESSAGES];
    union {
        struct cmsghdr head;
        char room[CMSG_SPACE(sizeof(uint16_t))];
    } controls[HUB_MESSAGES];
    uint32_t possible = 0;
    *error = 0;
    if (port->socket < 0)
        return 0;
    for (; possible < number; possible++) {
        const struct hub_unsent *run = &runs[possible];
        struct hub_way *way = lanes[run->lane]->way;
        struct msghdr *message = &messages[possible].msg_hdr;
        if (run->packets > 1 && !port->gso)
            break;
        pieces[possible] = (struct iovec){port->block + run->at, run->bytes};
        *message = (struct msghdr){.msg_name = way->address,
                                   .msg_namelen = way->address_bytes,
                                   .msg_iov = &pieces[possible],
                                   .msg_iovlen = 1};
        if (run->packets > 1) {
            struct cmsghdr *head = &controls[possible].head;
            memset(&controls[possible], 0, sizeof controls[possible]);
            head->cmsg_level = LEVEL_UDP;
            head->cmsg_type = UDP_SEGMENT_SIZE;
            head->cmsg_len = CMSG_LEN(sizeof run->segment);
            memcpy(CMSG_DATA(head), &run->segment, sizeof run->segment);
            message->msg_control = controls[possible].room;
            message->msg_controllen = sizeof controls[possible].room;
        }
    }
    uint32_t left = 0;
    while (left < possible) {
        /* Where it stops before the end, the next call says why. */
        int sent = sendmmsg(port->socket, messages + left, possible - left, MSG_DONTWAIT);
        if (sent < 0 && errno == EINTR)
            continue;
        if (sent < 0) {
            *error = errno;
            break;
        }
        left += (uint32_t)sent;
    }
    return left;
}

void hub_fan_out(const struct hub_port *port, const struct hub_row *row, struct hub_lane *const *lanes, uint32_t from,
                 uint32_t lane_count, double now, int32_t *numbers, struct hub_progress *progress) {
    struct hub_unsent *runs = progress->unsent;
    uint32_t index = from;
    memset(progress, 0, offsetof(struct hub_progress, unsent));
    while (index < lane_count) {
        uint32_t gathered = 0, used = 0;
        for (; index < lane_count; index++) {
            struct hub_lane *lane = lanes[index];
            fetch_ahead(lanes, index, lane_count);
            if (!suits(port, row, lane)) {
                numbers[index] = HUB_SKIPPED;
                progress->skipped++;
                continue;
            }
            uint32_t after = used + row->bytes;
            if (used && (after > HUB_GATHERED_BYTES || after > port->block_bytes || gathered + row->run_count > HUB_MESSAGES))
                break;
            numbers[index] = (uint16_t)(lane->way->transport_seq + 1);
            take(row, lane);
            if (seal(port->block + used, row, lane, now)) {
                /* Part of the row is not sealed: none of it may leave. */
                numbers[index] = HUB_REFUSED;
                progress->refused++;
                continue;
            }
            count(row, lane, now);
            for (uint32_t number = 0; number < row->run_count; number++) {
                const struct hub_run *run = &row->runs[number];
                runs[gathered++] = (struct hub_unsent){index, used + run->at, run->bytes, run->segment, run->packets};
            }
            used = after;
        }
        uint32_t sent = send_runs(port, runs, gathered, lanes, &progress->error);
        for (uint32_t number = 0; number < sent; number++) {
            progress->packets += runs[number].packets;
            progress->runs += runs[number].packets > 1;
        }
        if (sent < gathered) {
            progress->unsent_count = gathered - sent;
            memmove(runs, runs + sent, progress->unsent_count * sizeof *runs);
            break;
        }
    }
    progress->lane = index;
}

const char *hub_loops_source(void) { return HUB_SOURCE; }
