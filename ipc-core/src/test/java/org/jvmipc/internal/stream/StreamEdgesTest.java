package org.jvmipc.internal.stream;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.jvmipc.Batch;
import org.jvmipc.Codec;
import org.jvmipc.CorruptDataException;
import org.jvmipc.PeerGoneException;
import org.jvmipc.internal.posix.NativeBuffer;
import org.jvmipc.testkit.Await;
import org.jvmipc.testkit.Worker;

/** What went wrong once: byte order across frames, buffers used twice, handlers and noise that hold up a close. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class StreamEdgesTest {
    /** A number at the start of as many bytes as the number says. */
    private static final Codec<Long> SIZED_NUMBER = new Codec<>() {
        @Override
        public int size(Long message) {
            return message.intValue();
        }

        @Override
        public void encode(Long message, ByteBuffer target) {
            int start = target.position();
            target.putLong(message).position(start + message.intValue());
        }

        @Override
        public Long decode(ByteBuffer source) {
            assertTrue(source.isReadOnly());
            return source.getLong();
        }
    };

    @Test
    void everyMessageIsLittleEndianWhateverItsSize() throws Exception {
        try (RawPipe pipe = new RawPipe()) {
            FramedSender<Long> sender =
                    new FramedSender<>(pipe.writing, RawPipe.ADDRESS, Set.of(), SIZED_NUMBER, 1 << 20);
            FramedReceiver<Long> receiver =
                    new FramedReceiver<>(pipe.reading, RawPipe.ADDRESS, Set.of(), SIZED_NUMBER, 1 << 20);
            for (long size : new long[] {8, 4084, 4085, 65_524, 65_525, 200_000}) {
                sender.send(size);
                assertEquals(size, receiver.receive());
            }
            sender.sendAll(List.of(9L, 70_000L, 10L));
            assertEquals(
                    List.of(9L, 70_000L, 10L), List.of(receiver.receive(), receiver.receive(), receiver.receive()));
        }
    }

    @Test
    void messageDecodedToNullIsAnErrorAndNotSilence() throws Exception {
        Codec<byte[]> toNull = new Codec<>() {
            @Override
            public int size(byte[] message) {
                return message.length;
            }

            @Override
            public void encode(byte[] message, ByteBuffer target) {
                target.put(message);
            }

            @Override
            @SuppressWarnings("NullAway") // on purpose
            public byte[] decode(ByteBuffer source) {
                return source.remaining() == 1 ? nothing() : new byte[source.remaining()];
            }

            @SuppressWarnings("NullAway")
            private byte[] nothing() {
                return null;
            }
        };
        try (RawPipe pipe = new RawPipe()) {
            FramedSender<byte[]> sender = pipe.framedSender();
            FramedReceiver<byte[]> receiver =
                    new FramedReceiver<>(pipe.reading, RawPipe.ADDRESS, Set.of(), toNull, 1000);
            sender.send(new byte[1]);
            sender.sendAll(List.of(new byte[1], new byte[2]));
            assertThrows(CorruptDataException.class, receiver::receive);
            assertThrows(CorruptDataException.class, receiver::tryReceive);
            assertEquals(2, receiver.receive().length);
        }
    }

    @Test
    void batchAfterACloseDoesNotTouchWhatTheGoodbyeStillWrites() throws Exception {
        RawPipe pipe = new RawPipe();
        FramedSender<byte[]> sender = pipe.framedSender();
        FramedReceiver<byte[]> receiver = pipe.framedReceiver();
        byte[] filler = new byte[60_000];
        int fillers = 0;
        while (sender.trySend(filler)) {
            fillers++;
        }
        try (Worker<Boolean> flusher = Worker.run(() -> {
            try (Batch<byte[]> batch = sender.batch()) {
                batch.add(new byte[30_000]);
                batch.add(new byte[30_000]);
                batch.flush();
            } finally {
                assertThrows(ClosedChannelException.class, () -> sender.batch().add(new byte[50_000]));
            }
        })) {
            flusher.awaitBlocked();
            try (Worker<Boolean> closer = Worker.run(sender::close)) {
                flusher.failure(AsynchronousCloseException.class);
                int got = 0; // a part of the batch was out; the goodbye completes it
                try {
                    while (true) {
                        receiver.receive();
                        got++;
                    }
                } catch (PeerGoneException e) {
                    assertEquals(PeerGoneException.Reason.CLOSED, e.reason());
                }
                assertTrue(got == fillers || got == fillers + 2, "the batch whole or not at all: " + got);
                closer.result();
            }
        }
        receiver.close();
    }

    @Test
    void oneInterruptEndsSendAll() throws Exception {
        try (RawPipe pipe = new RawPipe()) {
            FramedSender<byte[]> sender = pipe.framedSender();
            FramedReceiver<byte[]> receiver = pipe.framedReceiver();
            List<byte[]> many = Collections.nCopies(5000, new byte[1000]);
            try (Worker<Boolean> worker = Worker.run(() -> sender.sendAll(many))) {
                worker.awaitBlocked();
                worker.interrupt();
                worker.failure(InterruptedException.class, Duration.ofSeconds(5));
            }
            int got = 0;
            while (receiver.tryReceive() != null) {
                got++;
            }
            assertTrue(got > 0 && got < 5000, "a leading part: " + got);
            sender.send(new byte[3]);
            byte @Nullable [] next = receiver.receive();
            while (next != null && next.length == 1000) {
                next = receiver.receive(); // of the frame that was under way
            }
            assertArrayEquals(new byte[3], next);
        }
    }

    @Test
    void closeDoesNotWaitForAHandler() throws Exception {
        for (boolean draining : new boolean[] {true, false}) {
            RawPipe pipe = new RawPipe();
            try (pipe.writing) {
                FramedReceiver<byte[]> receiver = pipe.framedReceiver();
                pipe.framedSender().sendAll(Collections.nCopies(10, new byte[5]));
                CountDownLatch inHandler = new CountDownLatch(2);
                CountDownLatch goOn = new CountDownLatch(1);
                AtomicBoolean again = new AtomicBoolean();
                try (Worker<Boolean> worker = Worker.run(() -> {
                    if (draining) {
                        receiver.drain(message -> block(inHandler, goOn, again), 100);
                    } else {
                        assertThrows(
                                ClosedChannelException.class,
                                () -> receiver.forEach(message -> block(inHandler, goOn, again)));
                    }
                })) {
                    assertTrue(inHandler.await(10, TimeUnit.SECONDS));
                    try (Worker<Boolean> closer = Worker.run(receiver::close)) {
                        closer.result(Duration.ofSeconds(5));
                    }
                    goOn.countDown();
                    worker.result();
                }
                assertTrue(!again.get(), "a message was handed over after the close");
                Await.until(
                        "the descriptor is closed in the end", () -> pipe.writing.write(new NativeBuffer(1), 0, 1) < 0);
            }
        }
    }

    /** Blocks in the second message, so that it is one that was read ahead. */
    private static void block(CountDownLatch inHandler, CountDownLatch goOn, AtomicBoolean again) {
        if (inHandler.getCount() == 0) {
            again.set(true);
        }
        inHandler.countDown();
        if (inHandler.getCount() > 0) {
            return;
        }
        try {
            goOn.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void handlerMayCloseItsReceiver() throws Exception {
        RawPipe pipe = new RawPipe();
        try (pipe.writing) {
            FramedReceiver<byte[]> receiver = pipe.framedReceiver();
            pipe.framedSender().sendAll(Collections.nCopies(10, new byte[5]));
            int count = receiver.drain(
                    message -> {
                        try {
                            receiver.close();
                        } catch (java.io.IOException e) {
                            throw new java.io.UncheckedIOException(e);
                        }
                    },
                    100);
            assertEquals(1, count);
        }
    }

    /** A peer that sends frames without a message for ever, faster than they can be taken. */
    @Test
    void noiseHoldsUpNeitherTryNorDeadlineNorCloseNorInterrupt() throws Exception {
        RawPipe pipe = new RawPipe();
        AtomicBoolean stop = new AtomicBoolean();
        FramedReceiver<byte[]> receiver = pipe.framedReceiver();
        try (Worker<Boolean> noise = Worker.run(() -> makeNoise(pipe, stop))) {
            for (int i = 0; i < 20; i++) {
                assertNull(receiver.tryReceive());
                assertNull(receiver.tryReceive(Duration.ofMillis(20)));
            }
            try (Worker<byte[]> reader = Worker.call(receiver::receive)) {
                reader.interrupt();
                reader.failure(InterruptedException.class, Duration.ofSeconds(5));
            }
            try (Worker<byte @Nullable []> reader = Worker.call(() -> receiver.tryReceive(Duration.ofDays(1)))) {
                reader.interrupt();
                reader.failure(InterruptedException.class, Duration.ofSeconds(5));
            }
            try (Worker<byte @Nullable []> reader = Worker.call(() -> receiver.tryReceive(Duration.ofDays(1)))) {
                receiver.close();
                reader.failure(ClosedChannelException.class, Duration.ofSeconds(5));
            }
            stop.set(true);
            noise.result();
        } finally {
            stop.set(true);
            pipe.close();
        }
    }

    /** Frames of batches without messages, as many as the pipe takes. */
    private static void makeNoise(RawPipe pipe, AtomicBoolean stop) {
        java.util.zip.CRC32C crc = new java.util.zip.CRC32C();
        NativeBuffer frames = new NativeBuffer(FrameLayout.MAX_FRAME_BYTES);
        int used = 0;
        while (used + FrameLayout.OVERHEAD_BYTES <= frames.capacity()) {
            FrameLayout.seal(frames, used, FrameLayout.BATCH, 0, crc);
            used += FrameLayout.OVERHEAD_BYTES;
        }
        int at = 0;
        while (!stop.get()) {
            int written = pipe.writing.write(frames, at, used - at);
            if (written > 0) {
                at = (at + written) % used;
            } else if (written != org.jvmipc.internal.posix.PolledFd.WOULD_BLOCK) {
                return; // the reader has closed
            }
        }
    }

    /** Numbers are given again at once, so a question asked of a closed pipe would be answered by another one. */
    @Test
    void questionsDuringACloseAreNeverAnsweredByAnotherFile() throws Exception {
        for (int round = 0; round < 200; round++) {
            RawPipe pipe = new RawPipe();
            CountDownLatch asking = new CountDownLatch(1);
            try (Worker<Boolean> asker = Worker.run(() -> {
                while (true) {
                    assertEquals(1 << 20, pipe.reading.pipeCapacity());
                    asking.countDown();
                }
            })) {
                assertTrue(asking.await(10, TimeUnit.SECONDS));
                pipe.close();
                asker.failure(ClosedChannelException.class, Duration.ofSeconds(5));
            }
        }
    }

    @Test
    void halfAFrameIsNoReasonToSpin() throws Exception {
        try (RawPipe pipe = new RawPipe()) {
            FramedReceiver<byte[]> receiver = pipe.framedReceiver();
            pipe.framedSender().send(new byte[100]);
            byte[] frame = pipe.contents();
            pipe.inject(java.util.Arrays.copyOf(frame, 50));
            assertTrue(receiver.ready(), "something came");
            assertNull(receiver.tryReceive());
            assertTrue(!receiver.ready(), "half a frame is nothing to receive");
            pipe.inject(java.util.Arrays.copyOfRange(frame, 50, frame.length));
            assertTrue(receiver.ready());
            assertEquals(100, receiver.receive().length);
        }
    }
}
