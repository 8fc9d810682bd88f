package org.jvmipc.mq;

import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Address;
import org.jvmipc.Batch;
import org.jvmipc.Capability;
import org.jvmipc.Codec;
import org.jvmipc.Codecs;
import org.jvmipc.PeerGoneException;
import org.jvmipc.Receiver;
import org.jvmipc.Sender;
import org.jvmipc.process.ChildJvm;
import org.jvmipc.process.JvmLauncher;
import org.jvmipc.testkit.Await;
import org.jvmipc.testkit.ChildMain;
import org.jvmipc.testkit.Children;
import org.jvmipc.testkit.CrossJvmContract;

/** The promises of a transport, kept by an inbox between two JVMs. */
class InboxCrossJvmIT extends CrossJvmContract {
    /** Loads as well what the first death of a participant takes. */
    @Override
    public void warmUp() throws Exception {
        super.warmUp();
        JvmLauncher launcher = ChildMain.launcher("send-nothing");
        try (Receiver<byte[]> in = receiverFromChild(launcher, ChildMain.OUT, Codecs.bytes());
                ChildJvm child = Children.start(launcher)) {
            child.kill();
            child.tryAwaitExit(Await.LONG);
            try {
                in.tryReceive(Duration.ofMillis(500));
            } catch (PeerGoneException e) {
                // as it should be
            }
        }
    }

    @Override
    public <T> Receiver<T> receiverFromChild(JvmLauncher launcher, String name, Codec<T> codec) throws IOException {
        Inbox<T> inbox = Inbox.open(Inboxes.address(), codec, Inboxes.SMALL.withTellsEnd(true));
        launcher.handOver(name, inbox.address());
        return inbox;
    }

    @Override
    public <T> Sender<T> senderToChild(JvmLauncher launcher, String name, Codec<T> codec) {
        Address address = Inboxes.address();
        launcher.handOver(name, address.with("size", "256k"));
        return new LateSender<>(address, codec);
    }

    @Override
    public Set<Capability> capabilities() {
        return new InboxTransport().capabilities();
    }

    @Override
    public int largestMessageBytes() {
        return Inboxes.LARGEST;
    }

    @Override
    public boolean endsForGood() {
        return false;
    }

    /** Opened when it is first used: an inbox is there once the child has it. */
    private static final class LateSender<T> implements Sender<T> {
        private final Address address;
        private final Codec<T> codec;
        private @Nullable InboxSender<T> opened;
        private boolean closed;

        private LateSender(Address address, Codec<T> codec) {
            this.address = address;
            this.codec = codec;
        }

        private synchronized InboxSender<T> sender() throws IOException {
            InboxSender<T> present = opened;
            if (present == null) {
                try {
                    present = Inbox.tryAwaitSender(address, codec, Await.LONG);
                } catch (InterruptedException e) {
                    throw new IOException(e);
                }
                if (present == null) {
                    throw new IOException("nobody has opened " + address);
                }
                opened = present;
            }
            return present;
        }

        @Override
        public void send(T message) throws IOException, InterruptedException {
            sender().send(message);
        }

        @Override
        public boolean trySend(T message) throws IOException {
            return sender().trySend(message);
        }

        @Override
        public boolean trySend(T message, Duration timeout) throws IOException, InterruptedException {
            return sender().trySend(message, timeout);
        }

        @Override
        public Batch<T> batch() {
            try {
                return sender().batch();
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public Address address() {
            return address;
        }

        @Override
        public Set<Capability> capabilities() {
            return Inbox.CAPABILITIES;
        }

        @Override
        public synchronized boolean isOpen() {
            return !closed;
        }

        /** One that was never used says hello and goodbye, as the child waits for both. */
        @Override
        public synchronized void close() throws IOException {
            if (!closed) {
                closed = true;
                sender().close();
            }
        }
    }
}
