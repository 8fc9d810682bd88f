package org.jvmipc.mq;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jvmipc.Address;
import org.jvmipc.Capability;
import org.jvmipc.Codec;
import org.jvmipc.Codecs;
import org.jvmipc.Receiver;
import org.jvmipc.Sender;
import org.jvmipc.internal.posix.Fd;
import org.jvmipc.internal.posix.FileStatus;
import org.jvmipc.internal.posix.MqCalls;
import org.jvmipc.internal.registry.ObjectFacts;
import org.jvmipc.internal.registry.ObjectParameters;
import org.jvmipc.internal.registry.RegistryRecord;
import org.jvmipc.mq.internal.PosixQueueNames;
import org.jvmipc.mq.internal.PosixQueueObjects;
import org.jvmipc.mq.internal.PosixQueues;
import org.jvmipc.spi.Removal;
import org.jvmipc.spi.Survey;
import org.jvmipc.spi.Transport;

/**
 * The scheme {@code posixmq:}, message queues of the kernel: {@code posixmq:/name}, see {@link PosixMessageQueue}.
 *
 * <p>Of queues that other programs have made, the names are known only where {@code /dev/mqueue} is mounted: {@link #list()} and {@link
 * #survey()} have them there, and {@link #inspect} says whether it is. Everything else goes by name, and works without it.
 */
public final class PosixMessageQueueTransport implements Transport {
    /** For {@link java.util.ServiceLoader}. */
    public PosixMessageQueueTransport() {}

    @Override
    public String name() {
        return PosixQueues.SCHEME;
    }

    @Override
    public Set<Capability> capabilities() {
        return PosixQueueEnd.CAPABILITIES;
    }

    @Override
    public Map<String, String> parameters() {
        return PosixQueueAddress.parameters();
    }

    @Override
    public <T> Sender<T> openSender(Address address, Codec<T> codec) throws IOException {
        return PosixMessageQueue.open(address, codec).openSender(PosixQueueAddress.priority(address));
    }

    @Override
    public <T> Receiver<T> openReceiver(Address address, Codec<T> codec) throws IOException {
        return PosixMessageQueue.open(address, codec).openReceiver();
    }

    @Override
    public Address create(Address address) throws IOException {
        return PosixMessageQueue.create(address, Codecs.bytes(), PosixQueueAddress.options(address))
                .address();
    }

    @Override
    public boolean exists(Address address) throws IOException {
        return PosixMessageQueue.exists(address);
    }

    @Override
    public Map<String, Object> inspect(Address address) throws IOException {
        String path = PosixQueueNames.recordPath(PosixQueueAddress.name(address));
        Map<String, Object> facts = new LinkedHashMap<>();
        try (Fd queue = PosixQueueAddress.openForAttributes(address)) {
            FileStatus status = PosixQueues.status(queue);
            ObjectFacts.putFile(facts, PosixQueueNames.path(address.location()), status);
            facts.put("mounted", PosixQueueObjects.isMounted());
            putState(facts, queue, address);
            facts.put("users", users(address));
            RegistryRecord record = PosixQueueObjects.RECORDED.record(path);
            if (record != null && record.isOf(status)) {
                ObjectFacts.putRecord(facts, record, PosixQueueObjects.REMOVER);
            }
        }
        return facts;
    }

    private static void putState(Map<String, Object> facts, Fd queue, Address address) throws IOException {
        MqCalls.Attributes attributes = MqCalls.attributes(queue, address.location());
        facts.put("depth", attributes.depth());
        facts.put("max message", attributes.maxMessageBytes());
        facts.put("messages", attributes.messages());
        long bytes = MqCalls.bytesWaiting(queue);
        if (bytes >= 0) {
            facts.put("bytes", bytes);
        }
    }

    /** Those of this user: that were made here, and where {@code /dev/mqueue} is mounted, by other programs too. */
    @Override
    public List<Address> list() throws IOException {
        return PosixQueueObjects.list();
    }

    @Override
    public boolean remove(Address address) throws IOException {
        return PosixMessageQueue.remove(address);
    }

    @Override
    public Map<String, String> settings(Address address) throws IOException {
        String name = PosixQueueAddress.name(address);
        if (!PosixQueues.exists(name)) {
            return Map.of();
        }
        try (Fd queue = PosixQueueAddress.openForAttributes(address)) {
            MqCalls.Attributes attributes = MqCalls.attributes(queue, address.location());
            return Map.of(
                    ObjectParameters.MODE,
                    ObjectParameters.octal(PosixQueues.status(queue).permissions()),
                    PosixQueues.DEPTH,
                    Integer.toString(attributes.depth()),
                    PosixQueues.MAX_MESSAGE,
                    Integer.toString(attributes.maxMessageBytes()));
        }
    }

    @Override
    public List<Long> users(Address address) throws IOException {
        return PosixQueueObjects.RECORDED.users(PosixQueueNames.recordPath(PosixQueueAddress.name(address)));
    }

    /** Of those that other programs have made, the owner and the time are not known. */
    @Override
    public Survey survey() throws IOException {
        return PosixQueueObjects.survey();
    }

    @Override
    public List<Removal> removeStale(boolean dryRun) throws IOException {
        return PosixQueueObjects.RECORDED.removeStale(dryRun);
    }
}
