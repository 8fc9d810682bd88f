package org.jvmipc.mq;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.jvmipc.Address;
import org.jvmipc.Batch;
import org.jvmipc.Codecs;
import org.jvmipc.Ipc;
import org.jvmipc.internal.RuntimeDirectory;
import org.jvmipc.testkit.FaultWalk;
import org.jvmipc.testkit.NoLeaks;
import org.jvmipc.testkit.Worker;

/** Any native call of a kernel message queue, and of the registry under it, fails once in this JVM. */
@ExtendWith(NoLeaks.class)
@Timeout(value = 90, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PosixMessageQueueSeamTest implements NoLeaks.WarmUp {
    private static final Duration MOMENT = Duration.ofMillis(2);

    private final Address address = PosixNames.address();

    @Override
    public void warmUp() throws Exception {
        PosixMessageQueue<String> queue = create();
        try (PosixMessageReceiver<String> in = queue.openReceiver()) {
            in.tryReceive(MOMENT);
        }
        remove();
    }

    @AfterEach
    void remove() throws IOException {
        PosixMessageQueue.remove(address);
    }

    private PosixMessageQueue<String> create() throws IOException {
        return PosixMessageQueue.create(address, Codecs.utf8(), PosixNames.OPTIONS.withDepth(1));
    }

    private static FaultWalk faults() throws IOException {
        return new FaultWalk().watching(RuntimeDirectory.path().resolve("registry"));
    }

    @Test
    void creatingAndRemoving() throws Exception {
        for (String parameter : new String[] {"mode", "owned"}) {
            Address wanted = address.with(parameter, parameter.equals("mode") ? "0640" : "");
            int strikes = faults().walk(round -> {
                round.run(() -> PosixMessageQueue.create(wanted, Codecs.utf8(), PosixNames.OPTIONS));
                assertEquals(
                        parameter.equals("mode") ? "0640" : "0600",
                        Ipc.inspect(address).get("mode"));
                assertTrue(round.call(() -> PosixMessageQueue.exists(address)));
                round.run(() -> PosixMessageQueue.remove(address));
                assertFalse(PosixMessageQueue.exists(address));
            });
            assertTrue(strikes > 0);
        }
    }

    @Test
    void openingOrCreating() throws Exception {
        faults().walk(round -> {
            round.run(() -> PosixMessageQueue.openOrCreate(address, Codecs.utf8(), PosixNames.OPTIONS));
            round.run(() -> PosixMessageQueue.openOrCreate(address, Codecs.utf8(), PosixNames.OPTIONS));
            remove();
        });
    }

    @Test
    void sendingAndReceiving() throws Exception {
        faults().walk(round -> {
            PosixMessageQueue<String> queue = create();
            try (PosixMessageSender<String> out = round.call(queue::openSender);
                    PosixMessageReceiver<String> in = round.call(queue::openReceiver)) {
                round.run(() -> out.send("first", 5));
                round.run(() -> assertFalse(out.trySend("no room", MOMENT)));
                assertEquals(new PrioritizedMessage<>("first", 5), round.call(in::receivePrioritized));
                round.run(() -> assertNull(in.tryReceive(MOMENT)));
                round.run(() -> assertNull(in.tryReceive()));
                round.run(() -> assertTrue(out.trySend("second")));
                assertEquals("second", round.call(in::receive));
                assertNull(in.tryReceive());
                round.run(out::close);
                round.run(in::close);
            }
            remove();
        });
    }

    @Test
    void aReceiverThatWaits() throws Exception {
        faults().everyThread().walk(round -> {
            PosixMessageQueue<String> queue = create();
            try (PosixMessageSender<String> out = queue.openSender();
                    PosixMessageReceiver<String> in = queue.openReceiver()) {
                round.run(() -> {
                    try (Worker<String> reader = Worker.call(in::receive)) {
                        reader.awaitBlockedOrEnded();
                    } // which interrupts it
                    assertNull(in.tryReceive());
                });
                out.send("after it");
                assertEquals("after it", in.receive());
            }
            remove();
        });
    }

    @Test
    void aBatch() throws Exception {
        faults().walk(round -> {
            PosixMessageQueue<String> queue = create();
            try (PosixMessageSender<String> out = queue.openSender();
                    PosixMessageReceiver<String> in = queue.openReceiver()) {
                round.run(() -> {
                    try (Batch<String> batch = out.batch()) {
                        batch.add("at once");
                    }
                });
                assertEquals("at once", in.tryReceive());
                Batch<String> batch = out.batch();
                batch.add("first");
                batch.add("held"); // there is no room
                assertEquals("first", in.tryReceive());
                round.attempt(batch::flush); // one that has failed is over
                batch.close();
                in.tryReceive();
                assertNull(in.tryReceive());
            }
            remove();
        });
    }

    @Test
    void askingForIt() throws Exception {
        faults().walk(round -> {
            PosixMessageQueue<String> queue = create();
            round.run(() -> assertEquals(0, queue.status().messages()));
            assertEquals("0600", round.call(() -> Ipc.inspect(address).get("mode")));
            assertEquals(
                    3, round.call(() -> Ipc.scheme("posixmq").settings(address)).size());
            remove();
        });
    }
}
