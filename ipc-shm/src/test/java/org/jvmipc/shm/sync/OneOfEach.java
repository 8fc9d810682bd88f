package org.jvmipc.shm.sync;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Address;
import org.jvmipc.shm.MemoryArea;
import org.jvmipc.shm.Segment;
import org.jvmipc.shm.SegmentOptions;
import org.jvmipc.testkit.Await;
import org.jvmipc.testkit.Worker;

/**
 * One of each thing that one process at a time holds, in a directory, for tests of what becomes of a holder. Whoever gets one
 * writes that down in shared words, and fails if it is written there that somebody else has it: two holders never pass.
 *
 * <pre>{@code
 * try (OneOfEach each = OneOfEach.open(directory); OneOfEach.Held held = each.take(Kind.MUTEX)) {
 *     ...
 * }
 * }</pre>
 */
final class OneOfEach implements AutoCloseable {
    /** What can be held. */
    enum Kind {
        MUTEX(0),
        ROBUST(8),
        FILE(16),
        PLAIN(24),
        POSIX(32),
        EVENT(40),
        WRITE(48),
        MONITOR(56);

        /** Where the word of its holder is. */
        private final int offset;

        Kind(int offset) {
            this.offset = offset;
        }

        /** Those that come back from the dead. */
        static final List<Kind> COMING_BACK = List.of(MUTEX, ROBUST, FILE, WRITE);

        /** Whether the next holder is told of a death. */
        boolean isTold() {
            return this == MUTEX || this == FILE || this == WRITE;
        }
    }

    private static final int TURN = 64;
    private static final int EVENT_IS_SET = 72;
    private static final int WORDS_BYTES = 80;

    private final Segment segment;
    private final SharedMutex mutex;
    private final SharedSemaphore robust;
    private final SharedSemaphore plain;
    private final PosixSemaphore posix;
    private final FileMutex file;
    private final SharedEvent event;
    private final SharedReadWriteLock readWrite;
    private final Monitor monitor;
    private final MemoryArea words;
    private final long self = ThreadLocalRandom.current().nextLong(1, Long.MAX_VALUE);
    private final Set<Long> dead = ConcurrentHashMap.newKeySet();

    private OneOfEach(Path directory) throws IOException {
        segment = Segment.openOrCreate(place(directory), SegmentOptions.defaults());
        mutex = SharedMutex.openOrCreate(segment, "mutex");
        robust = SharedSemaphore.openOrCreate(segment, "robust", 1, true);
        plain = SharedSemaphore.openOrCreate(segment, "plain", 1, false);
        posix = PosixSemaphore.openOrCreate(posixName(directory), 1);
        file = FileMutex.openOrCreate(directory.resolve("file"));
        event = SharedEvent.openOrCreate(segment, "event", true);
        readWrite = SharedReadWriteLock.openOrCreate(segment, "rwlock", false);
        monitor = new Monitor(segment, "monitor");
        words = segment.areaOrCreate("words", WORDS_BYTES);
        if (words.int64(EVENT_IS_SET).getAndSet(1) == 0) {
            event.set(); // free
        }
    }

    /** Opens those in the directory, and makes them if there are none. */
    static OneOfEach open(Path directory) throws IOException {
        return new OneOfEach(directory);
    }

    /** The segment of a directory. */
    static Address place(Path directory) {
        return Address.of("segment", directory.resolve("segment").toString());
    }

    private static Address posixName(Path directory) {
        return Address.of("posixsem", "/" + directory.toString().replace('/', '_'));
    }

    /** Removes those of the directory. */
    static void remove(Path directory) throws IOException {
        Segment.remove(place(directory));
        PosixSemaphore.remove(posixName(directory));
        FileMutex.remove(directory.resolve("file"));
    }

    Segment segment() {
        return segment;
    }

    SharedMutex mutex() {
        return mutex;
    }

    SharedSemaphore robust() {
        return robust;
    }

    FileMutex file() {
        return file;
    }

    // ---- who holds what

    /** One of them, held until it is closed, by the thread that took it. */
    interface Held extends AutoCloseable {
        /** Whether this holder was told that the one before died. */
        boolean died();

        @Override
        void close();
    }

    /** Waits for it. */
    Held take(Kind kind) throws InterruptedException, IOException {
        return switch (kind) {
            case MUTEX -> held(kind, mutex.lock());
            case FILE -> held(kind, file.lock());
            case WRITE -> held(kind, readWrite.writeLock());
            case ROBUST -> {
                robust.acquire();
                yield held(kind, null);
            }
            case PLAIN -> {
                plain.acquire();
                yield held(kind, null);
            }
            case POSIX -> {
                posix.acquire();
                yield held(kind, null);
            }
            case EVENT -> {
                event.await();
                yield held(kind, null);
            }
            case MONITOR -> {
                monitor.enter();
                yield held(kind, null);
            }
        };
    }

