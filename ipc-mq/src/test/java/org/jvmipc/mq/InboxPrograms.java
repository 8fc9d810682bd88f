package org.jvmipc.mq;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jvmipc.Address;
import org.jvmipc.Codecs;
import org.jvmipc.PeerGoneException;
import org.jvmipc.process.ParentJvm;
import org.jvmipc.testkit.Await;
import org.jvmipc.testkit.ChildProgram;
import org.jvmipc.testkit.Payloads;
import org.jvmipc.testkit.Worker;

/** Child JVMs with inboxes, which are killed. Messages are {@link Payloads#tagged}. */
final class InboxPrograms {
    /** What a program ends with that got what was not sent to it, or not in order. */
    static final int EXIT_WRONG = 3;

    /** Another one had the name. */
    static final int EXIT_TAKEN = 7;

    static final long SEED = 20_261_129;

    private static final int LARGEST = 600;

    private InboxPrograms() {}

    static byte[] message(int sender, long seq) {
        int size = Payloads.TAGGED_MIN + (int) (Payloads.mix(seq) >>> 40) % (LARGEST - Payloads.TAGGED_MIN);
        return Payloads.tagged(SEED, sender, seq, size);
    }

    static Address address(String prefix, int number) {
        return Address.of("inbox", prefix + "-" + number);
    }

    /** Owns inboxes, and takes what comes as long as it is what one sender of this round has sent. PREFIX COUNT ROUND. */
    static final class Owner implements ChildProgram {
        @Override
        public void run(ParentJvm parent, String[] arguments) throws Exception {
            List<Worker<Boolean>> takers = new ArrayList<>();
            for (int i = 0; i < Integer.parseInt(arguments[1]); i++) {
                Inbox<byte[]> inbox = Inbox.open(address(arguments[0], i), Codecs.bytes(), InboxKillIT.OPTIONS);
                takers.add(Worker.run(() -> take(inbox, Integer.parseInt(arguments[2]))));
            }
            parent.ready();
            Await.until(
                    "killed", Await.LONG.multipliedBy(10), () -> takers.stream().anyMatch(Worker::isDone));
        }

        private static void take(Inbox<byte[]> inbox, int round) throws Exception {
            try {
                for (long seq = 0; ; seq++) {
                    Payloads.Tag tag = Payloads.verifyTagged(SEED, inbox.receive());
                    if (tag.sender() != round || tag.seq() != seq) {
                        throw new IllegalStateException(
                                inbox.address() + ": " + tag + " came in round " + round + " in the place of " + seq);
                    }
                }
            } catch (Exception | Error e) {
                e.printStackTrace();
                Runtime.getRuntime().halt(EXIT_WRONG);
            }
        }
    }

    /** Sends to inboxes, all at once. PREFIX COUNT ROUND. */
    static final class Sending implements ChildProgram {
        @Override
        public void run(ParentJvm parent, String[] arguments) throws Exception {
            List<Worker<Boolean>> senders = new ArrayList<>();
            for (int i = 0; i < Integer.parseInt(arguments[1]); i++) {
                InboxSender<byte[]> out = Inbox.openSender(address(arguments[0], i), Codecs.bytes());
                senders.add(Worker.run(() -> send(out, Integer.parseInt(arguments[2]))));
            }
            parent.ready();
            Await.until("killed", Await.LONG.multipliedBy(10), () -> senders.stream()
                    .anyMatch(Worker::isDone));
        }

        private static void send(InboxSender<byte[]> out, int round) throws Exception {
            for (long seq = 0; ; seq++) {
                out.send(message(round, seq));
            }
        }
    }

    /** Opens an inbox when the file is there, as others do. ADDRESS FILE; it is ready when it has it. */
    static final class Racer implements ChildProgram {
        @Override
        public void run(ParentJvm parent, String[] arguments) throws Exception {
            Path.of(arguments[1]); // what is used later is loaded
            Files.exists(Path.of(arguments[1]));
            Files.createFile(Path.of(arguments[2]));
            Await.until("may begin", () -> Files.exists(Path.of(arguments[1])));
            try (Inbox<byte[]> inbox = Inbox.open(Address.of(arguments[0]), Codecs.bytes(), Inboxes.SMALL)) {
                parent.ready();
                inbox.receive();
            } catch (InboxTakenException e) {
                System.err.println("taken by " + e.pid());
                System.exit(EXIT_TAKEN);
            }
        }
    }

    /** Has an inbox and takes nothing. ADDRESS. */
    static final class Idle implements ChildProgram {
        @Override
        public void run(ParentJvm parent, String[] arguments) throws Exception {
            Inbox<byte[]> inbox = Inbox.open(Address.of(arguments[0]), Codecs.bytes(), Inboxes.SMALL);
            parent.ready();
            Await.until("killed", Await.LONG.multipliedBy(10), () -> !inbox.isOpen());
        }
    }

    /** Has an inbox, and answers, each number with the next one, but for those below 0. ADDRESS. */
    static final class Answering implements ChildProgram {
        @Override
        public void run(ParentJvm parent, String[] arguments) throws Exception {
            try (Inbox<InboxMessage<Long>> inbox =
                            Inbox.openMessages(Address.of(arguments[0]), Codecs.int64(), Inboxes.SMALL);
                    InboxReplier<Long> replier = new InboxReplier<>(Codecs.int64())) {
                parent.ready();
                while (true) {
                    InboxMessage<Long> request = inbox.receive();
                    if (request.body() >= 0) {
                        replier.reply(request, request.body() + 1);
                    }
                }
            }
        }
    }

    /** Asks, without end. ADDRESS. */
    static final class Asking implements ChildProgram {
        @Override
        public void run(ParentJvm parent, String[] arguments) throws Exception {
            try (InboxRequester<Long> requester =
                    InboxRequester.open(Address.of(arguments[0]), Codecs.int64(), Inboxes.SMALL)) {
                parent.ready();
                requester.request(1L);
            } catch (PeerGoneException e) {
                System.exit(EXIT_TAKEN);
            }
        }
    }
}
