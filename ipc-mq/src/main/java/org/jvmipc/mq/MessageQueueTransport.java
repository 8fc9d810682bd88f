package org.jvmipc.mq;

import java.io.IOException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jvmipc.Address;
import org.jvmipc.Capability;
import org.jvmipc.Codec;
import org.jvmipc.Codecs;
import org.jvmipc.OsException;
import org.jvmipc.Receiver;
import org.jvmipc.Sender;
import org.jvmipc.internal.Units;
import org.jvmipc.internal.posix.Errno;
import org.jvmipc.mq.internal.ChronicleFlags;
import org.jvmipc.mq.internal.QueuePaths;
import org.jvmipc.mq.internal.QueueRegistry;
import org.jvmipc.spi.Check;
import org.jvmipc.spi.Survey;
import org.jvmipc.spi.Transport;

/**
 * The scheme {@code mq:}, durable queues: {@code mq:/directory}, or {@code mq:NAME}. A receiver with the parameter {@code group} is a {@link
 * GroupReceiver}, one without a {@link QueueReceiver}.
 */
public final class MessageQueueTransport implements Transport {
    /** Of senders, and of consumers: each message goes to one of a group. */
    static final Set<Capability> CAPABILITIES = Set.copyOf(EnumSet.of(
            Capability.RELIABLE,
            Capability.ORDERED,
            Capability.BOUNDED,
            Capability.MANY_SENDERS,
            Capability.MANY_RECEIVERS,
            Capability.PERSISTENT));

    /** Of receivers without a group: each of them gets every message. */
    static final Set<Capability> BROADCAST = Set.copyOf(EnumSet.of(
            Capability.RELIABLE,
            Capability.ORDERED,
            Capability.MANY_SENDERS,
            Capability.BROADCAST,
            Capability.PERSISTENT));

    /** A look at every message takes as long as it takes. */
    private static final Duration CHECK_TIME = Duration.ofDays(365);

    /** For {@link java.util.ServiceLoader}. */
    public MessageQueueTransport() {}

    @Override
    public String name() {
        return QueuePaths.SCHEME;
    }

    @Override
    public Set<Capability> capabilities() {
        return CAPABILITIES;
    }

    @Override
    public Map<String, String> parameters() {
        return QueueAddress.parameters();
    }

    @Override
    public List<String> jvmArguments() {
        return ChronicleFlags.ALL;
    }

    @Override
    public Address create(Address address) throws IOException {
        return MessageQueue.create(address, Codecs.bytes(), QueueAddress.options(address))
                .address();
    }

    @Override
    public <T> Sender<T> openSender(Address address, Codec<T> codec) throws IOException {
        return MessageQueue.open(address, codec).openSender(QueueAddress.header(address));
    }

    @Override
    public <T> Receiver<T> openReceiver(Address address, Codec<T> codec) throws IOException {
        MessageQueue<T> queue = MessageQueue.open(address, codec);
        String group = QueueAddress.group(address);
        return group == null
                ? queue.openReceiver(QueueAddress.from(address), QueueAddress.type(address))
                : queue.openGroupReceiver(group, QueueAddress.consumer(address));
    }

    /**
     * Joins the group that the address names.
     *
     * @throws IllegalArgumentException if it names none
     */
    public <T> Consumer<T> openConsumer(Address address, Codec<T> codec) throws IOException {
        MessageQueue<T> queue = MessageQueue.open(address, codec);
        String group = QueueAddress.group(address);
        if (group == null) {
            throw new IllegalArgumentException(address + " names no group");
        }
        return queue.openConsumer(group, QueueAddress.consumer(address));
    }

