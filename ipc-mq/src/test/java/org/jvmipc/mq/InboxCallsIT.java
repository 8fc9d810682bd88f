package org.jvmipc.mq;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.jvmipc.Address;
import org.jvmipc.Codecs;
import org.jvmipc.internal.RuntimeDirectory;
import org.jvmipc.process.ChildJvm;
import org.jvmipc.process.ParentJvm;
import org.jvmipc.testkit.ChildMain;
import org.jvmipc.testkit.ChildProgram;
import org.jvmipc.testkit.Children;
import org.jvmipc.testkit.FaultSeam;
import org.jvmipc.testkit.KillWalk;
import org.jvmipc.testkit.NoLeaks;

/** A child dies at any native call of an inbox's life: the next owner gets the name at once, with nothing in it. */
@ExtendWith(NoLeaks.class)
@Timeout(value = 300, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class InboxCallsIT implements NoLeaks.WarmUp {
    private final Address address = Inboxes.address();

    @Override
    public void warmUp() throws Exception {
        try (ChildJvm child = ChildMain.launcher(Owns.class, address).start()) {
            Children.assertExit(0, child);
        }
        takeOver();
        try (Inbox<String> inbox = Inbox.open(address, Codecs.utf8(), Inboxes.SMALL);
                ChildJvm child = ChildMain.launcher(Sends.class, address).start()) {
            Children.assertExit(0, child);
            assertEquals("first", inbox.receive());
        }
    }

    /** Opens it, sends into it, receives half, closes it. */
    static final class Owns implements ChildProgram {
        @Override
        public void run(ParentJvm parent, String[] arguments) throws Exception {
            Address own = Address.of(arguments[0]);
            FaultSeam.underKill(() -> {
                try (Inbox<String> inbox = Inbox.open(own, Codecs.utf8(), Inboxes.SMALL);
                        InboxSender<String> out = Inbox.openSender(own, Codecs.utf8())) {
                    out.send("of the dead one");
                    out.send("of the dead one too");
                    assertEquals("of the dead one", inbox.receive());
                }
            });
        }
    }

    /** Asks, and is not answered. */
    static final class Sends implements ChildProgram {
        @Override
        public void run(ParentJvm parent, String[] arguments) throws Exception {
            Address to = Address.of(arguments[0]);
            FaultSeam.underKill(() -> {
                try (InboxSender<String> out = Inbox.openSender(to, Codecs.utf8())) {
                    out.send("first");
                    out.send("second");
                }
            });
        }
    }

    private void takeOver() throws Exception {
        try (Inbox<String> inbox = Inbox.open(address, Codecs.utf8(), Inboxes.SMALL)) {
            assertNull(inbox.tryReceive());
            try (InboxSender<String> out = Inbox.openSender(address, Codecs.utf8())) {
                out.send("of the next one");
            }
            assertEquals("of the next one", inbox.receive());
            assertNull(inbox.tryReceive());
        }
        assertFalse(Inbox.exists(address));
    }

    @Test
    void theNextOwnerBeginsAnew() throws Exception {
        int kills = new KillWalk()
                .watching(RuntimeDirectory.path().resolve("registry"))
                .walk(victim -> {
                    victim.awaitEnd(victim.start(Owns.class, address));
                    takeOver();
                });
        assertTrue(kills > 0);
    }

    @Test
    void theOwnerOfAKilledSendersTargetGoesOn() throws Exception {
        new KillWalk().watching(RuntimeDirectory.path().resolve("registry")).walk(victim -> {
            try (Inbox<String> inbox = Inbox.open(address, Codecs.utf8(), Inboxes.SMALL)) {
                victim.awaitEnd(victim.start(Sends.class, address));
                String first = inbox.tryReceive();
                assertTrue(first == null || first.equals("first"), first);
                String second = inbox.tryReceive();
                assertTrue(second == null || second.equals("second"), second);
                try (InboxSender<String> out = Inbox.openSender(address, Codecs.utf8())) {
                    out.send("of another");
                }
                assertEquals("of another", inbox.receive());
            }
        });
    }
}
