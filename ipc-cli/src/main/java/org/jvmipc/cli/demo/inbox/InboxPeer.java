package org.jvmipc.cli.demo.inbox;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Address;
import org.jvmipc.Codecs;
import org.jvmipc.PeerGoneException;
import org.jvmipc.cli.demo.DemoParent;
import org.jvmipc.cli.demo.Later;
import org.jvmipc.cli.demo.MessageSource;
import org.jvmipc.mq.Inbox;
import org.jvmipc.mq.InboxOptions;
import org.jvmipc.mq.InboxSender;

/**
 * A peer of the demo {@code inbox}: has an inbox of its own, which it receives from in one thread, and sends to the inboxes of all others,
 * one after the other. {@link InboxParent} says when.
 */
final class InboxPeer {
    /** Send. */
    static final String START = "start";

    /** Send no more. */
    static final String STOP = "stop";

    /** Nobody sends any more: take what is there, and end. */
    static final String FINISH = "finish";

    /** As a number of messages: until {@link #STOP}. */
    static final long WITHOUT_NUMBER = -1;

    /** How long it tries to send to one, before it tries the next one. */
    private static final Duration A_TRY = Duration.ofMillis(5);

    /** More than a sender's number. */
    private static final int PAIR = 100;

    private final DemoParent<InboxSeen> parent;
    private final int number;
    private final long messages;
    private final List<Target> targets = new ArrayList<>();

    private InboxPeer(DemoParent<InboxSeen> parent, int number, long messages) {
        this.parent = parent;
        this.number = number;
        this.messages = messages;
    }

    /** In the place of a sender's number in a message: who sends to whom. */
    static int pair(int from, int to) {
        return from * PAIR + to;
    }

    /** The inbox of a peer; who follows a dead one, with the number behind all, has the first one's. */
    static Address address(String base, int number, int peers) {
        return Address.of("inbox", base + "-" + (number > peers ? 1 : number));
    }

    /**
     * Plays a peer.
     *
     * @param args run id, number of this peer, number of all, payload bytes, messages, what names begin with, capacity, slow
     */
    public static void main(String[] args) throws IOException, InterruptedException {
        int number = Integer.parseInt(args[1]);
        int peers = Integer.parseInt(args[2]);
        InboxOptions options = InboxOptions.defaults().withSenders(peers + 1).withCapacity(Integer.parseInt(args[6]));
        try (DemoParent<InboxSeen> parent = DemoParent.open(InboxSeen.class);
                Inbox<ByteBuffer> inbox = Inbox.open(address(args[5], number, peers), Codecs.buffers(), options)) {
            InboxPeer peer = new InboxPeer(parent, number, Long.parseLong(args[4]));
            InboxTaking taking = new InboxTaking(parent, inbox, number, peers, args);
            Future<Boolean> taker = Later.start("ipc-demo-taker", taking::takeAll);
            parent.ready();
            parent.await(START);
            peer.sendAll(args, peers);
            parent.await(FINISH);
            taking.finish();
            Later.result(taker);
            taking.report();
        }
    }

    /** One that it sends to. */
    private static final class Target {
        private final Address address;
        private int number;
        private MessageSource source;
        private long waits;
        private @Nullable InboxSender<ByteBuffer> sender;

        private Target(Address address, int number, MessageSource source) {
            this.address = address;
            this.number = number;
            this.source = source;
        }
    }

    // ---- sending

    private void sendAll(String[] args, int peers) throws IOException, InterruptedException {
        for (int other : IntStream.rangeClosed(1, peers).toArray()) {
            if (other != number && !(number > peers && other == 1)) {
                targets.add(new Target(address(args[5], other, peers), other, source(args, other)));
            }
        }
        long sent = 0;
        for (int turn = 0; messages == WITHOUT_NUMBER ? !parent.hasOrdered(STOP) : sent < messages; turn++) {
            Target target = targets.get(turn % targets.size());
            sent += send(target, args, peers) ? 1 : 0;
        }
        for (Target each : targets) {
            reportSent(each);
            if (each.sender != null) {
                each.sender.close();
            }
        }
        parent.report(InboxSeen.stage(InboxSeen.ALL, number));
    }

    private MessageSource source(String[] args, int to) {
        return new MessageSource(Long.parseLong(args[0]), pair(number, to), Integer.parseInt(args[3]));
    }

    private void reportSent(Target target) throws IOException, InterruptedException {
        MessageSource source = target.source;
        parent.report(InboxSeen.sent(number, target.number, source.count(), source.digest(), target.waits));
    }

    /** Sends one message, unless the inbox is full for a while, or nobody has it. */
    private boolean send(Target target, String[] args, int peers) throws IOException, InterruptedException {
        InboxSender<ByteBuffer> sender = target.sender;
        if (sender == null) {
            sender = Inbox.tryAwaitSender(target.address, Codecs.buffers(), A_TRY);
            target.sender = sender;
        }
        if (sender == null) {
            return false;
        }
        try {
            if (!sender.trySend(target.source.message(), A_TRY)) {
                target.waits++;
                return false;
            }
            target.source.sent();
            return true;
        } catch (PeerGoneException e) {
            parent.report(InboxSeen.told(number, target.number, e.reason().name(), System.nanoTime()));
            sender.close();
            target.sender = null;
            reportSent(target);
            target.number = peers + 1; // whoever has it next
            target.source = source(args, target.number);
            return false;
        }
    }
}