    /**
     * Opens a receiver of messages with what is known of them, which takes nothing: from where the address says, or if it names a group
     * from the oldest message on that this has not taken.
     */
    public <T> QueueReceiver<QueuedMessage<T>> openMessages(Address address, Codec<T> codec) throws IOException {
        MessageQueue<T> queue = MessageQueue.open(address, codec);
        ReceiveFrom from = QueueAddress.from(address);
        String group = QueueAddress.group(address);
        if (group != null && address.parameter(QueueAddress.FROM) == null) {
            for (MessageQueueStatus.Group each : queue.status().groups()) {
                from = each.name().equals(group) ? ReceiveFrom.index(each.lowWater()) : from;
            }
        }
        return queue.openMessages(from, QueueAddress.type(address));
    }

    @Override
    public boolean exists(Address address) throws IOException {
        return MessageQueue.exists(address);
    }

    @Override
    public boolean remove(Address address) throws IOException {
        String group = QueueAddress.group(address);
        if (group == null) {
            return MessageQueue.remove(address);
        }
        return exists(address) && MessageQueue.open(address, Codecs.bytes()).removeGroup(group);
    }

    @Override
    public Map<String, String> settings(Address address) throws IOException {
        return exists(address) ? MessageQueue.open(address, Codecs.bytes()).settings() : Map.of();
    }

    @Override
    public Map<String, Object> inspect(Address address) throws IOException {
        if (!exists(address)) {
            throw new OsException("open", Errno.ENOENT, "path=" + QueuePaths.directory(address));
        }
        MessageQueue<byte[]> queue = MessageQueue.open(address, Codecs.bytes());
        MessageQueueStatus status = queue.status();
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("path", QueuePaths.directory(address).toString());
        facts.put("messages", status.nextIndex() - status.firstIndex());
        facts.put("first index", status.firstIndex());
        facts.put("next index", status.nextIndex());
        facts.put("bytes", status.bytes());
        facts.put("files", status.cycles());
        facts.put("disk", QueuePaths.directory(address).diskBytes());
        putSettings(facts, queue.options());
        facts.put("consumer groups", groups(status.groups()));
        facts.put("attached", others(status.processes()));
        return facts;
    }

    private static void putSettings(Map<String, Object> facts, MessageQueueOptions options) {
        facts.put("capacity", options.capacityBytes());
        facts.put("cycle", options.cycleBytes());
        facts.put("cycle age", Units.formatDuration(options.cycleAge()));
        facts.put("max message", options.maxMessageBytes());
        facts.put("full", options.whenFull().name().toLowerCase(Locale.ROOT));
        facts.put("retention", Units.formatDuration(options.retention()));
        facts.put("max age", Units.formatDuration(options.maxAge()));
        facts.put("sync", options.sync());
        facts.put("groups", options.groups());
        facts.put("participants", options.participants());
    }

    private static Map<String, Object> groups(List<MessageQueueStatus.Group> groups) {
        Map<String, Object> all = new LinkedHashMap<>();
        for (MessageQueueStatus.Group each : groups) {
            Map<String, Object> facts = new LinkedHashMap<>();
            facts.put("lag", each.lag());
            facts.put("leased", each.leased());
            facts.put("taken below", each.lowWater());
            facts.put("redeliveries", each.redeliveries());
            facts.put("dead letters", each.deadLetters());
            all.put(each.name(), facts);
        }
        return all;
    }

    @Override
    public Check check(Address address) throws IOException {
        MessageQueueCheck check = MessageQueue.open(address, Codecs.bytes()).check(CHECK_TIME);
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("checked messages", check.messages());
        facts.put("checked bytes", check.bytes());
        return new Check(facts, check.damages());
    }

    private static List<Long> others(List<Long> processes) {
        long self = ProcessHandle.current().pid();
        return processes.stream().filter(pid -> pid != self).sorted().toList();
    }

    @Override
    public List<Long> users(Address address) throws IOException {
        return exists(address) ? QueueRegistry.users(QueuePaths.directory(address)) : List.of();
    }

    @Override
    public List<Address> list() throws IOException {
        return QueueRegistry.list();
    }

    @Override
    public Survey survey() throws IOException {
        return QueueRegistry.survey();
    }
}
