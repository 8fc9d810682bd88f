package org.jvmipc.mq;

import java.io.IOException;
import org.jvmipc.Address;
import org.jvmipc.Codec;
import org.jvmipc.OsException;
import org.jvmipc.internal.posix.Errno;
import org.jvmipc.internal.posix.Fcntl;
import org.jvmipc.internal.posix.Fd;
import org.jvmipc.internal.posix.MqCalls;
import org.jvmipc.mq.internal.PosixQueueNames;
import org.jvmipc.mq.internal.PosixQueues;

/**
 * A message queue of the kernel (POSIX): a mailbox for messages with priorities, the one that a C program opens with {@code
 * mq_open("/name", ...)}. Indirect communication: any number of processes send and receive, each message goes to one of them, the
 * highest priority first and in it the oldest.
 *
 * <pre>{@code
 * Address address = Address.of("posixmq:/jobs");
 * PosixMessageQueue<String> queue = PosixMessageQueue.create(address, Codecs.utf8(), PosixMessageQueueOptions.defaults());
 * try (PosixMessageSender<String> out = queue.openSender();
 *         PosixMessageReceiver<String> in = queue.openReceiver()) {
 *     out.send("sweep the floor");
 *     out.send("fire!", 9);
 *     in.receive();                                         // fire!
 * }
 * PosixMessageQueue.remove(address);
 * }</pre>
 *
 * <p>This object holds nothing open; what it opens does, and is to be closed. A message is the bytes that the codec makes, and
 * nothing else.
 *
 * <p><b>Full:</b> a send waits. <b>Empty:</b> a receive waits. <b>The other side closed, or killed:</b> nobody is told, as a queue
 * has no ends, only processes that have it open; there may be none, and what was sent waits for whoever comes. A message is there
 * whole or not at all, whoever is killed at whatever point; one that was received is its receiver's, and goes with it. <b>Removed:</b>
 * those who have it open go on among themselves. <b>The machine restarted:</b> it is gone. Where messages are to survive that, or their
 * receivers, use a {@link MessageQueue}.
 *
 * <p><b>Thread safety.</b> Immutable.
 *
 * <p><b>Platform notes.</b> {@code mq_overview(7)}. A queue takes of the memory of the kernel, and of what its user may take of that
 * ({@link PosixMessageQueueOptions}), as long as it has a name or somebody has it open. Its attributes cannot be changed, but for
 * {@code O_NONBLOCK}, which is of a descriptor and not of the queue, and matters to nobody but who has that descriptor: as each call
 * here says whether it waits, {@code mq_setattr} is left out. Names of queues show as files where {@code /dev/mqueue} is mounted;
 * nothing here needs that. They are of an IPC namespace: a container has its own.
 *
 * @param <T> what a message is in Java
 */
public final class PosixMessageQueue<T> {
    private final Address asked;
    private final Address address;
    private final Codec<T> codec;

    private PosixMessageQueue(Address asked, Codec<T> codec) {
        this.asked = asked;
        this.address = PosixQueueNames.address(PosixQueueAddress.name(asked));
        this.codec = codec;
    }

    // ---- create, open, remove

    /**
     * Makes one that must not exist. The parameters {@code mode} and {@code owned} of the address are for this; the mode is 0600
     * otherwise, whatever the umask, and it is kept.
     *
     * @param address {@code posixmq:/name}
     * @throws OsException {@code EEXIST} if there is one
     * @throws org.jvmipc.LimitException if the kernel allows no queue as large, as many, or this user no more of them
     * @throws org.jvmipc.UnsupportedMechanismException if this kernel has no POSIX message queues
     */
    public static <T> PosixMessageQueue<T> create(Address address, Codec<T> codec, PosixMessageQueueOptions options)
            throws IOException {
        PosixQueues.create(PosixQueueAddress.name(address), PosixQueueAddress.plan(address, options));
        return new PosixMessageQueue<>(address, codec);
    }

