/*
 * A one-to-one ring of jvm-ipc in C: one sender and one receiver, in whichever two processes, Java or C.
 * The bytes are in docs/wire-formats.md, the protocol in docs/protocols/segment.md and ring.md.
 *
 *     struct ipc_ring ring;
 *     if (ipc_ring_open(&ring, "/dev/shm/prices.ring", IPC_RING_SENDER) != 0) perror("open");
 *     ipc_ring_send(&ring, "hello", 5);
 *     ipc_ring_close(&ring);
 *
 * Header only; C11, Linux, little-endian. Not thread-safe: a ring belongs to one thread. What it reads is checked; a file that is
 * cut off while it is open is a SIGBUS. It does not repair what other dead participants hold: any Java process that is attached
 * does, and who opens the ring next.
 */
#ifndef IPC_RING_H
#define IPC_RING_H

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif

#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <linux/membarrier.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum ipc_ring_role { IPC_RING_SENDER, IPC_RING_RECEIVER };

/* What a call answers beside a length. */
enum {
    IPC_RING_CLOSED = -1,  /* the other side has closed, and all is taken */
    IPC_RING_DIED = -2,    /* the other side was killed, and all is taken */
    IPC_RING_DAMAGED = -3, /* the ring is not what it was */
    IPC_RING_TOO_LARGE = -4,
    IPC_RING_FULL = -5     /* there is no room, and the ring was made to fail then */
};

struct ipc_ring {
    int fd;
    unsigned char *file;
    size_t file_bytes;
    unsigned char *slot;
    uint32_t slot_number, slots, slots_at;
    uint32_t owner;          /* the value of an owned word that this process holds */
    enum ipc_ring_role role;
    unsigned char *ring;
    uint32_t capacity, max_message;
    int fails;               /* a send does not wait for room */
    int fenced;              /* no membarrier(2): a full fence with each message instead */
    uint64_t position;
    uint64_t limit;          /* sender: what is before it may be written */
    uint64_t published;      /* receiver: what the sender knows to be free */
    uint32_t changes_seen, joined_ended, died_ended;
    int had_peer;
    int attached;            /* the lane, or the receiver's place, is this one's */
};

/* ---- layout ---- */

#define IPC_LIFECYCLE_BYTE (1LL << 62)

enum {
    IPC_MEMBERSHIP_AT = 64, IPC_SLOT_BYTES = 128, IPC_ENTRY_BYTES = 128, IPC_ENTRY_NAME = 64, IPC_TYPE_RING = 4,
    IPC_VERSION = 0, IPC_KIND = 4, IPC_CAPACITY = 8, IPC_LANES = 12, IPC_RECEIVERS = 16, IPC_MAX_MESSAGE = 20,
    IPC_WHEN_FULL = 24, IPC_BLOCK = 1, IPC_FAIL = 2,
    IPC_ARRIVALS = 128, IPC_CHANGES = 132, IPC_JOINED = 256, IPC_DIED = 260, IPC_ENDED_JOINED = 264, IPC_ENDED_DIED = 268,
    IPC_DEPARTED = 284, IPC_LANE_OWNER = 384, IPC_ROOM = 388, IPC_TAIL = 512, IPC_HEAD = 640, IPC_TAKEN = 768,
    IPC_RECEIVER_OWNER = 896, IPC_DEPARTURE = 904, IPC_DATA = 1024,
    IPC_HEADER = 8, IPC_MESSAGE = 1, IPC_PADDING = 2, IPC_SPINS = 2000, IPC_SLICE_MILLIS = 50
};
#define IPC_WAITERS 0x80000000u

static inline _Atomic uint32_t *ipc_u32(unsigned char *at) { return (_Atomic uint32_t *)(void *)at; }
static inline _Atomic uint64_t *ipc_u64(unsigned char *at) { return (_Atomic uint64_t *)(void *)at; }

static inline uint32_t ipc_load(struct ipc_ring *r, unsigned at) { return atomic_load(ipc_u32(r->ring + at)); }
static inline uint64_t ipc_load64(struct ipc_ring *r, unsigned at) {
    return atomic_load_explicit(ipc_u64(r->ring + at), memory_order_acquire);
}
static inline void ipc_store64(struct ipc_ring *r, unsigned at, uint64_t value) {
    atomic_store_explicit(ipc_u64(r->ring + at), value, memory_order_release);
}
static inline unsigned char *ipc_at(struct ipc_ring *r, uint64_t position) {
    return r->ring + IPC_DATA + (position & (r->capacity - 1));
}
static inline uint32_t ipc_aligned(uint32_t bytes) { return (bytes + 7u) & ~7u; }

