package org.jvmipc.mq;

import java.io.IOException;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jvmipc.Address;
import org.jvmipc.Capability;
import org.jvmipc.Codec;
import org.jvmipc.Codecs;
import org.jvmipc.OsException;
import org.jvmipc.Receiver;
import org.jvmipc.Sender;
import org.jvmipc.internal.posix.Errno;
import org.jvmipc.mq.internal.ChronicleFlags;
import org.jvmipc.mq.internal.QueuePaths;
import org.jvmipc.mq.internal.QueueRegistry;
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
        return MessageQueue.open(address, codec).openSender();
    }

    @Override
    public <T> Receiver<T> openReceiver(Address address, Codec<T> codec) throws IOException {
        MessageQueue<T> queue = MessageQueue.open(address, codec);
        String group = QueueAddress.group(address);
        return group == null
                ? queue.openReceiver(QueueAddress.from(address), QueueAddress.type(address))
                : queue.openGroupReceiver(group, QueueAddress.consumer(address));
    }

    @Override
    public boolean exists(Address address) throws IOException {
        return MessageQueue.exists(address);
    }

    @Override
    public boolean remove(Address address) throws IOException {
        return MessageQueue.remove(address);
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
        facts.put("capacity", status.capacityBytes());
        facts.put("files", status.cycles());
        facts.putAll(queue.settings());
        for (MessageQueueStatus.Group each : status.groups()) {
            facts.put(
                    "group " + each.name(),
                    "lag " + each.lag() + ", leased " + each.leased() + ", taken below " + each.lowWater()
                            + ", redeliveries " + each.redeliveries() + ", dead letters " + each.deadLetters());
        }
        facts.put("attached", others(status.processes()));
        return facts;
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
