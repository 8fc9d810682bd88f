package org.jvmipc.mq;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.jvmipc.Address;
import org.jvmipc.Codecs;
import org.jvmipc.PeerGoneException;
import org.jvmipc.process.ChildJvm;
import org.jvmipc.process.JvmLauncher;
import org.jvmipc.process.ParentJvm;

/**
 * Inboxes in five steps, to be read from the top. What runs in the other process is in a class of its own, as it would be in a
 * program.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Timeout(120)
class InboxTutorialTest {
    private static final Address ADA = Address.of("inbox:tutorial-ada");

    @Test
    @Order(1)
    void aMessageGoesStraightToTheOneItIsFor() throws Exception {
        try (Inbox<String> inbox = Inbox.open(ADA, Codecs.utf8()); // this process is ada from now on
                InboxSender<String> out = Inbox.openSender(ADA, Codecs.utf8())) {
            out.send("you have mail");
            assertEquals("you have mail", inbox.receive());
            assertNull(inbox.tryReceive());
            assertNull(inbox.tryReceive(Duration.ofMillis(5)));
        } // and not any more
    }

    @Test
    @Order(2)
    void aNameHasOneOwner() throws Exception {
        try (Inbox<String> inbox = Inbox.open(ADA, Codecs.utf8())) {
            InboxTakenException taken = assertThrows(InboxTakenException.class, () -> Inbox.open(ADA, Codecs.utf8()));
            assertEquals(ProcessHandle.current().pid(), taken.pid());
            assertTrue(inbox.isOpen());
        }
    }

    /** Another process: has the inbox, and answers. */
    static final class Sums {
        public static void main(String[] arguments) throws Exception {
            InboxOptions options = InboxOptions.defaults().withSenders(4).withCapacity(64 << 10);
            try (Inbox<InboxMessage<Long>> inbox =
                            Inbox.openMessages(ParentJvm.get().address("sums"), Codecs.int64(), options);
                    InboxReplier<Long> replier = new InboxReplier<>(Codecs.int64())) {
                ParentJvm.get().ready();
                inbox.forEach(request -> answer(replier, request));
            }
        }

        private static void answer(InboxReplier<Long> replier, InboxMessage<Long> request) {
            try {
                replier.reply(request, request.body() + 1); // false if nobody waits for it any more
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private static ChildJvm sums(Address address) throws Exception {
        return JvmLauncher.of(Sums.class).handOver("sums", address).start();
    }

    @Test
    @Order(3)
    void whoWantsToSendCanWaitForAnOwner() throws Exception {
        Address address = Address.of("inbox:tutorial-sums");
        assertNull(Inbox.tryAwaitSender(address, Codecs.int64(), Duration.ofMillis(20)));
        try (ChildJvm child = sums(address);
                InboxSender<Long> out = Inbox.awaitSender(address, Codecs.int64())) {
            out.send(1L);
            assertTrue(child.isAlive());
        }
        Inbox.remove(address); // what a killed one leaves; the next owner would do that too
    }

    @Test
    @Order(4)
    void aRequestIsAnswered() throws Exception {
        Address address = Address.of("inbox:tutorial-sums");
        try (ChildJvm child = sums(address)) {
            child.awaitReady();
            try (InboxRequester<Long> requester = InboxRequester.open(address, Codecs.int64())) {
                assertEquals(42, requester.request(41L));
                assertNotNull(requester.tryRequest(1L, Duration.ofSeconds(60)));
            }
        }
        Inbox.remove(address);
    }

    @Test
    @Order(5)
    void theDeathOfTheTargetIsToldAtOnce() throws Exception {
        Address address = Address.of("inbox:tutorial-sums");
        try (ChildJvm child = sums(address)) {
            child.awaitReady();
            try (InboxSender<Long> out = Inbox.openSender(address, Codecs.int64())) {
                child.kill();
                PeerGoneException gone = assertThrows(PeerGoneException.class, () -> {
                    while (true) {
                        out.send(0L); // what was sent to the dead one comes to nobody
                    }
                });
                assertEquals(PeerGoneException.Reason.DIED, gone.reason());
            }
        }
        try (Inbox<Long> next = Inbox.open(address, Codecs.int64())) { // the name is free
            assertNull(next.tryReceive());
        }
    }
}
