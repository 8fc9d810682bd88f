/*
 * Sends or receives numbered messages with checksums through a ring that Java has made:
 *
 *     ring send PATH COUNT     ring recv PATH COUNT
 *
 * A message: its number (u64), bytes that follow from it, the FNV-1a of both (u64). Exit code 0 if all went well.
 */
#include "ipc_ring.h"

#include <stdlib.h>

enum { LARGEST = 16 + 500 };

static uint64_t fnv(const unsigned char *bytes, size_t length) {
    uint64_t sum = 0xcbf29ce484222325ULL;
    for (size_t i = 0; i < length; i++) sum = (sum ^ bytes[i]) * 0x100000001b3ULL;
    return sum;
}

static uint32_t fill(unsigned char *message, uint64_t number) {
    uint32_t length = 16 + (uint32_t)(number * 7919 % 500);
    memcpy(message, &number, 8);
    for (uint32_t i = 8; i < length - 8; i++) message[i] = (unsigned char)(number * 31 + i);
    uint64_t sum = fnv(message, length - 8);
    memcpy(message + length - 8, &sum, 8);
    return length;
}

static int send_all(struct ipc_ring *ring, uint64_t count) {
    unsigned char message[LARGEST];
    for (uint64_t number = 0; number < count; number++) {
        int gone = ipc_ring_send(ring, message, fill(message, number));
        if (gone != 0) {
            fprintf(stderr, "message %llu was not sent: %d\n", (unsigned long long)number, gone);
            return 1;
        }
    }
    return 0;
}

static int receive_all(struct ipc_ring *ring, uint64_t count) {
    unsigned char message[LARGEST], expected[LARGEST];
    for (uint64_t number = 0; number < count; number++) {
        int64_t got = ipc_ring_receive(ring, message, sizeof message);
        if (got != fill(expected, number) || memcmp(message, expected, (size_t)got) != 0) {
            fprintf(stderr, "message %llu is not what was sent: %lld\n", (unsigned long long)number, (long long)got);
            return 1;
        }
    }
    int64_t end = ipc_ring_receive(ring, message, sizeof message);
    if (end != IPC_RING_CLOSED) fprintf(stderr, "no end but %lld\n", (long long)end);
    return end != IPC_RING_CLOSED;
}

int main(int argc, char **argv) {
    int sends = argc == 4 && strcmp(argv[1], "send") == 0;
    if (argc != 4 || (!sends && strcmp(argv[1], "recv") != 0)) {
        fprintf(stderr, "usage: ring send|recv PATH COUNT\n");
        return 2;
    }
    struct ipc_ring ring;
    if (ipc_ring_open(&ring, argv[2], sends ? IPC_RING_SENDER : IPC_RING_RECEIVER) != 0) {
        perror(argv[2]);
        return 1;
    }
    uint64_t count = strtoull(argv[3], NULL, 10);
    int failed = sends ? send_all(&ring, count) : receive_all(&ring, count);
    ipc_ring_close(&ring);
    return failed;
}
