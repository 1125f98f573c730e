/* SRTP under AES-GCM on the way out. Read by Python (cffi) as well, like fan_out.h. */
#ifndef HUB_SEAL_H
#define HUB_SEAL_H
#include <stdint.h>

/* Streams of one peer at most: 16 pictures with their repeats and 4 sounds. */
enum { HUB_STREAMS = 64 };

/* How far back a packet may be sealed again, and the longest that is sealed (as for libsrtp, see srtp.py). */
enum { HUB_WINDOW = 512, HUB_RTP_BYTES = 1488, HUB_TAG_BYTES = 16 };

/* Why a packet was not sealed: libsrtp's codes for the same. */
enum { HUB_SEAL_CIPHER_FAILED = 8, HUB_SEAL_TOO_OLD = 10, HUB_SEAL_NO_CONTEXT = 13, HUB_SEAL_MALFORMED = 21 };

/* The functions of libcrypto that are called: EVP_EncryptInit_ex, EVP_EncryptUpdate, EVP_EncryptFinal_ex,
 * EVP_CIPHER_CTX_ctrl. */
struct hub_cipher {
    int (*init)(void *context, const void *cipher, void *engine, const uint8_t *key, const uint8_t *iv);
    int (*update)(void *context, uint8_t *to, int *written, const uint8_t *from, int length);
    int (*final)(void *context, uint8_t *to, int *written);
    int (*ctrl)(void *context, int type, int number, void *pointer);
};

/* One source: the highest index sealed so far (RFC 3711 section 3.3.1). */
struct hub_stream {
    uint64_t newest;
    uint32_t ssrc;
};

/* What a peer's packets are sealed with: an EVP_CIPHER_CTX with the session key in it, and the session salt. */
struct hub_sealer {
    const struct hub_cipher *cipher;
    void *context;
    uint8_t salt[12];
    uint32_t stream_count;
    struct hub_stream streams[HUB_STREAMS];
};

/* Seal the RTP packet of `*length` bytes in place, as srtp_protect does: 0, and `*length` is that of the SRTP packet (room for the
 * tag must be behind it); or one of the codes above, and the packet is not to leave. `sealer` is a struct hub_sealer. */
int hub_seal(void *sealer, void *packet, int *length);
#endif
