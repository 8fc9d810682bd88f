package org.jvmipc.shm.internal.ring;

import java.io.IOException;
import java.util.Map;
import java.util.Set;
import org.jvmipc.Address;
import org.jvmipc.Capability;
import org.jvmipc.Codec;
import org.jvmipc.Receiver;
import org.jvmipc.Sender;
import org.jvmipc.shm.RingKind;
import org.jvmipc.shm.RingOptions;
import org.jvmipc.shm.SharedRing;
import org.jvmipc.shm.internal.SegmentAddress;
import org.jvmipc.shm.internal.SegmentObjects;
import org.jvmipc.spi.Transport;

/** The scheme {@code ring:}, see {@link SharedRing}. */
public final class RingTransport extends RingScheme implements Transport {
    /** For {@link java.util.ServiceLoader}. */
    public RingTransport() {
        super("ring", SegmentObjects.RING.own());
    }

    @Override
    public Set<Capability> capabilities() {
        return SharedRing.capabilities(RingKind.ONE_TO_ONE);
    }

    @Override
    public Map<String, String> parameters() {
        return SegmentAddress.ringParameters();
    }

    @Override
    public Address create(Address address) throws IOException {
        try (SharedRing ring = SharedRing.create(address, RingOptions.of(address))) {
            return ring.address();
        }
    }

    @Override
    public boolean remove(Address address) throws IOException {
        return SharedRing.remove(address);
    }

    @Override
    public <T> Sender<T> openSender(Address address, Codec<T> codec) throws IOException {
        try (SharedRing ring = SharedRing.open(address)) {
            return ring.openSender(codec);
        }
    }

    @Override
    public <T> Receiver<T> openReceiver(Address address, Codec<T> codec) throws IOException {
        try (SharedRing ring = SharedRing.open(address)) {
            return ring.openReceiver(codec);
        }
    }
}
