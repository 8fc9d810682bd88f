package org.jvmipc.shm;

import org.jvmipc.Address;
import org.jvmipc.AddressException;
import org.jvmipc.Lifetime;
import org.jvmipc.process.ProcessIdentity;
import org.jvmipc.shm.internal.SegmentAddress;
import org.jvmipc.shm.internal.SegmentLayout;

/**
 * How a segment is made, and what has one of its own. Settled at creation.
 *
 * <pre>{@code
 * SegmentOptions options = SegmentOptions.defaults().withSize(1 << 20).withParticipants(16);
 * }</pre>
 *
 * <p><b>Thread safety.</b> Immutable.
 *
 * @param sizeBytes room for objects; less than 2 GiB with the tables. Of a synchroniser's own segment it is what that needs
 * @param participants how many processes may have it open at one time, 1 to 4096
 * @param objects how many objects it may hold, 1 to 65,536
 * @param mode permission bits, whatever the umask
 * @param lifetime whether it is stale once its owner is dead
 * @param owner the process that it belongs to
 */
public record SegmentOptions(
        long sizeBytes, int participants, int objects, int mode, Lifetime lifetime, ProcessIdentity owner) {
    private static final int PERMISSIONS = 0666;

    /** Checks the values. */
    public SegmentOptions {
        if (participants < 1 || participants > SegmentLayout.MAX_SLOTS) {
            throw new IllegalArgumentException(
                    "participants is " + participants + "; it is 1 to " + SegmentLayout.MAX_SLOTS);
        }
        if (objects < 1 || objects > SegmentLayout.MAX_ENTRIES) {
            throw new IllegalArgumentException("objects is " + objects + "; it is 1 to " + SegmentLayout.MAX_ENTRIES);
        }
        long most = (long) SegmentLayout.MAX_BYTES - SegmentLayout.dataOffset(participants, objects);
        if (sizeBytes < 0 || sizeBytes > most) {
            throw new IllegalArgumentException("size is " + sizeBytes + "; it is 0 to " + most);
        }
        if ((mode & ~PERMISSIONS) != 0 || (mode & 0600) != 0600) {
            throw new IllegalArgumentException("mode is 0" + Integer.toOctalString(mode)
                    + "; it has read and write permission for the owner, and no others than these");
        }
    }

    /** 64 KiB, 64 participants, 64 objects, 0600, kept. */
    public static SegmentOptions defaults() {
        return new SegmentOptions(1 << 16, 64, 64, 0600, Lifetime.KEPT, ProcessIdentity.self());
    }

    /**
     * The defaults with what an address says: {@code size participants objects mode owned}.
     *
     * @throws AddressException if there are no such options
     */
    public static SegmentOptions of(Address address) {
        return SegmentAddress.options(address);
    }

    /** With room for so many bytes of objects. */
    public SegmentOptions withSize(long bytes) {
        return new SegmentOptions(bytes, participants, objects, mode, lifetime, owner);
    }

    /** For so many processes at one time. */
    public SegmentOptions withParticipants(int count) {
        return new SegmentOptions(sizeBytes, count, objects, mode, lifetime, owner);
    }

    /** For so many objects. */
    public SegmentOptions withObjects(int count) {
        return new SegmentOptions(sizeBytes, participants, count, mode, lifetime, owner);
    }

    /** With these permission bits. */
    public SegmentOptions withMode(int bits) {
        return new SegmentOptions(sizeBytes, participants, objects, bits, lifetime, owner);
    }

    /** With this lifetime. */
    public SegmentOptions withLifetime(Lifetime choice) {
        return new SegmentOptions(sizeBytes, participants, objects, mode, choice, owner);
    }

    /** Belonging to this process. */
    public SegmentOptions withOwner(ProcessIdentity process) {
        return new SegmentOptions(sizeBytes, participants, objects, mode, lifetime, process);
    }
}
