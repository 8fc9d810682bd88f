package org.jvmipc.mq;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.jvmipc.Codecs;
import org.jvmipc.CorruptDataException;
import org.jvmipc.mq.internal.InboxNames;
import org.jvmipc.shm.RingSender;
import org.jvmipc.shm.RingWaiting;
import org.jvmipc.shm.SharedRing;
import org.jvmipc.testkit.NoLeaks;

/** Somebody puts into the ring of an inbox what is no envelope. */
@Timeout(60)
@ExtendWith(NoLeaks.class)
class InboxDamageTest {
    private interface Rounds {
        void run(Inbox<?> inbox, RingSender<byte[]> forger, InboxSender<String> out) throws Exception;
    }

    private static void with(Inbox<?> opened, Rounds rounds) throws Exception {
        try (Inbox<?> inbox = opened;
                SharedRing ring = InboxNames.RINGS.open(inbox.address(), RingWaiting.ADAPTIVE);
                RingSender<byte[]> forger = ring.openSender(Codecs.bytes());
                InboxSender<String> out = Inbox.openSender(inbox.address(), Codecs.utf8())) {
            rounds.run(inbox, forger, out);
        }
    }

    @Test
    void whatIsNoEnvelopeIsNamedAndTheNextMessageComes() throws Exception {
        byte[][] wrong = {{}, {1, 1, 0}, {1, 2, 0, 0, 0, 0, 0, 0}, {9, 1, 0, 0, 0, 0, 0, 0}, {2, 1, 8, 0, 0, 0, 0, 0, 1}
        };
        with(Inbox.open(Inboxes.address(), Codecs.utf8(), Inboxes.SMALL), (inbox, forger, out) -> {
            for (byte[] each : wrong) {
                forger.send(each);
                CorruptDataException corrupt = assertThrows(CorruptDataException.class, inbox::receive);
                String text = String.valueOf(corrupt.getMessage());
                assertTrue(text.startsWith(inbox.address().toString()) && text.contains("envelope"), text);
                out.send("good");
                assertEquals("good", inbox.receive());
            }
        });
    }

    @Test
    void noBytesHarmWhoReceivesMessagesWithTheirHeads() throws Exception {
        Random random = new Random(20_261_129);
        with(Inbox.openMessages(Inboxes.address(), Codecs.utf8(), Inboxes.SMALL), (inbox, forger, out) -> {
            for (int i = 0; i < 20_000; i++) {
                byte[] bytes = new byte[random.nextInt(48)];
                random.nextBytes(bytes);
                if (bytes.length > 1) {
                    bytes[0] = (byte) random.nextInt(5);
                    bytes[1] = 1;
                }
                forger.send(bytes);
                try {
                    inbox.receive();
                } catch (CorruptDataException e) {
                    assertTrue(String.valueOf(e.getMessage())
                            .contains(inbox.address().toString()));
                }
            }
            assertNull(inbox.tryReceive());
        });
    }

    @Test
    void aRequesterDropsWhatIsNoAnswer() throws Exception {
        try (Inbox<InboxMessage<String>> target = Inbox.openMessages(Inboxes.address(), Codecs.utf8(), Inboxes.SMALL);
                InboxRequester<String> requester = InboxRequester.open(target.address(), Codecs.utf8(), Inboxes.SMALL);
                InboxSender<String> out = Inbox.openSender(requester.replyTo(), Codecs.utf8())) {
            out.send("no answer");
            assertNull(requester.tryRequest("anybody?", Duration.ofMillis(50)));
            assertEquals("anybody?", target.receive().body());
        }
    }

    @Test
    void aMessageHasLessThanHalfOfTheCapacity() {
        assertThrows(IllegalArgumentException.class, () -> Inboxes.SMALL.withCapacity(1000));
        assertThrows(
                IllegalArgumentException.class,
                () -> Inboxes.SMALL.withCapacity(1024).withMaxMessage(497));
        assertEquals(496, Inboxes.SMALL.withCapacity(1024).withMaxMessage(496).maxMessageBytes());
    }
}
