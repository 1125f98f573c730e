/* What the hub and its compiled fan-out share. Lines without a preprocessor sign are read by Python (cffi) as well, so:
 * plain declarations only. Numbers are in the machine's own byte order; fan_out.c writes the wire's. */
#ifndef HUB_FAN_OUT_H
#define HUB_FAN_OUT_H
#include "feedback.h"

#include <stdint.h>

/* One packet of a row: `length` bytes from `at` on, before sealing. If `picture_bits` is 7 or 15, its picture id stands
 * `picture_at` bytes into the row; if `tl0_at` is not 0, its TL0PICIDX stands there. The values are the source's. */
struct hub_entry {
    int64_t seq;
    uint32_t timestamp;
    uint32_t at;
    uint32_t length;
    uint32_t picture_at;
    uint32_t tl0_at;
    uint16_t picture_id;
    uint8_t picture_bits;
    uint8_t tl0;
};

/* What one system call sends: `bytes` from `at` of the row on, as packets of `segment` bytes (the last may be shorter). */
struct hub_run {
    uint32_t at;
    uint32_t bytes;
    uint16_t segment;
    uint16_t packets;
};

/* A batch laid out in one form: packets one after the other, each with room for its tag. Only lanes with the same `key`
 * take it. `stamped`: each packet has room for a transport-wide number. */
struct hub_row {
    const uint8_t *data;
    const struct hub_entry *entries;
    const struct hub_run *runs;
    int64_t first_seq;
    int64_t newest_seq;
    uint64_t key;
    uint32_t bytes;
    uint32_t payload_bytes;
    uint16_t entry_count;
    uint16_t run_count;
    uint8_t top_temporal;
    uint8_t stamped;
};

/* The way out to one viewer, shared by all his slots: what seals (libsrtp's srtp_protect, or hub_seal) and with what (NULL: no
 * keys yet), his address (a sockaddr of `address_bytes`, 0: none), and where numbers are noted as they leave (NULL: nowhere).
 * `context` is what sealing reads first besides the session (NULL: not known); it is only fetched ahead. */
struct hub_way {
    int (*protect)(void *session, void *packet, int *length);
    void *session;
    const void *context;
    struct hub_line *line;
    uint64_t packets_sent;
    uint64_t bytes_sent;
    uint32_t address_bytes;
    uint16_t transport_seq;
    uint8_t address[28];
};

/* One slot: by how much the numbers of what plays in it move. `key` 0: nothing that could be sent from here. */
struct hub_lane {
    struct hub_way *way;
    uint64_t key;
    int64_t source_first;
    int64_t seq_delta;
    int64_t newest_out;
    uint64_t packets;
    uint64_t octets;
    double last_at;
    uint32_t timestamp_delta;
    uint32_t ssrc;
    uint16_t picture_delta;
    uint8_t tl0_delta;
    uint8_t max_temporal;
};

/* What all calls have in common: the socket (-1: none, the caller sends), and the block in which packets are sealed and from
 * which they are sent. */
struct hub_port {
    uint8_t *block;
    uint32_t block_bytes;
    int socket;
    int gso;
};

/* Messages handed to the kernel in one call at most, and sealed bytes that are gathered for it: what was sealed is still in the
 * cache when the kernel copies it, and both run several times in a row, which is what makes them fast. */
enum { HUB_MESSAGES = 32, HUB_GATHERED_BYTES = 32768 };

/* A run that lies sealed in the block and has not left: of which lane, where, and as in hub_run. */
struct hub_unsent {
    uint32_t lane;
    uint32_t at;
    uint32_t bytes;
    uint16_t segment;
    uint16_t packets;
};

/* How far a call came: lanes before `lane` are done but for the `unsent` runs, which the caller has to send in this order
 * before he calls again (`error`: errno of the first, 0 when it was not tried). */
struct hub_progress {
    uint32_t lane;
    uint32_t unsent_count;
    int error;
    uint32_t skipped;
    uint32_t refused;
    uint64_t packets;
    uint64_t runs;
    struct hub_unsent unsent[HUB_MESSAGES];
};

/* Values of `numbers` for lanes that were not served: the row does not suit them; sealing was refused. */
enum { HUB_SKIPPED = -1, HUB_REFUSED = -2 };

/* Serve the lanes `from` to `count` with the row. `numbers[i]` becomes the first transport-wide number of lane i (0 to
 * 65535, also when the row is not stamped), or one of the above. */
void hub_fan_out(const struct hub_port *port, const struct hub_row *row, struct hub_lane *const *lanes, uint32_t from,
                 uint32_t count, double now, int32_t *numbers, struct hub_progress *progress);

/* Digest of all sources this was compiled from: a library older than its sources is not used. */
const char *hub_loops_source(void);
#endif
