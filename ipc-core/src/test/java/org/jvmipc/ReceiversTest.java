package org.jvmipc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.jvmipc.testkit.Await;
import org.jvmipc.testkit.Worker;

/** Iteration, stream and handler. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ReceiversTest {
    private OneLoopback loop;
    /** What onEnd was called with, in order. */
    private final BlockingQueue<Optional<Throwable>> ends = new LinkedBlockingQueue<>();

    private final BlockingQueue<String> handled = new LinkedBlockingQueue<>();

    @BeforeEach
    void open() throws Exception {
        loop = new OneLoopback();
    }

    @AfterEach
    void close() throws Exception {
        loop.close();
        Await.until("its threads end", () -> loop.threads().getAsLong() == 0);
    }

    // ---- iteration

    @Test
    void iteratesToTheEndOfTheStream() throws Exception {
        loop.send("a", "b");
        loop.out.close();
        List<String> got = new ArrayList<>();
        for (String message : Receivers.iterate(loop.in)) {
            got.add(message);
        }
        assertEquals(List.of("a", "b"), got);
        Iterator<String> after = Receivers.iterate(loop.in).iterator();
        assertFalse(after.hasNext());
        assertThrows(NoSuchElementException.class, after::next);
    }

    @Test
    void takesOneMessageHoweverOftenItIsAsked() throws Exception {
        loop.send("a", "b");
        Iterator<String> iterator = Receivers.iterate(loop.in).iterator();
        assertTrue(iterator.hasNext());
        assertTrue(iterator.hasNext());
        assertEquals("a", iterator.next());
        assertEquals("b", loop.in.receive());
    }

    @Test
    void wrapsWhatTheReceiverThrows() throws Exception {
        Iterator<String> iterator = Receivers.iterate(loop.in).iterator();
        loop.in.close();
        UncheckedIOException e = assertThrows(UncheckedIOException.class, iterator::hasNext);
        assertInstanceOf(ClosedChannelException.class, e.getCause());
    }

    @Test
    void keepsAnInterruptAndGoesOnAfterIt() throws Exception {
        Iterator<String> iterator = Receivers.iterate(loop.in).iterator();
        CountDownLatch interrupted = new CountDownLatch(1);
        try (Worker<String> worker = Worker.call(() -> {
            UncheckedIOException e = assertThrows(UncheckedIOException.class, iterator::next);
            assertInstanceOf(InterruptedIOException.class, e.getCause());
            assertTrue(Thread.interrupted());
            interrupted.countDown();
            return iterator.next();
        })) {
            worker.awaitBlocked();
            worker.interrupt();
            assertTrue(interrupted.await(10, TimeUnit.SECONDS));
            loop.send("after");
            assertEquals("after", worker.result());
        }
    }

    @Test
    void aStreamThatEndsEarlyLeavesTheRest() throws Exception {
        loop.send("a", "b", "c");
        assertEquals(List.of("a", "b"), Receivers.stream(loop.in).limit(2).toList());
        loop.out.close();
        assertEquals(1, Receivers.stream(loop.in).count());
    }

    // ---- handler

    private ReceiveLoop handle() {
        return Receivers.handle(loop.in, handled::add, failure -> ends.add(Optional.ofNullable(failure)));
    }

    @Test
    void handlesToTheEndOfTheStream() throws Exception {
        loop.send("a", "b");
        try (ReceiveLoop handling = handle()) {
            loop.send("c");
            assertFalse(handling.tryAwait(Duration.ofMillis(20)));
            assertTrue(handling.isRunning());
            loop.out.close();
            handling.await();
            assertTrue(handling.tryAwait(Duration.ZERO));
            assertFalse(handling.isRunning());
        }
        assertEquals(List.of("a", "b", "c"), List.copyOf(handled));
        assertEquals(List.of(Optional.empty()), List.copyOf(ends));
        assertTrue(loop.in.isOpen());
    }

    @Test
    void handsOverWhatTheHandlerThrows() throws Exception {
        loop.send("a", "b");
        AssertionError failure = new AssertionError("the handler's");
        try (ReceiveLoop handling = Receivers.handle(
                loop.in,
                message -> {
                    throw failure;
                },
                thrown -> ends.add(Optional.ofNullable(thrown)))) {
            handling.await();
        }
        assertSame(failure, ends.take().orElseThrow());
        assertTrue(ends.isEmpty());
        assertEquals("b", loop.in.receive());
    }

    @Test
    void handsOverWhatTheReceiverThrows() throws Exception {
        try (ReceiveLoop handling = handle()) {
            loop.in.close();
            handling.await();
        }
        assertInstanceOf(ClosedChannelException.class, ends.take().orElseThrow());
        assertTrue(ends.isEmpty());
    }

    @Test
    void closeEndsAWaitAndLeavesTheReceiverUsable() throws Exception {
        ReceiveLoop handling = handle();
        handling.close();
        handling.close();
        assertEquals(List.of(Optional.empty()), List.copyOf(ends));
        loop.send("later");
        assertEquals("later", loop.in.receive());
        assertTrue(handled.isEmpty());
    }

    @Test
    @SuppressWarnings("try") // closes early on purpose
    void closeWaitsForTheHandlerAndDoesNotInterruptIt() throws Exception {
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        AtomicBoolean interrupted = new AtomicBoolean();
        loop.send("a", "b");
        try (ReceiveLoop handling = Receivers.handle(
                        loop.in,
                        message -> {
                            inside.countDown();
                            try {
                                goOn.await();
                            } catch (InterruptedException e) {
                                interrupted.set(true);
                            }
                        },
                        failure -> {});
                Worker<Boolean> closer = Worker.run(() -> {
                    inside.await();
                    handling.close();
                })) {
            closer.awaitBlocked();
            goOn.countDown();
            closer.result();
            assertFalse(handling.isRunning());
        }
        assertFalse(interrupted.get());
        assertEquals("b", loop.in.receive());
    }

    @Test
    void theHandlerMayCloseTheLoop() throws Exception {
        AtomicReference<ReceiveLoop> handling = new AtomicReference<>();
        CountDownLatch set = new CountDownLatch(1);
        handling.set(Receivers.handle(
                loop.in,
                message -> {
                    try {
                        set.await();
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                    handling.get().close();
                },
                failure -> ends.add(Optional.ofNullable(failure))));
        set.countDown();
        loop.send("a", "b");
        handling.get().await();
        assertEquals(List.of(Optional.empty()), List.copyOf(ends));
        assertEquals("b", loop.in.receive());
    }

    /** Between the last look and the wait, in it, and just after a message has come: no close is missed, no message lost. */
    @Test
    void closesAtRandomMomentsLoseNothing() throws Exception {
        int count = 500;
        try (Worker<Boolean> writer = Worker.run(() -> {
            for (int i = 0; i < count; i++) {
                loop.send("" + i);
            }
        })) {
            while (handled.size() < count) {
                ReceiveLoop handling = handle();
                Thread.onSpinWait();
                handling.close();
            }
            writer.result();
        }
        assertNull(loop.in.tryReceive());
        List<String> all = List.copyOf(handled);
        for (int i = 0; i < count; i++) {
            assertEquals("" + i, all.get(i));
        }
        assertTrue(ends.stream().allMatch(Optional::isEmpty));
    }

    @Test
    @SuppressWarnings("NullAway")
    void refusesNullAtOnce() {
        assertThrows(NullPointerException.class, () -> Receivers.iterate(null));
        assertThrows(NullPointerException.class, () -> Receivers.publisher(null));
        assertThrows(NullPointerException.class, () -> Receivers.handle(loop.in, null, failure -> {}));
        assertThrows(NullPointerException.class, () -> Receivers.handle(loop.in, message -> {}, null));
    }
}
