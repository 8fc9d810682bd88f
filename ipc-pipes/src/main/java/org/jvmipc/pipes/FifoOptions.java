package org.jvmipc.pipes;

import org.jvmipc.Framing;
import org.jvmipc.Lifetime;

/**
 * What is settled when a FIFO is created. Who opens it afterwards gets the same from its record, as long as both use the same
 * runtime directory; a FIFO that another program made ({@code mkfifo(1)}) has none, and is opened with options of one's own.
 *
 * @param framing how messages are marked off
 * @param sharing who shares it, where messages are framed
 * @param capacityBytes its capacity in bytes, set at each open, since the kernel forgets it when nobody has the FIFO open;
 *     rounded up to a power of two of pages (4 KiB); 0 leaves it at the kernel's default, usually 64 KiB
 * @param maxMessageBytes the largest message, in bytes, that is sent or accepted
 * @param mode the permission bits of the file, whatever the umask is
 * @param lifetime whether it is left over once its creator is dead
 * @param owner the user id that the file must have, by default one's own: a FIFO of somebody else is opened only when he is
 *     named
 * @param exact whether a receiver takes nothing from the FIFO beyond the message that it receives, so that what follows stays
 *     for whoever receives next ({@link FifoReceiver}); not recorded, it is a matter of who opens it
 */
public record FifoOptions(
        Framing framing,
        FifoSharing sharing,
        int capacityBytes,
        int maxMessageBytes,
        int mode,
        Lifetime lifetime,
        int owner,
        boolean exact) {
    /** As {@link #owner()}: the user of this process. */
    public static final int SELF = -1;

    private static final int PERMISSIONS = 0777;

    private static final FifoOptions DEFAULTS = new FifoOptions(
            Framing.FRAMED,
            FifoSharing.MANY_SENDERS,
            0,
            PipeOptions.DEFAULT_MAX_MESSAGE_BYTES,
            0600,
            Lifetime.KEPT,
            SELF,
            false);

    /** Checks the values. */
    public FifoOptions {
        new PipeOptions(framing, capacityBytes, maxMessageBytes);
        if ((mode & ~PERMISSIONS) != 0) {
            throw new IllegalArgumentException("mode is 0" + Integer.toOctalString(mode) + "; it must be 0 to 0777");
        }
        if (owner < SELF) {
            throw new IllegalArgumentException("owner is " + owner + "; it must be a user id, or -1 for one's own");
        }
    }

    /** Frames, many senders, the kernel's capacity, messages of up to 16 MiB, for this user alone, kept, read ahead. */
    public static FifoOptions defaults() {
        return DEFAULTS;
    }

    /** The same with another framing. */
    public FifoOptions withFraming(Framing value) {
        return new FifoOptions(value, sharing, capacityBytes, maxMessageBytes, mode, lifetime, owner, exact);
    }

    /** The same shared otherwise. */
    public FifoOptions withSharing(FifoSharing value) {
        return new FifoOptions(framing, value, capacityBytes, maxMessageBytes, mode, lifetime, owner, exact);
    }

    /** The same with another capacity, in bytes. */
    public FifoOptions withCapacity(int bytes) {
        return new FifoOptions(framing, sharing, bytes, maxMessageBytes, mode, lifetime, owner, exact);
    }

    /** The same with another largest message, in bytes. */
    public FifoOptions withMaxMessage(int bytes) {
        return new FifoOptions(framing, sharing, capacityBytes, bytes, mode, lifetime, owner, exact);
    }

    /** The same with other permission bits, such as {@code 0660}. */
    public FifoOptions withMode(int bits) {
        return new FifoOptions(framing, sharing, capacityBytes, maxMessageBytes, bits, lifetime, owner, exact);
    }

    /** The same with another lifetime. */
    public FifoOptions withLifetime(Lifetime value) {
        return new FifoOptions(framing, sharing, capacityBytes, maxMessageBytes, mode, value, owner, exact);
    }

    /** The same of another user. */
    public FifoOptions withOwner(int uid) {
        return new FifoOptions(framing, sharing, capacityBytes, maxMessageBytes, mode, lifetime, uid, exact);
    }

    /** The same whose receivers read exactly, or ahead. */
    public FifoOptions withExact(boolean value) {
        return new FifoOptions(framing, sharing, capacityBytes, maxMessageBytes, mode, lifetime, owner, value);
    }
}
