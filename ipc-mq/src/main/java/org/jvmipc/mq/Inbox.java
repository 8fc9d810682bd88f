package org.jvmipc.mq;

import java.io.IOException;
import java.lang.ref.Cleaner;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Address;
import org.jvmipc.AddressException;
import org.jvmipc.Capability;
import org.jvmipc.Codec;
import org.jvmipc.OsException;
import org.jvmipc.PeerGoneException;
import org.jvmipc.Receiver;
import org.jvmipc.internal.Deadline;
import org.jvmipc.internal.posix.Errno;
import org.jvmipc.mq.internal.EnvelopeCodec;
import org.jvmipc.mq.internal.InboxNames;
import org.jvmipc.process.ProcessIdentity;
import org.jvmipc.shm.RingFamily;
import org.jvmipc.shm.RingReceiver;
import org.jvmipc.spi.Pollable;

/**
 * A process's own mailbox: direct communication, where a message is put straight into the queue of the one that it is for. Its owner
 * receives, others send by its name or by the owner's pid.
 *
 * <pre>{@code
 * // A, the owner                                            // B
 * try (Inbox<String> inbox = Inbox.open(                     try (InboxSender<String> out = Inbox.openSender(
 *         Address.of("inbox:orders"), Codecs.utf8())) {              Address.of("inbox:orders"), Codecs.utf8())) {
 *     String order = inbox.receive();                            out.send("three of them");
 * }                                                          }
 * }</pre>
 *
 * <p>{@link #openMessages} opens it so that each message comes with what its sender says of it: who asks, and where the answer goes,
 * which an {@link InboxReplier} sends. {@link InboxRequester} is the other side of that. Received plainly, the body of a request is a
 * message like others, and nobody answers.
 *
 * <p>Each sender has a lane of its own in a ring in shared memory: its messages come in their order, those of several in turn. How many
 * there may be is settled when the inbox is opened ({@link InboxOptions}).
 *
 * <p><b>Full:</b> senders wait, or are refused, each for itself. <b>Empty:</b> a receive waits; unless the options say so, nobody is told
 * that the last sender has gone: there may be more. <b>Closed here:</b> the name is free, senders are told, what was not received is
 * gone. <b>Owner killed:</b> senders are told, within 500 ms and also while they wait; the next one that opens the name proves the
 * death and gets an inbox that holds nothing: what was sent to the dead one never comes to it. <b>Owner stopped:</b> it stays its
 * inbox, which fills up. <b>Sender killed:</b> what it had sent comes, what it was writing does not, and its place is free.
 *
 * <p><b>Thread safety.</b> Any thread may call any method; receives serialise, and each message goes to one caller.
 *
 * <p><b>Memory consistency effects.</b> As {@link org.jvmipc.shm.RingSender}.
 *
 * <p><b>Platform notes.</b> Linux. The memory is {@code NAME.inbox} in the runtime directory, which only this user can enter. The
 * bytes are in {@code docs/wire-formats.md}.
 *
 * @param <R> what is received: messages, or {@link InboxMessage}s
 */
public final class Inbox<R> implements Receiver<R>, Pollable {
    /** With an end that is told. */
    static final Set<Capability> CAPABILITIES = Set.copyOf(EnumSet.of(
            Capability.RELIABLE,
            Capability.ORDERED,
            Capability.BOUNDED,
            Capability.MANY_SENDERS,
            Capability.PEER_DETECTION));

    private static final Set<Capability> ENDLESS = Set.copyOf(
            EnumSet.of(Capability.RELIABLE, Capability.ORDERED, Capability.BOUNDED, Capability.MANY_SENDERS));

    /** Senders may come and go so fast that there is an end at each look; who does not wait looks so often. */
    private static final int MOST_ENDS = 4;

    private static final Cleaner CLEANER = Cleaner.create();

    private final RingReceiver<R> ring;
    private final boolean tellsEnd;
    private final Owning owning;

