package org.jvmipc.internal.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.jvmipc.IpcException;
import org.jvmipc.testkit.Payloads;

/**
 * Ten thousand streams of fragments, each damaged in some way. Whatever the receiver makes of one: it answers messages that
 * were sent, whole, or typed errors; it comes to the end of it; and a good stream behind it is received exactly.
 */
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FragmentDamageTest {
    private static final int DAMAGED_STREAMS = 10_000;
    private static final long SEED = 60_221;
    private static final int SENDERS = 3;
    private static final int FIFO_EVERY = 500;

    /** Looks of the receiver at one stream: far more than it has messages and errors. */
    private static final int MANY_LOOKS = 2_000;

    private final Random random = new Random(SEED);

    @Test
    void everyDamagedStreamIsSurvived() throws Exception {
        int received = 0;
        for (FifoTraffic traffic : FifoTraffic.values()) {
            for (int done = 0; done < DAMAGED_STREAMS / 3 + 1; ) {
                try (RawFifo fifo = new RawFifo();
                        FragmentReceiver<byte[]> receiver = fifo.receiver(traffic);
                        RawFifo.Injector out = fifo.injector()) {
                    for (int i = 0; i < FIFO_EVERY; i++, done++) {
                        received += survive(traffic, receiver, out, done);
                    }
                }
            }
        }
        assertTrue(received > DAMAGED_STREAMS * 2, "only " + received + " messages came through");
    }

    /** How many messages of the damaged stream were received. */
    private int survive(FifoTraffic traffic, FragmentReceiver<byte[]> receiver, RawFifo.Injector out, int number)
            throws IOException {
        String what = traffic + " " + number;
        byte[] damaged = damage(stream(traffic, number), random.nextInt(6));
        // In two writes, so that a look may find a part.
        int cut = random.nextInt(damaged.length + 1);
        out.write(Arrays.copyOf(damaged, cut));
        int count = number % 2 == 0 ? drain(receiver, what) : 0;
        out.write(Arrays.copyOfRange(damaged, cut, damaged.length));
        count += drain(receiver, what);
        // What is left may be the beginning of a large fragment: enough of nothing ends it.
        if (!receiver.ahead.isEmpty()) {
            assertEquals(FifoTraffic.ONE_SENDER, traffic, what);
            out.write(new byte[FragmentLayout.MAX_FRAGMENT_BYTES]);
            drain(receiver, what);
        }
        FragmentImages good = FragmentImages.foreign(SENDERS + number % 100);
        byte[] whole = Payloads.tagged(SEED, SENDERS, number, 50);
        byte[] parts = Payloads.tagged(SEED, SENDERS, number, 300);
        out.write(good.hello(0), good.message(0, whole), good.part(1, 0, 300, Arrays.copyOf(parts, 200)));
        out.write(good.part(1, 200, 300, Arrays.copyOfRange(parts, 200, 300)), good.end(2));
        List<byte[]> received = new ArrayList<>();
        drain(receiver, what, received);
        assertEquals(traffic == FifoTraffic.PACKETS ? 1 : 2, received.size(), what);
        return count;
    }

    private static int drain(FragmentReceiver<byte[]> receiver, String what) {
        return drain(receiver, what, new ArrayList<>());
    }

    /** Receives until there is nothing; every message is one that was sent. */
    private static int drain(FragmentReceiver<byte[]> receiver, String what, List<byte[]> received) {
        for (int look = 0; look < MANY_LOOKS; look++) {
            byte @Nullable [] message;
            try {
                message = look == 0 ? receiver.tryReceive(Duration.ofNanos(1)) : receiver.tryReceive();
                if (message == null && look > 0) {
                    return received.size();
                }
                if (message != null) {
                    assertNotNull(Payloads.verifyTagged(SEED, message), what);
                    received.add(message);
                }
            } catch (IpcException e) {
                assertNotNull(e.getMessage(), what);
            } catch (IOException | InterruptedException | RuntimeException e) {
                throw new AssertionError(what + ": " + e, e);
            }
        }
        throw new AssertionError(what + ": no end of it");
    }

    /** The fragments of a few messages of several senders, as they come. */
    private List<byte[]> stream(FifoTraffic traffic, int number) {
        List<byte[]> fragments = new ArrayList<>();
        long[] next = new long[SENDERS];
        for (int i = 0; i < 6; i++) {
            int sender = random.nextInt(SENDERS);
            FragmentImages images = FragmentImages.foreign(sender);
            long sequence = next[sender]++;
            byte[] message = Payloads.tagged(SEED, sender, number * 10L + i, 20 + random.nextInt(400));
            switch (random.nextInt(4)) {
                case 0 -> fragments.add(
                        images.batch(sequence, message, Payloads.tagged(SEED, sender, number * 10L + 6, 20), message));
                case 1 -> {
                    int half = traffic == FifoTraffic.PACKETS ? message.length : message.length / 2;
                    fragments.add(images.part(sequence, 0, message.length, Arrays.copyOf(message, half)));
                    if (half < message.length) {
                        byte[] rest = Arrays.copyOfRange(message, half, message.length);
                        fragments.add(images.part(sequence, half, message.length, rest));
                    }
                }
                default -> fragments.add(images.message(sequence, message));
            }
        }
        fragments.add(FragmentImages.foreign(random.nextInt(SENDERS)).end(9));
        return fragments;
    }

    private byte[] damage(List<byte[]> fragments, int kind) {
        List<byte[]> changed = new ArrayList<>(fragments);
        int victim = random.nextInt(changed.size());
        switch (kind) {
            case 0 -> Collections.shuffle(changed, random);
            case 1 -> changed.remove(victim);
            case 2 -> changed.add(random.nextInt(changed.size()), changed.get(victim));
            case 3 -> resealed(changed.get(victim));
            default -> {}
        }
        byte[] wire = joined(changed);
        if (kind == 4) {
            for (int i = random.nextInt(3); i >= 0; i--) {
                wire[random.nextInt(wire.length)] ^= (byte) (1 << random.nextInt(8));
            }
        }
        if (kind == 5) { // bytes are missing in the middle, or at one of the ends
            int from = random.nextInt(wire.length);
            int to = Math.min(wire.length, from + 1 + random.nextInt(300));
            byte[] shorter = Arrays.copyOf(wire, wire.length - (to - from));
            System.arraycopy(wire, to, shorter, from, wire.length - to);
            wire = shorter;
        }
        return wire;
    }

    /** A header that lies, under a checksum that is right. */
    private void resealed(byte[] fragment) {
        fragment[random.nextInt(FragmentLayout.HEADER_BYTES)] ^= (byte) (1 << random.nextInt(8));
        FragmentImages.sealed(fragment);
    }

    private static byte[] joined(List<byte[]> fragments) {
        ByteArrayOutputStream wire = new ByteArrayOutputStream();
        fragments.forEach(wire::writeBytes);
        return wire.toByteArray();
    }
}
