package org.jvmipc.mq.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import net.openhft.chronicle.bytes.Bytes;
import net.openhft.chronicle.queue.ExcerptAppender;
import net.openhft.chronicle.queue.ExcerptTailer;
import net.openhft.chronicle.queue.RollCycles;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueue;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueueBuilder;
import net.openhft.chronicle.wire.DocumentContext;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Address;
import org.jvmipc.Batch;
import org.jvmipc.Capability;
import org.jvmipc.Receiver;
import org.jvmipc.Sender;

/** Chronicle Queue as it is, in the form that a {@link org.jvmipc.testkit.bench.Measurement} takes: bytes, no envelope, no lock of ours. */
final class RawChronicle {
    static { // what it would do besides, with libraries that are not here
        System.setProperty("chronicle.announcer.disable", "true");
        System.setProperty("chronicle.disk.monitor.disable", "true");
        System.setProperty("slf4j.internal.verbosity", "ERROR");
    }

    private RawChronicle() {}

    private static SingleChronicleQueue open(Address address) {
        return SingleChronicleQueueBuilder.binary(address.path())
                .rollCycle(RollCycles.FAST_DAILY)
                .blockSize(256 << 20)
                .build();
    }

    static Sender<ByteBuffer> sender(Address address) {
        return new Appending(address, open(address));
    }

    static Receiver<ByteBuffer> receiver(Address address) {
        return new Tailing(address, open(address));
    }

    static void removeTree(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path each : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        }
    }

    private static final class Appending implements Sender<ByteBuffer> {
        private final Address address;
        private final SingleChronicleQueue queue;
        private final ExcerptAppender appender;

        private Appending(Address address, SingleChronicleQueue queue) {
            this.address = address;
            this.queue = queue;
            this.appender = queue.createAppender();
        }

        @Override
        public void send(ByteBuffer message) {
            try (DocumentContext document = appender.writingDocument()) {
                document.wire().bytes().writeSome(message.duplicate());
            }
        }

        @Override
        public boolean trySend(ByteBuffer message) {
            send(message);
            return true;
        }

        @Override
        public boolean trySend(ByteBuffer message, Duration timeout) {
            send(message);
            return true;
        }

        @Override
        public Batch<ByteBuffer> batch() {
            return new Batch<>() {
                @Override
                public void add(ByteBuffer message) {
                    send(message);
                }

                @Override
                public void flush() {}

                @Override
                public void close() {}
            };
        }

        @Override
        public Address address() {
            return address;
        }

        @Override
        public Set<Capability> capabilities() {
            return Set.copyOf(List.of());
        }

        @Override
        public boolean isOpen() {
            return !queue.isClosed();
        }

        @Override
        public void close() {
            appender.close();
            queue.close();
        }
    }

    private static final class Tailing implements Receiver<ByteBuffer> {
        private final Address address;
        private final SingleChronicleQueue queue;
        private final ExcerptTailer tailer;
        private final ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 20).order(ByteOrder.LITTLE_ENDIAN);

        private Tailing(Address address, SingleChronicleQueue queue) {
            this.address = address;
            this.queue = queue;
            this.tailer = queue.createTailer();
        }

        @Override
        public ByteBuffer receive() {
            while (true) {
                ByteBuffer message = tryReceive();
                if (message != null) {
                    return message;
                }
                Thread.onSpinWait();
            }
        }

        @Override
        public @Nullable ByteBuffer tryReceive() {
            try (DocumentContext document = tailer.readingDocument()) {
                if (!document.isPresent()) {
                    return null;
                }
                Bytes<?> bytes = document.wire().bytes();
                buffer.clear().limit((int) bytes.readRemaining());
                bytes.read(buffer);
                buffer.flip();
                return buffer;
            }
        }

        @Override
        public ByteBuffer tryReceive(Duration timeout) {
            return receive();
        }

        @Override
        public Address address() {
            return address;
        }

        @Override
        public Set<Capability> capabilities() {
            return Set.copyOf(List.of());
        }

        @Override
        public boolean isOpen() {
            return !queue.isClosed();
        }

        @Override
        public void close() {
            tailer.close();
            queue.close();
        }
    }
}
