package org.jvmipc.mq;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
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
import org.jvmipc.Codecs;
import org.jvmipc.Ipc;
import org.jvmipc.internal.RuntimeDirectory;
import org.jvmipc.testkit.FaultWalk;
import org.jvmipc.testkit.NoLeaks;

/** Any native call of an inbox, and of the segment and the registry under it, fails once in this JVM. */
@ExtendWith(NoLeaks.class)
@Timeout(value = 300, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class InboxSeamTest implements NoLeaks.WarmUp {
    private static final Duration MOMENT = Duration.ofMillis(2);

    private final Address address = Inboxes.address();

    @Override
    public void warmUp() throws Exception {
        try (Inbox<String> inbox = open();
                InboxSender<String> out = Inbox.openSender(address, Codecs.utf8())) {
            out.send("first");
            assertEquals("first", inbox.receive());
        }
    }

    @AfterEach
    void nothingHasTheName() throws IOException {
        assertFalse(Inbox.exists(address));
    }

    private Inbox<String> open() throws IOException {
        return Inbox.open(address, Codecs.utf8(), Inboxes.SMALL);
    }

    private static FaultWalk faults() throws IOException {
        return new FaultWalk()
                .watching(RuntimeDirectory.path().resolve("registry"))
                .onceInSuite();
    }

    @Test
    void openingAndClosing() throws Exception {
        int strikes = faults().walk(round -> {
            Inbox<String> inbox = round.call(this::open);
            round.run(inbox::close);
            round.run(inbox::close);
            assertFalse(Inbox.exists(address));
        });
        assertTrue(strikes > 10, () -> "only " + strikes + " calls pass the seam");
    }

    @Test
    void sendingAndReceiving() throws Exception {
        faults().walk(round -> {
            try (Inbox<String> inbox = open()) {
                InboxSender<String> out = round.call(() -> Inbox.openSender(address, Codecs.utf8()));
                round.run(() -> out.send("first"));
                assertEquals("first", round.call(inbox::receive));
                round.run(() -> assertNull(inbox.tryReceive(MOMENT)));
                round.run(() -> assertTrue(out.trySend("second", MOMENT)));
                round.run(out::close);
                assertEquals("second", round.call(inbox::receive));
            }
        });
    }

    @Test
    void waitingForWhoeverHasIt() throws Exception {
        faults().walk(round -> {
            round.run(() -> assertNull(Inbox.tryAwaitSender(address, Codecs.utf8(), MOMENT)));
            try (Inbox<String> inbox = open()) {
                InboxSender<String> out =
                        round.call(() -> Inbox.tryAwaitSender(address, Codecs.utf8(), Duration.ofSeconds(60)));
                assertNotNull(out);
                out.close();
                assertTrue(inbox.isOpen());
            }
        });
    }

    @Test
    void requestsAndReplies() throws Exception {
        faults().walk(round -> {
            try (Inbox<InboxMessage<String>> inbox = Inbox.openMessages(address, Codecs.utf8(), Inboxes.SMALL);
                    InboxReplier<String> replier = new InboxReplier<>(Codecs.utf8())) {
                InboxRequester<String> requester =
                        round.call(() -> InboxRequester.open(address, Codecs.utf8(), Inboxes.SMALL));
                round.run(() -> assertNull(requester.tryRequest("unanswered", MOMENT)));
                InboxMessage<String> request = inbox.receive();
                assertEquals("unanswered", request.body());
                round.run(() -> assertTrue(replier.reply(request, "too late")));
                round.run(requester::close);
            }
        });
    }

    @Test
    void askingForIt() throws Exception {
        faults().walk(round -> {
            try (Inbox<String> inbox = open()) {
                assertTrue(round.call(() -> Inbox.exists(address)));
                assertFalse(round.call(() -> Ipc.inspect(address)).isEmpty());
                assertTrue(inbox.isOpen());
            }
        });
    }
}