    private Inbox(RingFamily.Owned<R> owned, boolean tellsEnd) {
        this.ring = owned.receiver();
        this.tellsEnd = tellsEnd;
        this.owning = new Owning(owned.name());
        CLEANER.register(this, owning::forget);
    }

    /** The name, while it is this inbox's. */
    private static final class Owning {
        private final RingFamily.Name name;
        private final AtomicBoolean given = new AtomicBoolean();

        private Owning(RingFamily.Name name) {
            this.name = name;
        }

        private void give() throws IOException {
            if (!given.compareAndSet(false, true)) {
                return;
            }
            boolean done = false;
            try {
                name.remove();
                done = true;
            } finally {
                given.set(done); // else another close may try again
            }
        }

        private void forget() {
            try {
                give();
            } catch (IOException e) {
                // Whoever opens the name next finds that nobody has it.
            }
        }
    }

    // ---- opening

    /** The address of this process's own inbox, {@code inbox:PID}. */
    public static Address own() {
        return Address.of(
                InboxNames.SCHEME, Long.toString(ProcessIdentity.self().pid()));
    }

    /**
     * Opens an inbox of this process with the defaults, and with what the address says.
     *
     * @throws IOException as {@link #open(Address, Codec, InboxOptions)}
     */
    public static <T> Inbox<T> open(Address address, Codec<T> codec) throws IOException {
        return open(address, codec, InboxOptions.of(address));
    }

    /**
     * Opens an inbox of this process.
     *
     * @param address {@code inbox:NAME}, or {@link #own()}
     * @throws InboxTakenException if another one has it, or this process has already
     * @throws org.jvmipc.LimitException if there is not so much space; nothing is left behind
     * @throws AddressException if it names the inbox of another process, or none
     */
    public static <T> Inbox<T> open(Address address, Codec<T> codec, InboxOptions options) throws IOException {
        return own(address, EnvelopeCodec.bodies(codec), options);
    }

    /**
     * Opens an inbox of this process, to receive messages with what is said of them.
     *
     * @throws IOException as {@link #open(Address, Codec, InboxOptions)}
     */
    public static <T> Inbox<InboxMessage<T>> openMessages(Address address, Codec<T> codec, InboxOptions options)
            throws IOException {
        return own(address, EnvelopeCodec.messages(codec, InboxMessage::of), options);
    }

    private static <R> Inbox<R> own(Address address, Codec<R> codec, InboxOptions options) throws IOException {
        Address name = InboxNames.require(address).withoutParameters();
        if (name.isPid() && !name.equals(own())) {
            throw new AddressException(
                    address.toString(), "only that process opens it; this one's is " + own() + ", or any name", null);
        }
        while (true) {
            try {
                return new Inbox<>(
                        InboxNames.RINGS.create(name, options.segment(), options.ring(), codec), options.tellsEnd());
            } catch (OsException e) {
                if (e.errno() != Errno.EEXIST) {
                    throw e;
                }
            }
            ProcessIdentity owner = InboxNames.RINGS.removeIfOwnerDead(name);
            if (owner != null) {
                throw new InboxTakenException(name, owner);
            }
        }
    }

    /**
     * Opens a sender into the inbox of another process, or of this one.
     *
     * @param address {@code inbox:NAME} or {@code inbox:PID}
     * @throws OsException {@code ENOENT} if nobody has it
     * @throws PeerGoneException if its owner was killed, or is closing it
     * @throws org.jvmipc.LimitException if there are as many senders as it was opened for
     */
    public static <T> InboxSender<T> openSender(Address address, Codec<T> codec) throws IOException {
        return InboxSender.open(address, codec);
    }

    /**
     * Opens a sender, and waits until somebody has the inbox.
     *
     * @throws InterruptedException if interrupted while waiting
     * @throws org.jvmipc.LimitException if there are as many senders as it was opened for
     */
    public static <T> InboxSender<T> awaitSender(Address address, Codec<T> codec)
            throws IOException, InterruptedException {
        InboxSender<T> sender = InboxSender.await(address, codec, Deadline.NEVER);
        if (sender == null) {
            throw new IllegalStateException("a wait without end has ended");
        }
        return sender;
    }

