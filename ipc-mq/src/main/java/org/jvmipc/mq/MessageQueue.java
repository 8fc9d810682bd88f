package org.jvmipc.mq;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Address;
import org.jvmipc.Codec;
import org.jvmipc.OsException;
import org.jvmipc.internal.posix.Errno;
import org.jvmipc.mq.internal.ChronicleFlags;
import org.jvmipc.mq.internal.GroupLeases;
import org.jvmipc.mq.internal.GroupOpening;
import org.jvmipc.mq.internal.QueueDirectory;
import org.jvmipc.mq.internal.QueueInspection;
import org.jvmipc.mq.internal.QueueLink;
import org.jvmipc.mq.internal.QueueOpening;
import org.jvmipc.mq.internal.QueuePaths;
import org.jvmipc.mq.internal.QueueRegistry;

/**
 * A durable message queue: a mailbox on disk that outlives those who use it, for any number of producers, of competing consumers in
 * groups, and of readers that replay it. Indirect communication: nobody need know who is at the other end, or be there at the
 * same time.
 *
 * <pre>{@code
 * MessageQueue<String> queue = MessageQueue.openOrCreate(Address.of("mq:orders"), Codecs.utf8(), MessageQueueOptions.defaults());
 * try (QueueSender<String> out = queue.openSender()) {
 *     out.send("one espresso");
 * }
 * try (Consumer<String> consumer = queue.openConsumer("kitchen")) {
 *     Delivery<String> delivery = consumer.receive();
 *     delivery.ack();
 * }
 * }</pre>
 *
 * <table>
 * <caption>Who gets a message</caption>
 * <tr><th>opened by</th><th>is</th><th>each message goes to</th></tr>
 * <tr><td>{@link #openConsumer}</td><td>{@link Consumer}: one of a group</td><td>one consumer of each group, until it is
 * acknowledged</td></tr>
 * <tr><td>{@link #openGroupReceiver}</td><td>{@link GroupReceiver}: the same as a plain receiver</td><td>the same</td></tr>
 * <tr><td>{@link #openReceiver}, {@link #openMessages}</td><td>{@link QueueReceiver}: a reader by itself</td><td>every
 * reader</td></tr>
 * </table>
 *
 * <p>This object holds nothing open; what it opens does, and is to be closed. An address is {@code mq:NAME}, in {@code $IPC_HOME/mq} or
 * {@code ~/.local/state/ipc/mq}, or {@code mq:/directory}.
 *
 * <p><b>Full:</b> see {@link MessageQueueOptions}; room comes back a file at a time, once every group has taken what is in it. A queue
 * without groups keeps all. <b>Any process killed, at whatever point:</b> what was acknowledged to its sender is there, in order, once. <b>The machine
 * restarted:</b> the queue is put in order from its files by whoever opens it first; after a power failure what is on the device is there,
 * which {@link MessageQueueOptions#sync()} makes all. <b>Files cut off or overwritten:</b> what is whole is served, what is not is told
 * ({@link org.jvmipc.CorruptDataException}); {@link #check} finds it.
 *
 * <p><b>Thread safety.</b> Immutable.
 *
 * <p><b>Platform notes.</b> Linux, a local file system; network file systems are refused. One user: the directory is 0700. A JVM that
 * sends or is one of a group needs {@link #jvmArguments()}, which children of {@link org.jvmipc.process.JvmLauncher} have. Chronicle Queue writes the log, and
 * can read it: each directory in {@code cycles} is one of its queues.
 *
 * @param <T> what a message is in Java
 */
public final class MessageQueue<T> {
    private final QueueDirectory directory;
    private final Address address;
    private final Codec<T> codec;

    private MessageQueue(QueueDirectory directory, Codec<T> codec) throws IOException {
        this.directory = directory;
        this.address = QueuePaths.address(directory.path());
        this.codec = codec;
    }

    // ---- create, open, remove

    /**
     * Makes one that must not exist.
     *
     * @param address {@code mq:NAME} or {@code mq:/directory}, without parameters
     * @throws OsException {@code EEXIST} if something has the name
     * @throws org.jvmipc.UnsupportedMechanismException on a network file system
     */
    public static <T> MessageQueue<T> create(Address address, Codec<T> codec, MessageQueueOptions options)
            throws IOException {
        QueueAddress.require(address);
        QueueDirectory directory = QueueRegistry.create(address, options);
        return new MessageQueue<>(directory, codec);
    }

    /**
     * One that exists.
     *
     * @throws OsException {@code ENOENT} if there is none
     */
    public static <T> MessageQueue<T> open(Address address, Codec<T> codec) throws IOException {
        QueueAddress.require(address);
        QueueDirectory directory = QueuePaths.directory(address);
        if (!directory.exists()) {
            throw new OsException("open", Errno.ENOENT, "path=" + directory);
        }
        return new MessageQueue<>(directory, codec);
    }

