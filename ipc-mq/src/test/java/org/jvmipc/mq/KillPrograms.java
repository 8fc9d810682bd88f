package org.jvmipc.mq;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ThreadLocalRandom;
import java.util.zip.CRC32C;
import org.jvmipc.Address;
import org.jvmipc.Codecs;
import org.jvmipc.process.ParentJvm;
import org.jvmipc.testkit.Await;
import org.jvmipc.testkit.ChildProgram;

/**
 * Child JVMs that are killed: they send, or take, until they are. Arguments: the queue's address, the log's path, and that of a file:
 * once it is there they begin, so that those who are there first do not take the processors from those who start.
 */
final class KillPrograms {
    /** A message of this producer and number was sent: the send has returned. */
    static final long SENT = 1;

    /** A message with this index was received; it was so often before. */
    static final long RECEIVED = 2;

    /** It is about to be acknowledged. */
    static final long ACKNOWLEDGING = 3;

    /** Its acknowledgement has returned. */
    static final long ACKNOWLEDGED = 4;

    /** The producer and the number of the message that was received by the line before. */
    static final long FROM = 5;

    /** Its index, and the CRC32C of it. */
    static final long CHECKSUM = 6;

    private static final int LARGEST_BYTES = 900;

    private KillPrograms() {}

    /** The producer's number, then the message's, then the number over and over. */
    static byte[] message(long producer, long number) {
        int size = 2 * Long.BYTES + (int) (number * 37 % LARGEST_BYTES);
        ByteBuffer bytes = ByteBuffer.allocate(size).putLong(producer).putLong(number);
        while (bytes.hasRemaining()) {
            bytes.put((byte) number);
        }
        return bytes.array();
    }

    static long checksum(byte[] message) {
        CRC32C crc = new CRC32C();
        crc.update(message);
        return crc.getValue();
    }

    /** Logs what was received. */
    static void logReceived(KillLog log, Delivery<byte[]> delivery) throws IOException {
        QueuedMessage<byte[]> message = delivery.queued();
        log.add(RECEIVED, delivery.index(), delivery.redeliveries());
        log.add(FROM, message.producer(), message.sequence());
        log.add(CHECKSUM, delivery.index(), checksum(message.body()));
    }

    private static void awaitStart(String file) throws Exception {
        Await.until("may begin", () -> Files.exists(Path.of(file)));
    }

    /** Sends as fast as it can, now and then in a batch. */
    static final class Producer implements ChildProgram {
        @Override
        public void run(ParentJvm parent, String[] arguments) throws Exception {
            MessageQueue<byte[]> queue = MessageQueue.open(Address.of(arguments[0]), Codecs.bytes());
            try (QueueSender<byte[]> out = queue.openSender();
                    KillLog log = new KillLog(Path.of(arguments[1]))) {
                parent.ready();
                awaitStart(arguments[2]);
                for (long number = 1; ; number++) {
                    out.send(message(out.producer(), number));
                    log.add(SENT, out.producer(), number);
                }
            }
        }
    }

    /** Takes as fast as it can, keeps a few for a while, and gives one back now and then. */
    static final class Taker implements ChildProgram {
        @Override
        public void run(ParentJvm parent, String[] arguments) throws Exception {
            MessageQueue<byte[]> queue = MessageQueue.open(Address.of(arguments[0]), Codecs.bytes());
            try (Consumer<byte[]> in = queue.openConsumer(
                            Queues.GROUP, ConsumerOptions.defaults().withMaxDeliveries(0));
                    KillLog log = new KillLog(Path.of(arguments[1]))) {
                parent.ready();
                awaitStart(arguments[2]);
                while (true) {
                    Delivery<byte[]> delivery = in.receive();
                    logReceived(log, delivery);
                    if (ThreadLocalRandom.current().nextInt(50) == 0) {
                        delivery.nack();
                        continue;
                    }
                    log.add(ACKNOWLEDGING, delivery.index(), 0);
                    delivery.ack();
                    log.add(ACKNOWLEDGED, delivery.index(), 0);
                }
            }
        }
    }
}