/* ---- the kernel ---- */

static inline void ipc_futex_wake(_Atomic uint32_t *word) { syscall(SYS_futex, word, FUTEX_WAKE, 0x7fffffff, NULL, NULL, 0); }

static inline void ipc_futex_wait(_Atomic uint32_t *word, uint32_t value) {
    struct timespec slice = {0, IPC_SLICE_MILLIS * 1000000L};
    syscall(SYS_futex, word, FUTEX_WAIT, value, &slice, NULL, 0);
}

static inline int ipc_lock(int fd, int command, short type, off_t byte) {
    struct flock lock = {.l_type = type, .l_whence = SEEK_SET, .l_start = byte, .l_len = 1};
    int result;
    do result = fcntl(fd, command, &lock);
    while (result != 0 && errno == EINTR);
    return result != 0 ? -1 : command == F_OFD_GETLK && lock.l_type != F_UNLCK;
}

/* The one that does not sleep, between its store and its look: see docs/decisions/0015. */
static inline void ipc_light(struct ipc_ring *r) {
    if (r->fenced) atomic_thread_fence(memory_order_seq_cst);
    else atomic_signal_fence(memory_order_seq_cst);
}

/* The one that is about to sleep pays for both. Its sleeps are short in any case. */
static inline void ipc_heavy(struct ipc_ring *r) {
    if (!r->fenced) syscall(SYS_membarrier, MEMBARRIER_CMD_GLOBAL_EXPEDITED, 0, 0);
    atomic_thread_fence(memory_order_seq_cst);
}

static inline void ipc_advance(_Atomic uint32_t *word) {
    uint32_t value = atomic_load(word);
    while (!atomic_compare_exchange_weak(word, &value, (value + 1) & ~IPC_WAITERS)) {}
    ipc_futex_wake(word);
}

static inline void ipc_signal(struct ipc_ring *r, unsigned at) {
    ipc_light(r);
    if (atomic_load_explicit(ipc_u32(r->ring + at), memory_order_relaxed) & IPC_WAITERS) ipc_advance(ipc_u32(r->ring + at));
}

static inline void ipc_changed(struct ipc_ring *r) {
    atomic_fetch_add(ipc_u32(r->ring + IPC_CHANGES), 1);
    ipc_signal(r, IPC_ARRIVALS);
    ipc_signal(r, IPC_ROOM);
}

/* ---- coming and going ---- */

static inline uint32_t ipc_plain(const unsigned char *at) {
    uint32_t value;
    memcpy(&value, at, sizeof value);
    return value;
}
static inline uint64_t ipc_plain64(const unsigned char *at) {
    uint64_t value;
    memcpy(&value, at, sizeof value);
    return value;
}

static inline uint64_t ipc_start_time(void) {
    char text[1024];
    int fd = open("/proc/self/stat", O_RDONLY | O_CLOEXEC);
    ssize_t got = fd < 0 ? 0 : read(fd, text, sizeof text - 1);
    if (fd >= 0) close(fd);
    text[got < 0 ? 0 : got] = 0;
    char *at = strrchr(text, ')');
    unsigned long long value = 0;
    for (int field = 2; at != NULL && field < 22; field++) at = strchr(at + 1, ' ');
    if (at != NULL) sscanf(at, "%llu", &value);
    return value;
}

static inline void ipc_membership_changed(struct ipc_ring *r) {
    atomic_fetch_add(ipc_u32(r->file + IPC_MEMBERSHIP_AT), 1);
    ipc_futex_wake(ipc_u32(r->file + IPC_MEMBERSHIP_AT));
}