    /** One that exists, or is made; the options are those it was made with. */
    public static <T> MessageQueue<T> openOrCreate(Address address, Codec<T> codec, MessageQueueOptions options)
            throws IOException {
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
     * Removes it with all that is in it. Who has it open is told by his next call.
     *
     * @return false if there was none
     */
    public static boolean remove(Address address) throws IOException {
        QueueAddress.require(address);
        return QueueRegistry.remove(address);
    }

    /** Whether there is one. */
    public static boolean exists(Address address) throws IOException {
        QueueAddress.require(address);
        return QueueRegistry.exists(address);
    }

    /** What a JVM that sends needs on its command line. */
    public static List<String> jvmArguments() {
        return ChronicleFlags.ALL;
    }

    /** Its canonical address. */
    public Address address() {
        return address;
    }

    /** What it was made with. */
    public MessageQueueOptions options() throws IOException {
        return QueueOpening.options(directory);
    }

    // ---- sending

    /**
     * Opens the sending side.
     *
     * @throws org.jvmipc.UnsupportedMechanismException if options of the JVM are missing; it names them
     */
    public QueueSender<T> openSender() throws IOException {
        return openSender(MessageHeader.NONE);
    }

    /** The same, whose messages have this header where no other is given. */
    public QueueSender<T> openSender(MessageHeader header) throws IOException {
        return new QueueSender<>(QueueOpening.openToSend(directory), address, codec, header);
    }

    // ---- reading by oneself

    /** Opens a receiver of all messages from a place on. */
    public QueueReceiver<T> openReceiver(ReceiveFrom from) throws IOException {
        return openReceiver(from, null);
    }

    /**
     * Opens a receiver of one type of messages from a place on; others are left out without being decoded.
     *
     * @param type null for all
     */
    public QueueReceiver<T> openReceiver(ReceiveFrom from, @Nullable String type) throws IOException {
        return receiver(from, type, QueueReceiver.bodies(codec));
    }

    /** Opens a receiver of messages with what is known of them. */
    public QueueReceiver<QueuedMessage<T>> openMessages(ReceiveFrom from) throws IOException {
        return openMessages(from, null);
    }

    /** Opens a receiver of one type of messages with what is known of them; null for all. */
    public QueueReceiver<QueuedMessage<T>> openMessages(ReceiveFrom from, @Nullable String type) throws IOException {
        return receiver(from, type, QueueReceiver.messages(codec));
    }

    private <R> QueueReceiver<R> receiver(ReceiveFrom from, @Nullable String type, QueueReceiver.Mapping<R> mapping)
            throws IOException {
        QueueReceiver<R> receiver = new QueueReceiver<>(QueueOpening.open(directory), address, mapping, type);
        boolean done = false;
        try {
            receiver.begin(from);
            done = true;
            return receiver;
        } finally {
            if (!done) {
                receiver.close();
            }
        }
    }

    // ---- groups

    /** Joins a group with the default options; it is made if there is none, and then begins with the oldest message. */
    public Consumer<T> openConsumer(String group) throws IOException {
        return openConsumer(group, ConsumerOptions.defaults());
    }

    /**
     * Joins a group, which is made if there is none.
     *
     * @param group 1 to 64 characters of {@code A-Z a-z 0-9 . _ -}, the first one no dot
     * @throws org.jvmipc.LimitException if the queue has as many groups as it was made for
     * @throws org.jvmipc.UnsupportedMechanismException if {@link #jvmArguments()} are missing, which who may have to send to the
     *     dead-letter queue needs: all but those of 0 {@link ConsumerOptions#maxDeliveries()}
     */
    public Consumer<T> openConsumer(String group, ConsumerOptions options) throws IOException {
        if (options.maxDeliveries() > 0) {
            ChronicleFlags.require("a consumer, which sends to the dead-letter queue after maxDeliveries,");
        }
        QueueLink link = QueueOpening.open(directory);
        boolean done = false;
        try {
            GroupLeases leases = GroupOpening.open(link, group, options.from());
            Address shown = address.with(QueueAddress.GROUP, group);
            Consumer<T> consumer = new Consumer<>(link, shown, group, codec, options, leases);
            done = true;
            return consumer;
        } finally {
            if (!done) {
                link.close();
            }
        }
    }

    /** Joins a group as a receiver that acknowledges a message when the next one is asked for. */
    public GroupReceiver<T> openGroupReceiver(String group, ConsumerOptions options) throws IOException {
        return new GroupReceiver<>(openConsumer(group, options));
    }

    /**
     * Forgets a group: what it has not taken keeps nothing any more. Its dead letters stay.
     *
     * @return false if there is none of this name
     */
    public boolean removeGroup(String group) throws IOException {
        try (QueueLink link = QueueOpening.open(directory)) {
            return GroupOpening.remove(link, group);
        }
    }

    /** The queue of what a group could not handle; it is there once there is such a message. */
    public MessageQueue<T> deadLetters(String group) throws IOException {
        return new MessageQueue<>(directory.dead(GroupOpening.requireName(group)), codec);
    }

    // ---- request and reply

    /** Opens the asking side of request and reply: requests go to this queue, answers come to one of the requester's own. */
    public Requester<T> openRequester() throws IOException {
        return Requester.open(this, directory, codec);
    }

    /** Opens what sends answers to where requests want them. */
    public Replier<T> openReplier() {
        return new Replier<>(codec);
    }

    /** How things stand with it. */
    public MessageQueueStatus status() throws IOException {
        try (QueueLink link = QueueOpening.open(directory)) {
            return QueueInspection.status(link);
        }
    }

    /**
     * Looks at every message.
     *
     * @param time how long at most
     */
    public MessageQueueCheck check(Duration time) throws IOException {
        try (QueueLink link = QueueOpening.open(directory)) {
            return QueueInspection.check(link, time);
        }
    }

    /** The options as parameters of an address. */
    Map<String, String> settings() throws IOException {
        return QueueOpening.settings(directory);
    }

    @Override
    public String toString() {
        return "MessageQueue[" + address + "]";
    }
}
