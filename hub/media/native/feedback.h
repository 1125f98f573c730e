/* What is known in C of one viewer's line; read by Python like fan_out.h. */
#ifndef HUB_FEEDBACK_H
#define HUB_FEEDBACK_H
#include <stdint.h>

/* Packets remembered of a line (a power of two), samples of the delay in one digest, and its other limits: a full one is
 * told at once, another after so long (a settled one's after longer), or when packets are so much longer on their way than
 * within it before. */
enum { HUB_SENT = 1024, HUB_SAMPLES = 64, HUB_DIGEST_MESSAGES = 64, HUB_DIGEST_PACKETS = 512 };
enum { HUB_DIGEST_US = 450000, HUB_SETTLED_US = 1500000, HUB_DELAY_GROWN_US = 10000 };
/* Groups of packets sent closer than this are one sample; more clock units of 64 ms between two messages are a jump. As in
 * bandwidth.py. Of a settled line every group is looked at, but one in so long is enough of a sample while the delay stands. */
enum { HUB_GROUP_US = 15000, HUB_SETTLED_GROUP_US = 50000, HUB_CLOCK_JUMP = 500 };

/* What left under a transport-wide number: bytes (0: nothing did), and when, in microseconds of the hub's clock. */
struct hub_sent {
    uint16_t number;
    uint16_t size;
    uint32_t sent_us;
};

/* When the first packet of a group was sent, and arrived: in ticks of 250 us since the reference time before the digest. */
struct hub_sample {
    uint32_t sent_us;
    int32_t arrived;
};

/* A line. First where its feedback has come to: the number expected next, the reference time of the message before, the
 * group sampled last; Python says so after each message that it has read, and sets `attentive` to get the next ones too.
 * `settled` says that a digest has nothing to change as long as the delay does not grow.
 *
 * Then the number that the next packet will have, and the one before which Python has been told of all.
 *
 * Then the digest, the sum of `messages` that Python has not seen (0: there is none, the rest means nothing): packets and
 * bytes, by how much the reference time has gone on, the last packet, the least delay (of which only differences mean
 * something), and when the first and the last message came. Then its samples, then what was sent. */
struct hub_line {
    uint16_t expected;
    uint8_t attentive;
    uint8_t settled;
    uint32_t reference;
    uint32_t group_us;
    uint16_t next;
    uint16_t told;
    uint32_t messages;
    uint32_t packets;
    uint32_t bytes;
    int32_t turns;
    uint32_t sample_count;
    uint32_t last_sent_us;
    int32_t last_arrived;
    int64_t least_us;
    double first_at;
    double heard_at;
    struct hub_sample samples[HUB_SAMPLES];
    struct hub_sent sent[HUB_SENT];
};

/* A packet of `size` bytes left under this number. */
void hub_line_sent(struct hub_line *line, uint16_t number, uint32_t size, double now);

/* Packets that left at the same time, in a message about them: the place of the first in the message, and how many. */
struct hub_batch {
    uint32_t index;
    uint32_t count;
    uint32_t sent_us;
};

/* What a message told of: batches, and the sizes of their packets one after the other. */
struct hub_told {
    struct hub_batch batches[HUB_SENT];
    uint16_t sizes[HUB_SENT];
};

/* A message tells of `count` packets from number `base` on. Those of them that left and were not told of before are written to
 * `told`; they and all before them are told of from now on. How many batches they make. */
uint32_t hub_line_tell(struct hub_line *line, uint16_t base, uint32_t count, struct hub_told *told);

/* What became of an RTCP datagram: Python is to read it; it is in the digest; it is, and Python is to take that now. */
enum { HUB_NOT_PLAIN = 0, HUB_ADDED = 1, HUB_DUE = 2 };
/* An authentic RTCP datagram of the viewer came. Once one is left to Python all that follow are, until Python has spoken;
 * but for a receiver report by itself, which says nothing of what is summed up. */
int hub_line_hear(struct hub_line *line, const uint8_t *packet, uint32_t length, double now);

/* Of a viewer without transport-wide feedback: while `keep`, receiver reports without loss and REMB of `meaningless_bps` and more
 * say nothing that was not said before, and Python is told of one of each in HUB_REPORTS_S. `report_at` and `remb_at` are when. */
enum { HUB_REPORTS_S = 1 };
struct hub_reports {
    double report_at;
    double remb_at;
    uint64_t meaningless_bps;
    uint32_t keep;
};

/* An authentic RTCP datagram of such a viewer came: HUB_NOT_PLAIN, or HUB_ADDED if Python need not see it. */
int hub_reports_hear(struct hub_reports *reports, const uint8_t *packet, uint32_t length, double now);
#endif
