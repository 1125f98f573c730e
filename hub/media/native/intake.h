/* What the hub and its compiled intake share; read by Python like fan_out.h. */
#ifndef HUB_INTAKE_H
#define HUB_INTAKE_H
#include "feedback.h"

#include <stdint.h>

/* Datagrams taken by one call at most, the room for each, and the longest that is looked at. */
enum { HUB_DATAGRAMS = 32, HUB_DATAGRAM_ROOM = 2048, HUB_DATAGRAM_BYTES = 1500 };
/* Sources remembered of one peer, and addresses of all peers together: a power of two, at most half of it is used. */
enum { HUB_KNOWN = 16, HUB_ADDRESSES = 16384 };
/* A stamp further in the past is not believed to tell a wait: the machine's clock was set. */
enum { HUB_WAIT_US = 1000000 };

/* A peer whose packets may be opened here: its inbound session (NULL: none any more), and the sources that Python has
 * accepted before: of media SSRC and payload type in one word (ssrc * 256 + type), of RTCP the SSRC of the sender.
 * `line` (NULL: none) is asked first about his RTCP, and then `reports`. */
struct hub_sender {
    void *session;
    struct hub_line *line;
    struct hub_reports reports;
    uint32_t number;
    uint8_t media_count;
    uint8_t control_count;
    uint64_t media[HUB_KNOWN];
    uint32_t control[HUB_KNOWN];
};

/* One address (a sockaddr; `bytes` 0: free) and who is there. */
struct hub_place {
    uint8_t address[28];
    uint32_t bytes;
    struct hub_sender *sender;
};

/* Who is where. `seed` is random. */
struct hub_places {
    uint64_t seed;
    uint32_t used;
    struct hub_place place[HUB_ADDRESSES];
};

/* What became of a datagram, which lies in the block's room `room`. Raw ones are untouched, Python decides about them; others
 * are of peer `sender`, opened (`length` is that of the plain packet) or refused by libsrtp (`refused`: its code). `waited_us`
 * is how long it lay in the kernel, by the kernel's stamp on it; 0 without one, at most HUB_WAIT_US. HUB_DIGEST: feedback that
 * is in the digest of its line, which is to be taken now. Of feedback that is in it otherwise Python is not told. */
enum { HUB_RAW = 0, HUB_RTP = 1, HUB_RTCP = 2, HUB_KEPT = 3, HUB_DIGEST = 4 };
struct hub_datagram {
    uint32_t length;
    uint32_t sender;
    int32_t refused;
    uint32_t waited_us;
    uint16_t room;
    uint8_t kind;
    uint8_t address_bytes;
    uint8_t address[28];
};

/* libsrtp's functions, the block of HUB_DATAGRAMS rooms into which datagrams are read, and what came of the last call: the
 * first `told` of `datagrams` are for Python, in order of arrival, and `kept_bytes` came besides as feedback. */
struct hub_intake {
    int (*unprotect)(void *session, void *packet, int *length);
    int (*unprotect_rtcp)(void *session, void *packet, int *length);
    uint8_t *block;
    struct hub_places *places;
    uint32_t told;
    uint32_t kept_bytes;
    struct hub_datagram datagrams[HUB_DATAGRAMS];
};

/* Put a sender to an address, in the place of whoever was there. 0 if there is no room. */
int hub_put(struct hub_places *places, const uint8_t *address, uint32_t bytes, struct hub_sender *sender);
/* Nobody is at this address any more. */
void hub_drop(struct hub_places *places, const uint8_t *address, uint32_t bytes);
/* Read up to `limit` datagrams that wait, and open those that can be; it is `now` by the clock of hub_fan_out. How many
 * there were, or -errno. */
int hub_take(struct hub_intake *intake, int socket, uint32_t limit, double now);
#endif
