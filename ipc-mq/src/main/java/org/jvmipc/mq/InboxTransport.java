package org.jvmipc.mq;

import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Address;
import org.jvmipc.Capability;
import org.jvmipc.Codec;
import org.jvmipc.Receiver;
import org.jvmipc.Sender;
import org.jvmipc.UnsupportedMechanismException;
import org.jvmipc.mq.internal.InboxEnvelope;
import org.jvmipc.mq.internal.InboxNames;
import org.jvmipc.spi.Removal;
import org.jvmipc.spi.Scheme;
import org.jvmipc.spi.Survey;
import org.jvmipc.spi.Transport;

/**
 * The scheme {@code inbox:}, see {@link Inbox}. A receiver is the inbox itself, which this process then has, and tells when the last
 * sender has gone; without one there is nothing to send into.
 */
public final class InboxTransport implements Transport {
    /** For {@link java.util.ServiceLoader}. */
    public InboxTransport() {}

    private static Scheme rings() {
        return InboxNames.RINGS.scheme();
    }

    private static Address name(Address address) {
        return InboxNames.require(address).withoutParameters();
    }

    @Override
    public String name() {
        return InboxNames.SCHEME;
    }

    @Override
    public Set<Capability> capabilities() {
        return Inbox.CAPABILITIES;
    }

    @Override
    public Map<String, String> parameters() {
        return InboxNames.parameters();
    }

    @Override
    public <T> Sender<T> openSender(Address address, Codec<T> codec) throws IOException {
        return Inbox.openSender(address, codec);
    }

    /** Waits until somebody has the inbox. */
    @Override
    public <T> @Nullable Sender<T> tryOpenSender(Address address, Codec<T> codec, Duration timeout)
            throws IOException, InterruptedException {
        return Inbox.tryAwaitSender(address, codec, timeout);
    }

    @Override
    public <T> Receiver<T> openReceiver(Address address, Codec<T> codec) throws IOException {
        return Inbox.open(address, codec, InboxOptions.of(address).withTellsEnd(true));
    }

    /** Refuses: an inbox is there as long as somebody has it. */
    @Override
    public Address create(Address address) throws IOException {
        throw new UnsupportedMechanismException(name(address)
                + ": an inbox is its owner's and is not made in advance; it is there while a process receives from it");
    }

    @Override
    public boolean exists(Address address) throws IOException {
        return Inbox.exists(address);
    }

    @Override
    public boolean remove(Address address) throws IOException {
        return Inbox.remove(address);
    }

    /** Those of the ring, as an inbox has them. */
    @Override
    public Map<String, Object> inspect(Address address) throws IOException {
        Map<String, Object> facts = new LinkedHashMap<>(rings().inspect(name(address)));
        facts.remove("kind");
        facts.remove("max receivers");
        facts.remove("receivers");
        facts.computeIfPresent("max message", (key, bytes) -> (int) bytes - InboxEnvelope.PLAIN_BYTES);
        facts.computeIfPresent("full", (key, policy) -> "fail".equals(policy) ? "refuse" : policy);
        return facts;
    }

    @Override
    public Map<String, String> settings(Address address) throws IOException {
        return Map.of();
    }

    @Override
    public List<Long> users(Address address) throws IOException {
        return rings().users(name(address));
    }

    @Override
    public List<Address> list() throws IOException {
        return rings().list();
    }

    @Override
    public Survey survey() throws IOException {
        return rings().survey();
    }

    @Override
    public List<Removal> removeStale(boolean dryRun) throws IOException {
        return rings().removeStale(dryRun);
    }
}
