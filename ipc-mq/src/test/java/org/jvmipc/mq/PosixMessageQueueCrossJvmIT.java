package org.jvmipc.mq;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.jvmipc.Address;
import org.jvmipc.Capability;
import org.jvmipc.Codec;
import org.jvmipc.Receiver;
import org.jvmipc.Sender;
import org.jvmipc.process.JvmLauncher;
import org.jvmipc.testkit.CrossJvmContract;

/** The promises of a transport, kept by a message queue of the kernel between two JVMs. */
class PosixMessageQueueCrossJvmIT extends CrossJvmContract {
    private final List<Address> made = new ArrayList<>();

    @AfterEach
    void remove() throws IOException {
        for (Address address : made) {
            PosixMessageQueue.remove(address);
        }
    }

    private <T> PosixMessageQueue<T> queue(JvmLauncher launcher, String name, Codec<T> codec) throws IOException {
        Address address = PosixNames.address();
        made.add(address);
        PosixMessageQueue<T> queue = PosixMessageQueue.create(address, codec, PosixNames.OPTIONS);
        launcher.handOver(name, queue.address());
        return queue;
    }

    @Override
    public <T> Receiver<T> receiverFromChild(JvmLauncher launcher, String name, Codec<T> codec) throws IOException {
        return queue(launcher, name, codec).openReceiver();
    }

    @Override
    public <T> Sender<T> senderToChild(JvmLauncher launcher, String name, Codec<T> codec) throws IOException {
        return queue(launcher, name, codec).openSender();
    }

    @Override
    public Set<Capability> capabilities() {
        return new PosixMessageQueueTransport().capabilities();
    }

    @Override
    public int largestMessageBytes() {
        return PosixNames.OPTIONS.maxMessageBytes();
    }
}
