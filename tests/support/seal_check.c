/* Drives hub_seal with random bytes; built with sanitizers by tests/unit/test_media_sealer.py. */
#include "seal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Stand for OpenSSL: touch all that they are given. */
static int init(void *context, const void *cipher, void *engine, const uint8_t *key, const uint8_t *iv) {
    (void)cipher, (void)engine, (void)key;
    memcpy(context, iv, 12);
    return rand() % 100 != 0;
}
static int update(void *context, uint8_t *to, int *written, const uint8_t *from, int length) {
    for (int index = 0; index < length; index++) {
        *(uint8_t *)context ^= from[index];
        if (to)
            to[index] ^= 1;
    }
    *written = length;
    return 1;
}
static int final(void *context, uint8_t *to, int *written) {
    (void)context, (void)to;
    *written = 0;
    return 1;
}
static int ctrl(void *context, int type, int number, void *pointer) {
    (void)context, (void)type;
    memset(pointer, 0xEE, (size_t)number);
    return 1;
}

int main(void) {
    const struct hub_cipher cipher = {init, update, final, ctrl};
    uint8_t context[16];
    long sealed = 0, refused = 0;
    srand(1);
    for (int round = 0; round < 200; round++) {
        struct hub_sealer sealer = {.cipher = &cipher, .context = context};
        for (int number = 0; number < 500; number++) {
            /* Exactly as long as said, and the room for the tag. */
            int length = rand() % 4 ? rand() % 120 : rand() % 1500, whole = length;
            uint8_t *packet = malloc((size_t)length + HUB_TAG_BYTES);
            for (int index = 0; index < length; index++)
                packet[index] = (uint8_t)rand();
            if (length > 11)
                memset(packet + 8, 0, 3); /* few sources */
            if (hub_seal(&sealer, packet, &length)) {
                refused++;
                if (length != whole)
                    return 2;
            } else {
                sealed++;
                if (length != whole + HUB_TAG_BYTES || sealer.stream_count > HUB_STREAMS)
                    return 3;
            }
            free(packet);
        }
    }
    printf("sealed %ld, refused %ld\n", sealed, refused);
    return !sealed || !refused;
}