    /**
     * One that exists.
     *
     * @throws OsException {@code ENOENT} if there is none, {@code EACCES} if this user may neither send to it nor receive from it
     * @throws org.jvmipc.IpcException if it is of another user than the address names, this one if it names none
     */
    public static <T> PosixMessageQueue<T> open(Address address, Codec<T> codec) throws IOException {
        PosixQueueAddress.openForAttributes(address).close();
        return new PosixMessageQueue<>(address, codec);
    }

    /**
     * One that exists, or is made; the options are those it was made with.
     *
     * @throws org.jvmipc.IpcException if it is of another user than the address names, this one if it names none
     */
    public static <T> PosixMessageQueue<T> openOrCreate(
            Address address, Codec<T> codec, PosixMessageQueueOptions options) throws IOException {
        while (true) {
            try {
                return open(address, codec);
            } catch (OsException e) {
                if (e.errno() != Errno.ENOENT) {
                    throw e;
                }
            }
            try {
                return create(address, codec, options);
            } catch (OsException e) {
                if (e.errno() != Errno.EEXIST) {
                    throw e;
                } // another one was faster
            }
        }
    }

    /**
     * Removes the name; {@code mq_unlink}. The queue goes, with what is in it, when nobody has it open any more.
     *
     * @return false if there was none
     */
    public static boolean remove(Address address) throws IOException {
        return PosixQueues.remove(PosixQueueAddress.name(address));
    }

    /** Whether there is one. */
    public static boolean exists(Address address) throws IOException {
        return PosixQueues.exists(PosixQueueAddress.name(address));
    }

    /** Its canonical address. */
    public Address address() {
        return address;
    }

    // ---- its ends

    /**
     * Opens it for sending, with priority 0 where no other is given.
     *
     * @throws OsException {@code ENOENT} if it was removed, {@code EACCES} if this user may not
     */
    public PosixMessageSender<T> openSender() throws IOException {
        return openSender(0);
    }

    /**
     * The same with another priority where none is given.
     *
     * @param priority 0 to 32,767
     */
    public PosixMessageSender<T> openSender(int priority) throws IOException {
        PosixMessageSender.requirePriority(priority);
        Fd queue = PosixQueueAddress.open(asked, Fcntl.O_WRONLY);
        boolean done = false;
        try {
            int maxMessageBytes = MqCalls.attributes(queue, address.location()).maxMessageBytes();
            PosixMessageSender<T> sender = new PosixMessageSender<>(queue, address, maxMessageBytes, codec, priority);
            done = true;
            return sender;
        } finally {
            if (!done) {
                queue.close();
            }
        }
    }

    /**
     * Opens it for receiving.
     *
     * @throws OsException {@code ENOENT} if it was removed, {@code EACCES} if this user may not
     */
    public PosixMessageReceiver<T> openReceiver() throws IOException {
        Fd queue = PosixQueueAddress.open(asked, Fcntl.O_RDONLY);
        boolean done = false;
        try {
            int maxMessageBytes = MqCalls.attributes(queue, address.location()).maxMessageBytes();
            PosixMessageReceiver<T> receiver = new PosixMessageReceiver<>(queue, address, maxMessageBytes, codec);
            done = true;
            return receiver;
        } finally {
            if (!done) {
                queue.close();
            }
        }
    }

    /**
     * How things stand with it. Who may send to it or receive from it may ask.
     *
     * @throws OsException {@code ENOENT} if it was removed, {@code EACCES} if this user may do neither
     */
    public PosixMessageQueueStatus status() throws IOException {
        try (Fd queue = PosixQueueAddress.openForAttributes(asked)) {
            return status(queue, address);
        }
    }

    static PosixMessageQueueStatus status(Fd queue, Address address) throws IOException {
        MqCalls.Attributes attributes = MqCalls.attributes(queue, address.location());
        return new PosixMessageQueueStatus(attributes.depth(), attributes.maxMessageBytes(), attributes.messages());
    }

    @Override
    public String toString() {
        return "PosixMessageQueue[" + address + "]";
    }
}
