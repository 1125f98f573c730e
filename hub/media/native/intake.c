/* The way in, compiled: read what waits in the socket in one system call, and open the SRTP and SRTCP of known sources.
 *
 * Whatever is not that plain is left as it came for Python: STUN, DTLS, strangers, sources not heard before. So every decision
 * who may send what is made in Python, once for each source; here it is only remembered.
 *
 * Budget of one datagram: 0.3 us here, 0.5 us in the kernel, 1 to 1.5 us in libsrtp. */
#define _GNU_SOURCE
#include "intake.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

/* RFC 3550 section 5.1 and 6.1, RFC 5761 section 4. */
enum { RTP_HEADER = 12, RTCP_HEADER = 8, SSRC_OF_RTP = 8, SSRC_OF_RTCP = 4 };

static uint32_t get32(const uint8_t *from) {
    return (uint32_t)from[0] << 24 | (uint32_t)from[1] << 16 | (uint32_t)from[2] << 8 | from[3];
}

/* --- who is where: open addressing, linear probing ---------------------------------------------------------------- */

static uint32_t home(const struct hub_places *places, const uint8_t *address, uint32_t bytes) {
    uint64_t hash = places->seed ^ 0xCBF29CE484222325u; /* FNV-1a, seeded */
    for (uint32_t index = 0; index < bytes; index++)
        hash = (hash ^ address[index]) * 0x100000001B3u;
    return (uint32_t)(hash >> 20) & (HUB_ADDRESSES - 1);
}

static int is_at(const struct hub_place *place, const uint8_t *address, uint32_t bytes) {
    return place->bytes == bytes && memcmp(place->address, address, bytes) == 0;
}

static struct hub_sender *find(const struct hub_places *places, const uint8_t *address, uint32_t bytes) {
    for (uint32_t at = home(places, address, bytes);; at = (at + 1) & (HUB_ADDRESSES - 1)) {
        const struct hub_place *place = &places->place[at];
        if (!place->bytes)
            return NULL;
        if (is_at(place, address, bytes))
            return place->sender;
    }
}

int hub_put(struct hub_places *places, const uint8_t *address, uint32_t bytes, struct hub_sender *sender) {
    if (!bytes || bytes > sizeof places->place[0].address)
        return 0;
    uint32_t at = home(places, address, bytes);
    while (places->place[at].bytes && !is_at(&places->place[at], address, bytes))
        at = (at + 1) & (HUB_ADDRESSES - 1);
    struct hub_place *place = &places->place[at];
    if (!place->bytes) {
        if (places->used >= HUB_ADDRESSES / 2)
            return 0;
        places->used++;
        place->bytes = bytes;
        memcpy(place->address, address, bytes);
    }
    place->sender = sender;
    return 1;
}

void hub_drop(struct hub_places *places, const uint8_t *address, uint32_t bytes) {
    if (!bytes || bytes > sizeof places->place[0].address)
        return;
    uint32_t hole = home(places, address, bytes);
    while (places->place[hole].bytes && !is_at(&places->place[hole], address, bytes))
        hole = (hole + 1) & (HUB_ADDRESSES - 1);
    if (!places->place[hole].bytes)
        return;
    places->used--;
    /* Move up whoever would not be found across the hole. */
    for (uint32_t at = (hole + 1) & (HUB_ADDRESSES - 1); places->place[at].bytes; at = (at + 1) & (HUB_ADDRESSES - 1)) {
        uint32_t wanted = home(places, places->place[at].address, places->place[at].bytes);
        if (((at - wanted) & (HUB_ADDRESSES - 1)) >= ((at - hole) & (HUB_ADDRESSES - 1))) {
            places->place[hole] = places->place[at];
            hole = at;
        }
    }
    memset(&places->place[hole], 0, sizeof places->place[hole]);
}

/* --- datagrams ---------------------------------------------------------------------------------------------------- */

static int known_media(const struct hub_sender *sender, uint64_t word) {
    for (uint32_t index = 0; index < sender->media_count; index++)
        if (sender->media[index] == word)
            return 1;
    return 0;
}

static int known_control(const struct hub_sender *sender, uint32_t ssrc) {
    for (uint32_t index = 0; index < sender->control_count; index++)
        if (sender->control[index] == ssrc)
            return 1;
    return 0;
}