    /** Waits for it so long; null if it is not to be had. */
    @Nullable
    Held tryTake(Kind kind, Duration time) throws InterruptedException, IOException {
        return switch (kind) {
            case MUTEX -> heldOrNull(kind, mutex.tryLock(time));
            case FILE -> heldOrNull(kind, file.tryLock(time));
            case WRITE -> heldOrNull(kind, readWrite.tryWriteLock(time));
            case ROBUST -> robust.tryAcquire(time) ? held(kind, null) : null;
            case PLAIN -> plain.tryAcquire(time) ? held(kind, null) : null;
            case POSIX -> posix.tryAcquire(time) ? held(kind, null) : null;
            case EVENT -> event.tryAwait(time) ? held(kind, null) : null;
            case MONITOR -> monitor.tryEnter(time) ? held(kind, null) : null;
        };
    }

    private @Nullable Held heldOrNull(Kind kind, @Nullable Hold hold) {
        return hold == null ? null : held(kind, hold);
    }

    private Held held(Kind kind, @Nullable Hold hold) {
        boolean died = hold != null && hold.previousOwnerDied();
        enter(kind, died);
        return new Held() {
            @Override
            public boolean died() {
                return died;
            }

            @Override
            public void close() {
                leave(kind);
                if (hold != null) {
                    hold.close();
                } else {
                    give(kind);
                }
            }
        };
    }

    private void give(Kind kind) {
        switch (kind) {
            case ROBUST -> robust.release();
            case PLAIN -> plain.release();
            case POSIX -> posix.release();
            case EVENT -> event.set();
            case MONITOR -> monitor.leave();
            default -> throw new AssertionError(kind);
        }
    }

    private void enter(Kind kind, boolean died) {
        long before = words.int64(kind.offset).getAndSet(self);
        if (before != 0 && !dead.contains(before)) {
            throw new AssertionError(kind + " has two holders, " + before + " and " + self
                    + (died ? ", of whom one is said to be dead" : ""));
        }
    }

    private void leave(Kind kind) {
        long mine = words.int64(kind.offset).getAndSet(0);
        if (mine != self) {
            throw new AssertionError(kind + " was taken by " + mine + " while " + self + " held it");
        }
    }

    /** Who has it, 0 for nobody. */
    long holder(Kind kind) {
        return words.int64(kind.offset).getVolatile();
    }

    /** Whether all of these are held by one other. */
    boolean areHeld(List<Kind> kinds) {
        return kinds.stream().noneMatch(kind -> holder(kind) == 0 || holder(kind) == self);
    }

    /** Who holds these now is to be killed: what he left written is no second holder. */
    void expectDeath(List<Kind> kinds) {
        kinds.forEach(kind -> dead.add(holder(kind)));
    }

    // ---- waiting

    /** A waiter for each of these, in a thread each, all asleep; each tells in the end whether it was told of a death. */
    Map<Kind, Worker<Boolean>> waiters(List<Kind> kinds) throws Exception {
        Map<Kind, Worker<Boolean>> waiters = new EnumMap<>(Kind.class);
        for (Kind kind : kinds) {
            waiters.put(kind, Worker.call(() -> {
                try (Held held = take(kind)) {
                    return held.died();
                }
            }));
        }
        for (Worker<Boolean> waiter : waiters.values()) {
            waiter.awaitBlocked();
        }
        return waiters;
    }

    // ---- the other process

    /** Whose turn it is: a number that one process writes and others wait for. */
    long turn() {
        return words.int64(TURN).getVolatile();
    }

    void setTurn(long turn) {
        words.int64(TURN).setVolatile(turn);
    }

    void awaitTurn(long turn) throws Exception {
        Await.until("turn " + turn, Duration.ofMinutes(2), () -> turn() >= turn);
    }

    /** What a child does that holds all of these until it is killed, or is its turn to give them back. */
    static void hold(Path directory, List<Kind> kinds, Runnable ready) throws Exception {
        try (OneOfEach each = open(directory)) {
            List<Held> all = new ArrayList<>();
            for (Kind kind : kinds) {
                all.add(each.take(kind));
            }
            ready.run();
            each.awaitTurn(1);
            all.forEach(Held::close);
        }
    }

    @Override
    public void close() {
        mutex.close();
        robust.close();
        plain.close();
        posix.close();
        file.close();
        event.close();
        readWrite.close();
        monitor.close();
        segment.close();
    }

    /** The file of the segment. */
    static Path segmentFile(Path directory) {
        return directory.resolve("segment");
    }
}
