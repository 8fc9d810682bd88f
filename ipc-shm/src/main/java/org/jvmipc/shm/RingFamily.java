package org.jvmipc.shm;

import java.io.IOException;
import java.time.Duration;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Address;
import org.jvmipc.Codec;
import org.jvmipc.internal.registry.BusyException;
import org.jvmipc.process.ProcessIdentity;
import org.jvmipc.shm.internal.RingShape;
import org.jvmipc.shm.internal.SegmentHandle;
import org.jvmipc.shm.internal.SegmentObjects;
import org.jvmipc.shm.internal.ring.FamilyScheme;
import org.jvmipc.shm.internal.ring.Heading;
import org.jvmipc.shm.internal.ring.ReceiverPresence;
import org.jvmipc.shm.internal.ring.ReceivingEnd;
import org.jvmipc.spi.Scheme;

/**
 * Rings under a scheme of their own, for a mechanism that is built on rings: with names, files and records apart from those of
 * {@code ring:}. A ring of a family can be made with its receiver, and taken away from an owner who is dead.
 *
 * <pre>{@code
 * static final RingFamily MAILBOXES = RingFamily.of("mailbox", "mailbox");
 *
 * RingFamily.Owned<String> mine = MAILBOXES.create(Address.of("mailbox:orders"), owned, options, Codecs.utf8());
 * }</pre>
 *
 * <p>Its addresses are {@code scheme:NAME}, {@code scheme:PID} and {@code scheme:/path}. What a pid means is for the mechanism to
 * say: the family takes it as one more name.
 *
 * <p><b>Thread safety.</b> Immutable.
 *
 * <p><b>Platform notes.</b> Linux; see {@link SharedRing}.
 */
public final class RingFamily {
    private final String name;
    private final SegmentObjects objects;
    private final Scheme scheme;

    private RingFamily(String scheme, String what) {
        this.name = scheme;
        this.objects = SegmentObjects.ringsOf(scheme, what);
        this.scheme = new FamilyScheme(scheme, objects);
    }

    /**
     * The rings of a scheme.
     *
     * @param scheme small letters and digits, a letter first
     * @param what what one is in the messages of errors, such as {@code mailbox}
     */
    public static RingFamily of(String scheme, String what) {
        return new RingFamily(scheme, what);
    }

    /**
     * A ring that was made with its receiver.
     *
     * @param receiver the receiver, which was there before the name
     * @param name takes the name away again
     * @param <T> what a message is in Java
     */
    public record Owned<T>(RingReceiver<T> receiver, Name name) {}

    /**
     * The name of one ring that was made here.
     *
     * <p><b>Thread safety.</b> Immutable.
     */
    public static final class Name {
        private final SegmentObjects objects;
        private final SegmentObjects.Made made;

        private Name(SegmentObjects objects, SegmentObjects.Made made) {
            this.objects = objects;
            this.made = made;
        }

        /**
         * Removes it, if it still is this very ring's. Those who have that open go on.
         *
         * @return false if the ring has no name any more
         */
        public boolean remove() throws IOException {
            return objects.remove(made);
        }
    }

    /**
     * Makes a ring that must not exist, with a receiver in it: who sees the name finds that somebody receives, or has gone.
     *
     * @param address of the scheme, without parameters
     * @param segment mode, lifetime, owner and participants; its size follows from the ring
     * @throws org.jvmipc.OsException {@code EEXIST} if something has the name
     * @throws org.jvmipc.LimitException if there is not so much space; nothing is left behind
     */
    public <T> Owned<T> create(Address address, SegmentOptions segment, RingOptions options, Codec<T> codec)
            throws IOException {
        Receiving<T> receiving = new Receiving<>(options, codec);
        SegmentObjects.Made made =
                objects.make(address, segment, options.shape().content(), receiving);
        return new Owned<>(receiving.opened(), new Name(objects, made));
    }

    /** Opens the receiver while the ring has no name yet. */
    private static final class Receiving<T> implements SegmentObjects.Preparation {
        private final RingOptions options;
        private final Codec<T> codec;
        private @Nullable RingReceiver<T> receiver;

        private Receiving(RingOptions options, Codec<T> codec) {
            this.options = options;
            this.codec = codec;
        }

        @Override
        public void of(SegmentHandle.Opened opened) throws IOException {
            RingShape shape = options.shape();
            receiver = new RingReceiver<>(
                    ReceivingEnd.open(opened, shape, codec, options.waiting()), SharedRing.capabilities(shape.kind()));
        }

        private RingReceiver<T> opened() {
            RingReceiver<T> present = receiver;
            if (present == null) {
                throw new IllegalStateException("a ring was made and not prepared");
            }
            return present;
        }

        @Override
        public void giveUp() {
            if (receiver != null) {
                receiver.close();
            }
        }
    }

    /**
     * Opens one that exists.
     *
     * @param address of the scheme, without parameters
     * @param waiting how ends wait that are opened with it
     * @throws org.jvmipc.OsException {@code ENOENT} if there is none
     * @throws IOException as {@link SharedRing#open(Address)}
     */
    public SharedRing open(Address address, RingWaiting waiting) throws IOException {
        return SharedRing.of(objects.open(address), waiting);
    }

    /**
     * Opens one that exists, if nobody is in the way who makes or removes it: a stopped process may be for long.
     *
     * @param patience how long it may be locked by another one; zero: not at all
     * @return null if it was that long
     * @throws IOException as {@link #open}
     */
    public @Nullable SharedRing tryOpen(Address address, RingWaiting waiting, Duration patience) throws IOException {
        try {
            return SharedRing.of(objects.open(address, patience), waiting);
        } catch (BusyException e) {
            return null;
        }
    }

    /**
     * Opens a sender that puts the same eight bytes before each of its messages, as the first of the record: what its receiver is to
     * know of all of them. The largest message is eight bytes less than the ring's.
     *
     * @param ring of this family
     * @param heading the eight bytes, little-endian
     * @throws IOException as {@link SharedRing#openSender}
     */
    public <T> RingSender<T> openSender(SharedRing ring, Codec<T> codec, long heading) throws IOException {
        return ring.openSender(codec, Heading.of(heading));
    }

    /**
     * Whose a ring is, dead or alive.
     *
     * @return null if there is none, or it is not recorded whose it is
     */
    public @Nullable ProcessIdentity owner(Address address) throws IOException {
        return objects.own().owner(address);
    }

    /**
     * Removes the name of a ring that is {@linkplain org.jvmipc.Lifetime#OWNED owned} if its owner is proven dead, whoever else has the ring
     * open: those go on with it. Proven is also what nobody has open, as an owner has as long as it lives; and what its receiver
     * has left, with which it was made: its owner was about to remove the name, and did not get to it. Of several who do this at once one
     * removes it, and none what was made meanwhile.
     *
     * @return null if it was removed, or there was none; the owner if its death is not proven
     * @throws org.jvmipc.IpcException if it is not recorded whose it is; it is not touched then
     */
    public @Nullable ProcessIdentity removeIfOwnerDead(Address address) throws IOException {
        return objects.own().removeIfOwnerDead(address, memory -> ReceiverPresence.hasLeft(memory, name));
    }

    /**
     * Removes what dead owners have left and nobody has open, of some names only.
     *
     * @param which whether one of this address may be removed
     */
    public void removeStale(Predicate<String> which) throws IOException {
        objects.own().files().survey().removeStale(which);
    }

    /** What is told of the rings of this family: all of a scheme but the making. Its {@code create} refuses. */
    public Scheme scheme() {
        return scheme;
    }
}