    /**
     * Opens a sender, and waits at most the given time until somebody has the inbox.
     *
     * @param timeout how long to wait; zero or less: not at all
     * @return null if nobody had it in that time
     * @throws InterruptedException as {@link #awaitSender(Address, Codec)}
     */
    public static <T> @Nullable InboxSender<T> tryAwaitSender(Address address, Codec<T> codec, Duration timeout)
            throws IOException, InterruptedException {
        return InboxSender.await(address, codec, Deadline.after(timeout));
    }

    /** Whether it is there: somebody has it, or had it and was killed. */
    public static boolean exists(Address address) throws IOException {
        return InboxNames.RINGS.scheme().exists(InboxNames.require(address).withoutParameters());
    }

    /**
     * Removes what is left of an inbox whose owner was killed.
     *
     * @return false if there was none
     * @throws InboxTakenException if its owner's death is not proven: a living one closes it itself
     */
    public static boolean remove(Address address) throws IOException {
        if (!exists(address)) {
            return false;
        }
        Address name = address.withoutParameters();
        ProcessIdentity owner = InboxNames.RINGS.removeIfOwnerDead(name);
        if (owner != null) {
            throw new InboxTakenException(name, owner);
        }
        return true;
    }

    // ---- receiving

    @Override
    public R receive() throws IOException, InterruptedException {
        while (true) {
            try {
                return ring.receive();
            } catch (PeerGoneException e) {
                throwIfTold(e);
            }
        }
    }

    @Override
    public @Nullable R tryReceive() throws IOException {
        for (int i = 0; i < MOST_ENDS; i++) {
            try {
                return ring.tryReceive();
            } catch (PeerGoneException e) {
                throwIfTold(e);
            }
        }
        return null; // at an end all had been taken
    }

    @Override
    public @Nullable R tryReceive(Duration timeout) throws IOException, InterruptedException {
        Deadline deadline = Deadline.after(timeout);
        Duration left = timeout;
        while (true) {
            try {
                return ring.tryReceive(left);
            } catch (PeerGoneException e) {
                throwIfTold(e);
                if (deadline.passed()) {
                    return tryReceive();
                }
                left = Duration.ofNanos(deadline.remainingNanos());
            }
        }
    }

    @Override
    public int drain(Consumer<? super R> handler, int limit) throws IOException {
        try {
            return ring.drain(handler, limit);
        } catch (PeerGoneException e) {
            throwIfTold(e);
            return 0;
        }
    }

    /** That the last sender has gone: the ring tells it once, and then waits for the next one. */
    private void throwIfTold(PeerGoneException end) throws PeerGoneException {
        if (tellsEnd) {
            throw end;
        }
    }

    // ---- in a set

    @Override
    public int fd() throws IOException {
        return ring.fd();
    }

    @Override
    public void arm() throws IOException {
        ring.arm();
    }

    @Override
    public boolean ready() throws IOException {
        return ring.ready();
    }

    @Override
    public void watch(Watcher watcher) throws IOException {
        ring.watch(watcher);
    }

    @Override
    public void unwatch(Watcher watcher) {
        ring.unwatch(watcher);
    }

    // ---- the endpoint

    @Override
    public Address address() {
        return ring.address();
    }

    @Override
    public Set<Capability> capabilities() {
        return tellsEnd ? CAPABILITIES : ENDLESS;
    }

    @Override
    public boolean isOpen() {
        return ring.isOpen();
    }

    /**
     * Closes it: threads that wait in it leave, senders are told, and then the name is free.
     *
     * @throws IOException if the name could not be given back, for which a stopped process is waited for some seconds; it is closed all
     *     the same, the next one that opens the name gets it, and another close tries again
     */
    @Override
    public void close() throws IOException {
        try {
            ring.close(); // first, as it waits for nobody: who finds the name meanwhile finds that the owner has left
        } finally {
            owning.give();
        }
    }

    @Override
    public String toString() {
        return "Inbox[" + address() + (isOpen() ? "]" : ", closed]");
    }
}