/* Open one datagram in place if that can be decided here. */
static void open_one(const struct hub_intake *intake, struct hub_datagram *datagram, uint8_t *packet, double now) {
    datagram->kind = HUB_RAW;
    if (datagram->length < RTCP_HEADER || datagram->length > HUB_DATAGRAM_BYTES || packet[0] < 128 || packet[0] > 191)
        return;
    struct hub_sender *sender = find(intake->places, datagram->address, datagram->address_bytes);
    if (!sender || !sender->session)
        return;
    int length = (int)datagram->length;
    if (packet[1] >= 192 && packet[1] <= 223) {
        if (!known_control(sender, get32(packet + SSRC_OF_RTCP)))
            return;
        datagram->kind = HUB_RTCP;
        datagram->refused = intake->unprotect_rtcp(sender->session, packet, &length);
        if (sender->line && !datagram->refused && length >= 0) {
            int became = hub_line_hear(sender->line, packet, (uint32_t)length, now);
            if (became != HUB_NOT_PLAIN)
                datagram->kind = became == HUB_DUE ? HUB_DIGEST : HUB_KEPT;
        }
        if (datagram->kind == HUB_RTCP && !datagram->refused && length >= 0 &&
            hub_reports_hear(&sender->reports, packet, (uint32_t)length, now) != HUB_NOT_PLAIN)
            datagram->kind = HUB_KEPT;
    } else {
        if (datagram->length < RTP_HEADER)
            return;
        if (!known_media(sender, (uint64_t)get32(packet + SSRC_OF_RTP) << 8 | (packet[1] & 0x7F)))
            return;
        datagram->kind = HUB_RTP;
        datagram->refused = intake->unprotect(sender->session, packet, &length);
    }
    datagram->sender = sender->number;
    datagram->length = (uint32_t)length;
}

/* How long ago the kernel got a datagram. */
static uint32_t waited_us(struct msghdr *message, const struct timespec *now) {
    for (struct cmsghdr *word = CMSG_FIRSTHDR(message); word; word = CMSG_NXTHDR(message, word)) {
        if (word->cmsg_level != SOL_SOCKET || word->cmsg_type != SCM_TIMESTAMPNS)
            continue;
        struct timespec stamp;
        memcpy(&stamp, CMSG_DATA(word), sizeof stamp);
        int64_t waited = (now->tv_sec - stamp.tv_sec) * 1000000LL + (now->tv_nsec - stamp.tv_nsec) / 1000;
        return waited < 0 || waited > HUB_WAIT_US ? 0 : (uint32_t)waited;
    }
    return 0;
}

int hub_take(struct hub_intake *intake, int socket, uint32_t limit, double now) {
    struct mmsghdr messages[HUB_DATAGRAMS];
    struct iovec rooms[HUB_DATAGRAMS];
    /* Room for the stamp, aligned as its header has to be. */
    union {
        char bytes[CMSG_SPACE(sizeof(struct timespec))];
        struct cmsghdr aligned;
    } words[HUB_DATAGRAMS];
    struct timespec clock;
    if (limit > HUB_DATAGRAMS)
        limit = HUB_DATAGRAMS;
    memset(messages, 0, sizeof messages);
    for (uint32_t index = 0; index < limit; index++) {
        rooms[index].iov_base = intake->block + index * HUB_DATAGRAM_ROOM;
        rooms[index].iov_len = HUB_DATAGRAM_ROOM;
        messages[index].msg_hdr.msg_iov = &rooms[index];
        messages[index].msg_hdr.msg_iovlen = 1;
        messages[index].msg_hdr.msg_name = intake->datagrams[index].address;
        messages[index].msg_hdr.msg_namelen = sizeof intake->datagrams[index].address;
        messages[index].msg_hdr.msg_control = &words[index];
        messages[index].msg_hdr.msg_controllen = sizeof words[index].bytes;
    }
    intake->told = intake->kept_bytes = 0;
    int count = recvmmsg(socket, messages, limit, MSG_DONTWAIT, NULL);
    if (count < 0)
        return -errno;
    clock_gettime(CLOCK_REALTIME, &clock);
    for (int index = 0; index < count; index++) {
        struct hub_datagram *datagram = &intake->datagrams[index];
        datagram->length = messages[index].msg_len;
        datagram->address_bytes = (uint8_t)messages[index].msg_hdr.msg_namelen;
        datagram->refused = 0;
        datagram->waited_us = waited_us(&messages[index].msg_hdr, &clock);
        datagram->room = (uint16_t)index;
        open_one(intake, datagram, intake->block + (size_t)index * HUB_DATAGRAM_ROOM, now);
        if (datagram->kind == HUB_KEPT)
            intake->kept_bytes += datagram->length;
        else if (intake->told++ != (uint32_t)index)
            intake->datagrams[intake->told - 1] = *datagram;
    }
    return count;
}
