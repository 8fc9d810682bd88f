package org.jvmipc.shm;

import java.io.IOException;
import java.lang.ref.Reference;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;
import org.jvmipc.Address;
import org.jvmipc.Capability;
import org.jvmipc.Codec;
import org.jvmipc.CorruptDataException;
import org.jvmipc.Endpoint;
import org.jvmipc.shm.internal.RingShape;
import org.jvmipc.shm.internal.SafetyNet;
import org.jvmipc.shm.internal.SegmentHandle;
import org.jvmipc.shm.internal.SegmentObjects;
import org.jvmipc.shm.internal.ring.Heading;
import org.jvmipc.shm.internal.ring.ReceivingEnd;
import org.jvmipc.shm.internal.ring.SendingEnd;

/**
 * A ring buffer in shared memory: the bounded buffer of producers and consumers, and the shortest way between two processes. A message
 * costs some ten nanoseconds, no system call, and no lock; who finds nothing can sleep; and no process that dies in the middle of
 * anything keeps the others from going on.
 *
 * <pre>{@code
 * // A                                                       // B
 * SharedRing.create(Address.of("ring:prices"),
 *         RingOptions.defaults()).close();
 * try (SharedRing ring = SharedRing.open(address);           try (SharedRing ring = SharedRing.open(address);
 *         RingSender<Long> out =                                     RingReceiver<Long> in =
 *                 ring.openSender(Codecs.int64())) {                         ring.openReceiver(Codecs.int64())) {
 *     out.send(42L);                                             long price = in.receive();
 * }                                                          }
 * }</pre>
 *
 * <table>
 * <caption>Kinds</caption>
 * <tr><th>{@link RingKind}</th><th>senders</th><th>receivers</th><th>order</th></tr>
 * <tr><td>{@code ONE_TO_ONE}</td><td>1</td><td>1</td><td>as sent</td></tr>
 * <tr><td>{@code LANES}</td><td>as many as lanes</td><td>1</td><td>as sent by each sender; lanes in turn</td></tr>
 * <tr><td>{@code BROADCAST}</td><td>1</td><td>several, each gets all since it has joined</td><td>as sent</td></tr>
 * </table>
 *
 * <p>One sender or receiver too many is a {@link org.jvmipc.LimitException}. Full, empty, closed and killed are with {@link RingSender} and
 * {@link RingReceiver}. The ring, and what is in it, stays when all have gone, until it is removed.
 *
 * <p>A participant is known by a lock that the kernel gives back when it dies: see {@link Segment}. A ring by name is a segment of its own;
 * several can lie in one with other objects.
 *
 * <p><b>Thread safety.</b> All methods may be called by any thread.
 *
 * <p><b>Memory consistency effects.</b> As {@link RingSender}.
 *
 * <p><b>Platform notes.</b> Linux. Everything in the ring that is read is checked: a damaged or hostile one is a {@link
 * CorruptDataException}. {@code docs/protocols/ring.md} says the protocol, {@code docs/wire-formats.md} the bytes, and {@code
 * examples/c/ipc_ring.h} is both in C.
 */
public final class SharedRing implements Endpoint {
    private static final SegmentObjects OBJECTS = SegmentObjects.RING;

    private final SegmentHandle.Opened opened;
    private final RingShape shape;
    private final RingWaiting waiting;

    private SharedRing(SegmentHandle.Opened opened, RingShape shape, RingWaiting waiting) {
        this.opened = opened;
        this.shape = shape;
        this.waiting = waiting;
        SafetyNet.register(this, opened.segment()::close);
    }

    static SharedRing of(SegmentHandle.Opened opened, RingWaiting waiting) throws IOException {
        boolean good = false;
        try {
            RingShape shape = RingShape.read(opened.segment().membership().memory(), opened.entry());
            good = true;
            return new SharedRing(opened, shape, waiting);
        } catch (InternalError e) {
            throw new CorruptDataException(opened.address() + ": its file was cut off", e);
        } catch (DamagedSegmentException e) {
            throw new CorruptDataException(String.valueOf(e.getMessage()), e);
        } finally {
            if (!good) {
                opened.segment().close();
            }
        }
    }

    // ---- create, open, remove

    /**
     * Makes one that must not exist, and opens it.
     *
     * @param address {@code ring:NAME} or {@code ring:/path}; {@code participants mode owned} are taken from it, the rest from the
     *     options
     * @throws org.jvmipc.OsException {@code EEXIST} if something has the name
     * @throws org.jvmipc.LimitException if there is not so much space; nothing is left behind
     */
    public static SharedRing create(Address address, RingOptions options) throws IOException {
        return of(
                OBJECTS.create(
                        address, SegmentOptions.of(address), options.shape().content()),
                options.waiting());
    }

    /** Makes one at a path; see {@link #create(Address, RingOptions)}. */
    public static SharedRing create(Path path, RingOptions options) throws IOException {
        return create(address(path), options);
    }

    /**
     * Opens one that exists: of its own, or with the parameter {@code object} one in a segment at the path.
     *
     * @param address with {@code waiting} it says how ends wait
     * @throws org.jvmipc.OsException {@code ENOENT} if there is none
     * @throws CorruptDataException if the file is none of ours
     * @throws org.jvmipc.LimitException if as many processes are attached as it was made for
     */
    public static SharedRing open(Address address) throws IOException {
        return of(OBJECTS.open(address), RingOptions.waiting(address));
    }