static inline int ipc_join(struct ipc_ring *r) {
    for (uint32_t i = 0; i < r->slots; i++) {
        unsigned char *slot = r->file + r->slots_at + (size_t)i * IPC_SLOT_BYTES;
        if (ipc_lock(r->fd, F_OFD_SETLK, F_WRLCK, IPC_LIFECYCLE_BYTE + 1 + i) != 0) continue;
        if (atomic_load(ipc_u32(slot)) != 0) { /* a dead one's, whom somebody else repairs */
            ipc_lock(r->fd, F_OFD_SETLK, F_UNLCK, IPC_LIFECYCLE_BYTE + 1 + i);
            continue;
        }
        uint32_t generation = ipc_plain(slot + 4);
        generation = generation >= 0x7fff ? 1 : generation + 1;
        uint32_t pid = (uint32_t)getpid();
        uint64_t start = ipc_start_time(), space = 0, joined;
        struct stat status;
        if (stat("/proc/self/ns/pid", &status) == 0) space = status.st_ino;
        struct timespec now;
        clock_gettime(CLOCK_REALTIME, &now);
        joined = (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
        memset(slot + 64, 0, 64);
        memcpy(slot + 4, &generation, 4);
        memcpy(slot + 8, &pid, 4);
        memcpy(slot + 16, &start, 8);
        memcpy(slot + 24, &space, 8);
        memcpy(slot + 32, &joined, 8);
        atomic_store_explicit(ipc_u32(slot), 1, memory_order_release);
        r->slot = slot;
        r->slot_number = i;
        r->owner = generation << 16 | (i + 1);
        ipc_membership_changed(r);
        return 0;
    }
    errno = EUSERS;
    return -1;
}

static inline int ipc_find(struct ipc_ring *r) {
    uint32_t entries = ipc_plain(r->file + 48), at = ipc_plain(r->file + 52);
    for (uint32_t i = 0; at % 8 == 0 && i < entries && at + (uint64_t)(i + 1) * IPC_ENTRY_BYTES <= r->file_bytes; i++) {
        unsigned char *entry = r->file + at + (size_t)i * IPC_ENTRY_BYTES;
        uint32_t type = atomic_load_explicit(ipc_u32(entry), memory_order_acquire);
        uint64_t offset = ipc_plain64(entry + 8), size = ipc_plain64(entry + 16);
        if (type == 0) break;
        if (type != IPC_TYPE_RING || ipc_plain(entry + 4) != 4 || memcmp(entry + IPC_ENTRY_NAME, "ring", 4) != 0) continue;
        if (offset % 64 != 0 || size < IPC_DATA || size > r->file_bytes || offset > r->file_bytes - size) break;
        r->ring = r->file + offset;
        r->capacity = ipc_plain(r->ring + IPC_CAPACITY);
        r->max_message = ipc_plain(r->ring + IPC_MAX_MESSAGE);
        uint32_t when_full = ipc_plain(r->ring + IPC_WHEN_FULL);
        r->fails = when_full == IPC_FAIL;
        if (ipc_plain(r->ring + IPC_VERSION) == 1 && ipc_plain(r->ring + IPC_KIND) == 1
                && ipc_plain(r->ring + IPC_LANES) == 1 && ipc_plain(r->ring + IPC_RECEIVERS) == 1
                && (when_full == IPC_BLOCK || when_full == IPC_FAIL) && r->capacity >= 1024 && (r->capacity & (r->capacity - 1)) == 0 && r->capacity <= size - IPC_DATA
                && r->max_message <= r->capacity / 2 - IPC_HEADER) return 0;
        break;
    }
    errno = EINVAL;
    return -1;
}

static inline int ipc_attach(struct ipc_ring *r) {
    unsigned word = r->role == IPC_RING_SENDER ? IPC_LANE_OWNER : IPC_RECEIVER_OWNER;
    uint32_t nobody = 0;
    if (!atomic_compare_exchange_strong(ipc_u32(r->ring + word), &nobody, r->owner)) {
        errno = EBUSY;
        return -1;
    }
    r->attached = 1;
    if (r->role == IPC_RING_SENDER) {
        r->position = ipc_load64(r, IPC_TAIL) & ~7ULL;
        uint64_t header = atomic_load(ipc_u64(ipc_at(r, r->position)));
        for (uint64_t walked = 0; header != 0;) { /* the last one may have died before it said how far it was */
            uint32_t bytes = ipc_aligned((uint32_t)header);
            if (bytes < IPC_HEADER || bytes > r->capacity - (r->position & (r->capacity - 1)) || walked > r->capacity) {
                errno = EINVAL;
                return -1;
            }
            r->position += bytes;
            walked += bytes;
            header = atomic_load(ipc_u64(ipc_at(r, r->position)));
        }
        ipc_store64(r, IPC_TAIL, r->position);
        r->limit = r->position;
        r->joined_ended = ipc_load(r, IPC_DEPARTED);
        atomic_fetch_add(ipc_u32(r->ring + IPC_JOINED), 1);
    } else {
        atomic_store(ipc_u32(r->ring + IPC_DEPARTURE), 0);
        r->joined_ended = ipc_load(r, IPC_ENDED_JOINED);
        r->died_ended = ipc_load(r, IPC_ENDED_DIED);
        r->position = r->published = ipc_load64(r, IPC_TAKEN) & ~7ULL;
        ipc_store64(r, IPC_HEAD, r->position);
    }
    ipc_changed(r);
    r->changes_seen = ipc_load(r, IPC_CHANGES) - 1; /* to be looked at */
    return 0;
}

/* Says goodbye and leaves. */
static inline void ipc_ring_close(struct ipc_ring *r) {
    if (r->attached) {
        uint32_t mine = r->owner;
        if (r->role == IPC_RING_SENDER) {
            atomic_compare_exchange_strong(ipc_u32(r->ring + IPC_LANE_OWNER), &mine, 0);
        } else {
            ipc_store64(r, IPC_HEAD, r->position);
            atomic_store(ipc_u32(r->ring + IPC_DEPARTURE), 1);
            atomic_fetch_add(ipc_u32(r->ring + IPC_DEPARTED), 1);
            atomic_compare_exchange_strong(ipc_u32(r->ring + IPC_RECEIVER_OWNER), &mine, 0);
        }
        ipc_changed(r);
    }
    if (r->slot != NULL) {
        atomic_store_explicit(ipc_u32(r->slot), 0, memory_order_release);
        ipc_membership_changed(r);
    }
    if (r->file != NULL) munmap(r->file, r->file_bytes);
    if (r->fd >= 0) close(r->fd); /* the beacon goes out */
    memset(r, 0, sizeof *r);
    r->fd = -1;
}

static inline int ipc_map(struct ipc_ring *r) {
    struct stat status;
    if (fstat(r->fd, &status) != 0) return -1;
    if (!S_ISREG(status.st_mode) || status.st_size < 192 || status.st_size > 0x7ffff000) { errno = EINVAL; return -1; }
    r->file_bytes = (size_t)status.st_size;
    void *mapped = mmap(NULL, r->file_bytes, PROT_READ | PROT_WRITE, MAP_SHARED, r->fd, 0);
    if (mapped == MAP_FAILED) return -1;
    r->file = mapped;
    uint64_t magic = atomic_load_explicit(ipc_u64(r->file), memory_order_acquire);
    r->slots = ipc_plain(r->file + 40);
    r->slots_at = ipc_plain(r->file + 44);
    if (memcmp(&magic, "JVMIPCSG", 8) != 0 || ipc_plain(r->file + 8) != 1 || ipc_plain(r->file + 12) != IPC_SLOT_BYTES
            || r->slots > 4096 || r->slots_at % 8 != 0 || r->slots_at + (uint64_t)r->slots * IPC_SLOT_BYTES > r->file_bytes) {
        errno = EINVAL;
        return -1;
    }
    return 0;
}

/* Opens a ring that Java has made, as its sender or its receiver. 0, or -1 with errno; EBUSY if there is one. */
static inline int ipc_ring_open(struct ipc_ring *r, const char *path, enum ipc_ring_role role) {
    memset(r, 0, sizeof *r);
    r->role = role;
    r->fenced = syscall(SYS_membarrier, MEMBARRIER_CMD_REGISTER_GLOBAL_EXPEDITED, 0, 0) != 0;
    r->fd = open(path, O_RDWR | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
    if (r->fd < 0) return -1;
    /* Nobody removes the name meanwhile. */
    int good = ipc_lock(r->fd, F_OFD_SETLKW, F_RDLCK, IPC_LIFECYCLE_BYTE) == 0 && ipc_map(r) == 0 && ipc_find(r) == 0
            && ipc_join(r) == 0;
    ipc_lock(r->fd, F_OFD_SETLK, F_UNLCK, IPC_LIFECYCLE_BYTE);
    if (good && ipc_attach(r) == 0) return 0;
    int why = errno;
    ipc_ring_close(r);
    errno = why;
    return -1;
}

/* ---- the other side ---- */

/* Whether an owned word is held by a process that is dead, though nobody has repaired that yet. */
static inline int ipc_is_dead(struct ipc_ring *r, unsigned word) {
    uint32_t slot = (ipc_load(r, word) & 0xffff) - 1;
    return slot < r->slots && slot != r->slot_number
            && ipc_lock(r->fd, F_OFD_GETLK, F_WRLCK, IPC_LIFECYCLE_BYTE + 1 + slot) == 0;
}

static inline int ipc_receiver_gone(struct ipc_ring *r) {
    uint32_t changes = ipc_load(r, IPC_CHANGES);
    if (changes == r->changes_seen) return 0;
    uint32_t departed = ipc_load(r, IPC_DEPARTED);
    if (ipc_load(r, IPC_RECEIVER_OWNER) != 0) {
        r->had_peer = 1;
        r->joined_ended = departed;
    } else if (r->had_peer || departed != r->joined_ended) {
        return ipc_load(r, IPC_DEPARTURE) == 2 ? IPC_RING_DIED : IPC_RING_CLOSED;
    }
    r->changes_seen = changes;
    return 0;
}

static inline int ipc_sender_gone(struct ipc_ring *r) {
    uint32_t changes = ipc_load(r, IPC_CHANGES);
    if (changes == r->changes_seen) return 0;
    uint32_t joined = ipc_load(r, IPC_JOINED);
    if (ipc_load(r, IPC_LANE_OWNER) != 0) {
        r->changes_seen = changes;
        return 0;
    }
    if (ipc_load64(r, (unsigned)(ipc_at(r, r->position) - r->ring)) != 0) return 0;
    uint32_t died = ipc_load(r, IPC_DIED);
    if (ipc_load(r, IPC_JOINED) != joined) return 0;
    r->changes_seen = changes;
    if (joined == r->joined_ended) return 0;
    int how = died == r->died_ended ? IPC_RING_CLOSED : IPC_RING_DIED;
    atomic_store(ipc_u32(r->ring + IPC_ENDED_DIED), died);
    atomic_store(ipc_u32(r->ring + IPC_ENDED_JOINED), joined);
    r->died_ended = died;
    r->joined_ended = joined;
    return how;
}

/* ---- sending ---- */

static inline void ipc_raise_limit(struct ipc_ring *r, uint64_t freed) {
    int64_t used = (int64_t)(r->position - freed);
    if (used >= 0 && (int64_t)(freed + r->capacity - r->limit) > 0) r->limit = freed + r->capacity;
}

static inline int ipc_has_room(struct ipc_ring *r, uint64_t need) {
    if ((int64_t)(r->position + need - r->limit) <= 0) return 1;
    ipc_raise_limit(r, ipc_load64(r, IPC_HEAD));
    if ((int64_t)(r->position + need - r->limit) <= 0) return 1;
    ipc_raise_limit(r, ipc_load64(r, IPC_TAKEN)); /* what was taken may not have been told yet */
    return (int64_t)(r->position + need - r->limit) <= 0;
}

static inline int ipc_await_room(struct ipc_ring *r, uint64_t need) {
    for (long rounds = 0; !ipc_has_room(r, need); rounds++) {
        int gone = ipc_receiver_gone(r);
        if (gone != 0) return gone;
        if (rounds < IPC_SPINS) continue;
        uint32_t value = atomic_fetch_or(ipc_u32(r->ring + IPC_ROOM), IPC_WAITERS) | IPC_WAITERS;
        ipc_heavy(r);
        if (ipc_has_room(r, need)) return 0;
        ipc_futex_wait(ipc_u32(r->ring + IPC_ROOM), value);
        if (ipc_is_dead(r, IPC_RECEIVER_OWNER) && !ipc_has_room(r, need)) return IPC_RING_DIED;
    }
    return 0;
}

/* Sends a message, and waits for room if the ring was made so. 0, or a reason below 0. */
static inline int ipc_ring_send(struct ipc_ring *r, const void *message, uint32_t length) {
    if (length > r->max_message) return IPC_RING_TOO_LARGE;
    int gone = ipc_receiver_gone(r);
    if (gone != 0) return gone;
    uint32_t bytes = ipc_aligned(length + IPC_HEADER), left = r->capacity - (uint32_t)(r->position & (r->capacity - 1));
    uint32_t padding = bytes > left ? left : 0;
    uint64_t need = (uint64_t)padding + bytes + IPC_HEADER; /* the next header is cleared */
    if (r->fails && !ipc_has_room(r, need)) return IPC_RING_FULL;
    gone = ipc_await_room(r, need);
    if (gone != 0) return gone;
    uint64_t record = r->position + padding, next = record + bytes;
    uint64_t header = (uint64_t)IPC_MESSAGE << 32 | (length + IPC_HEADER);
    memcpy(ipc_at(r, record) + IPC_HEADER, message, length);
    atomic_store_explicit(ipc_u64(ipc_at(r, next)), 0, memory_order_relaxed);
    if (padding == 0) {
        atomic_store_explicit(ipc_u64(ipc_at(r, record)), header, memory_order_release);
    } else {
        atomic_store_explicit(ipc_u64(ipc_at(r, record)), header, memory_order_relaxed);
        atomic_store_explicit(ipc_u64(ipc_at(r, r->position)), (uint64_t)IPC_PADDING << 32 | padding, memory_order_release);
    }
    r->position = next;
    ipc_store64(r, IPC_TAIL, next);
    ipc_signal(r, IPC_ARRIVALS);
    return 0;
}

/* ---- receiving ---- */

static inline void ipc_publish(struct ipc_ring *r) {
    if (r->published == r->position) return;
    r->published = r->position;
    ipc_store64(r, IPC_HEAD, r->position);
    ipc_signal(r, IPC_ROOM);
}

static inline uint64_t ipc_header(struct ipc_ring *r) {
    return atomic_load_explicit(ipc_u64(ipc_at(r, r->position)), memory_order_acquire);
}

static inline int ipc_await_message(struct ipc_ring *r) {
    for (long rounds = 0; ipc_header(r) == 0; rounds++) {
        ipc_publish(r);
        int gone = ipc_sender_gone(r);
        if (gone != 0) return gone;
        if (rounds < IPC_SPINS) continue;
        uint32_t value = atomic_fetch_or(ipc_u32(r->ring + IPC_ARRIVALS), IPC_WAITERS) | IPC_WAITERS;
        ipc_heavy(r);
        if (ipc_header(r) != 0) return 0;
        ipc_futex_wait(ipc_u32(r->ring + IPC_ARRIVALS), value);
        /* what was sent before the death is seen once the death is */
        if (ipc_is_dead(r, IPC_LANE_OWNER) && ipc_header(r) == 0) return IPC_RING_DIED;
    }
    return 0;
}

/* Receives a message, and waits for it. Its length, or a reason below 0; one that is too large for the buffer stays. */
static inline int64_t ipc_ring_receive(struct ipc_ring *r, void *buffer, uint32_t room) {
    int gone = ipc_await_message(r);
    if (gone != 0) return gone;
    uint64_t header = ipc_header(r);
    uint32_t left = r->capacity - (uint32_t)(r->position & (r->capacity - 1));
    uint64_t record = r->position;
    if (header >> 32 == IPC_PADDING) {
        if ((uint32_t)header != left || left == r->capacity) return IPC_RING_DAMAGED;
        record += left; /* the padding is taken with the message behind it */
        left = r->capacity;
        header = atomic_load_explicit(ipc_u64(ipc_at(r, record)), memory_order_acquire);
    }
    uint32_t bytes = (uint32_t)header;
    if (header >> 32 != IPC_MESSAGE || bytes < IPC_HEADER || bytes > r->max_message + IPC_HEADER || ipc_aligned(bytes) > left)
        return IPC_RING_DAMAGED;
    if (bytes - IPC_HEADER > room) return IPC_RING_TOO_LARGE;
    memcpy(buffer, ipc_at(r, record) + IPC_HEADER, bytes - IPC_HEADER);
    r->position = record + ipc_aligned(bytes);
    ipc_store64(r, IPC_TAKEN, r->position);
    ipc_light(r);
    if (r->position - r->published >= r->capacity / 8 || (ipc_load(r, IPC_ROOM) & IPC_WAITERS)) ipc_publish(r);
    return bytes - IPC_HEADER;
}

#endif