    /** Opens one at a path; see {@link #open(Address)}. */
    public static SharedRing open(Path path) throws IOException {
        return open(address(path));
    }

    /** Opens it, or makes it if there is none; what was settled is as it was made with. */
    public static SharedRing openOrCreate(Address address, RingOptions options) throws IOException {
        return of(
                OBJECTS.openOrCreate(
                        address, SegmentOptions.of(address), options.shape().content()),
                options.waiting());
    }

    /** Opens one at a path, or makes it; see {@link #openOrCreate(Address, RingOptions)}. */
    public static SharedRing openOrCreate(Path path, RingOptions options) throws IOException {
        return openOrCreate(address(path), options);
    }

    /**
     * Makes one in a segment.
     *
     * @param name of the object, 1 to 64 characters of {@code A-Z a-z 0-9 . _ -}
     * @throws IOException if the segment has an object of this name, or no room
     */
    public static SharedRing create(Segment segment, String name, RingOptions options) throws IOException {
        return of(OBJECTS.create(segment, name, options.shape().content()), options.waiting());
    }

    /** Opens one in a segment. */
    public static SharedRing open(Segment segment, String name) throws IOException {
        return of(OBJECTS.open(segment, name), RingWaiting.ADAPTIVE);
    }

    /** Opens one in a segment, or makes it. */
    public static SharedRing openOrCreate(Segment segment, String name, RingOptions options) throws IOException {
        return of(OBJECTS.openOrCreate(segment, name, options.shape().content()), options.waiting());
    }

    /**
     * Removes the name. Those who have it open go on with it.
     *
     * @return false if there was none
     */
    public static boolean remove(Address address) throws IOException {
        return OBJECTS.remove(address);
    }

    /** Removes what is at a path; see {@link #remove(Address)}. */
    public static boolean remove(Path path) throws IOException {
        return remove(address(path));
    }

    private static Address address(Path path) {
        return Address.of("ring", path.toAbsolutePath().toString());
    }

    // ---- its ends

    /**
     * Opens a sender, which takes a lane until it is closed, or its process is dead.
     *
     * @throws org.jvmipc.LimitException if there are as many senders as lanes
     * @throws ClosedChannelException if this is closed
     */
    public <T> RingSender<T> openSender(Codec<T> codec) throws IOException {
        return openSender(codec, Heading.NONE);
    }

    <T> RingSender<T> openSender(Codec<T> codec, Heading heading) throws IOException {
        return new RingSender<>(
                SendingEnd.open(another(), shape, codec, heading, waiting), codec, capabilities(shape.kind()));
    }

    /**
     * Opens a receiver, which takes the receiver's place, or one of a broadcast's, until it is closed, or its process is dead. It
     * goes on where the last one has ended; that of a broadcast begins with what is sent from now on.
     *
     * @throws org.jvmipc.LimitException if all places are taken
     * @throws ClosedChannelException if this is closed
     */
    public <T> RingReceiver<T> openReceiver(Codec<T> codec) throws IOException {
        return new RingReceiver<>(ReceivingEnd.open(another(), shape, codec, waiting), capabilities(shape.kind()));
    }

    private SegmentHandle.Opened another() throws ClosedChannelException {
        try {
            return new SegmentHandle.Opened(opened.segment().another(), opened.entry(), opened.address());
        } finally {
            Reference.reachabilityFence(this); // else the safety net might close it meanwhile
        }
    }

    /** The same ring with ends that wait like this. It has to be closed as well. */
    public SharedRing withWaiting(RingWaiting choice) throws IOException {
        return new SharedRing(another(), shape, choice);
    }

    // ---- what it is

    /** Who sends to whom. */
    public RingKind kind() {
        return shape.kind();
    }

    /** What it holds, of each lane. */
    public int capacityBytes() {
        return shape.capacity();
    }

    /** The largest message. */
    public int maxMessageBytes() {
        return shape.maxMessage();
    }

    /** What the ends of a ring of this kind can do. */
    public static Set<Capability> capabilities(RingKind kind) {
        EnumSet<Capability> all =
                EnumSet.of(Capability.RELIABLE, Capability.ORDERED, Capability.BOUNDED, Capability.ZERO_COPY);
        switch (kind) {
            case ONE_TO_ONE -> all.add(Capability.PEER_DETECTION);
            case LANES -> {
                all.add(Capability.PEER_DETECTION);
                all.add(Capability.MANY_SENDERS);
            }
            case BROADCAST -> all.add(Capability.BROADCAST); // its receivers learn of the sender, and not it of them
        }
        return Set.copyOf(all);
    }

    // ---- the endpoint

    @Override
    public Address address() {
        return opened.address();
    }

    @Override
    public Set<Capability> capabilities() {
        return capabilities(shape.kind());
    }

    @Override
    public boolean isOpen() {
        return !opened.segment().blocked().isClosed();
    }

    /** Closes this handle. Senders and receivers that were opened by it stay open. */
    @Override
    public void close() {
        opened.segment().close();
    }

    @Override
    public String toString() {
        return "SharedRing[" + address() + ", " + kind() + (isOpen() ? "]" : ", closed]");
    }
}
