package org.jvmipc.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.jvmipc.Batch;
import org.jvmipc.Capability;
import org.jvmipc.Codecs;
import org.jvmipc.Endpoint;
import org.jvmipc.Receiver;
import org.jvmipc.Sender;

/** Chapter 5: closing one's own end, from this thread or another. */
interface CloseContract extends ContractHooks {
    /** A way to wait in a receiver. */
    interface Receiving {
        void from(Receiver<byte[]> receiver) throws Exception;
    }

    /** A way to wait in a sender. */
    interface Sending {
        void to(Sender<byte[]> sender, byte[] message) throws Exception;
    }

    /** All the ways to wait for a message. */
    List<Receiving> RECEIVING = List.of(
            Receiver::receive,
            receiver -> receiver.tryReceive(BlockingContract.FOR_EVER),
            receiver -> receiver.forEach(message -> {}));

    /** All the ways to wait for room. */
    List<Sending> SENDING = List.of(
            Sender::send,
            (sender, message) -> sender.trySend(message, BlockingContract.FOR_EVER),
            (sender, message) -> sender.sendAll(List.of(message)));

    @Test
    default void closeWakesABlockedReceive() throws Exception {
        for (Receiving receiving : RECEIVING) {
            try (Ends<byte[]> ends = open(Codecs.bytes());
                    Worker<Boolean> reader = Worker.run(() -> receiving.from(ends.receiver()))) {
                reader.awaitBlocked();
                ends.receiver().close();
                reader.failure(AsynchronousCloseException.class, ContractTools.PROMPT);
            }
        }
    }

    @Test
    default void closeWakesABlockedSend() throws Exception {
        needs(Capability.BOUNDED);
        int size = ContractTools.small(this);
        for (Sending sending : SENDING) {
            try (Ends<byte[]> ends = open(Codecs.bytes())) {
                ContractTools.fill(ends.sender(), size);
                try (Worker<Boolean> writer =
                                Worker.run(() -> sending.to(ends.sender(), ContractTools.message(99, size)));
                        Worker<Boolean> closer = Worker.run(() -> {
                            writer.awaitBlocked();
                            ends.sender().close();
                        })) {
                    writer.failure(AsynchronousCloseException.class);
                    closer.result();
                }
            }
        }
    }

    /** The writer is let go at once, not when the closer has finished waiting for room to say goodbye. */
    @Test
    default void closeWakesEveryThreadThatWaitsInside() throws Exception {
        needs(Capability.BOUNDED);
        int size = ContractTools.small(this);
        try (Ends<byte[]> ends = open(Codecs.bytes())) {
            ContractTools.fill(ends.sender(), size);
            Worker.Action send = () -> ends.sender().send(ContractTools.message(99, size));
            try (Worker<Boolean> first = Worker.run(send).awaitBlocked();
                    Worker<Boolean> second = Worker.run(send).awaitBlocked();
                    Worker<Boolean> third = Worker.run(send).awaitBlocked();
                    Worker<Boolean> closer = Worker.run(() -> ends.sender().close())) {
                for (Worker<Boolean> writer : List.of(first, second, third)) {
                    writer.failure(ClosedChannelException.class, ContractTools.PROMPT);
                }
                closer.result();
            }
        }
        try (Ends<byte[]> ends = open(Codecs.bytes());
                Worker<byte[]> first =
                        Worker.call(() -> ends.receiver().receive()).awaitBlocked();
                Worker<byte[]> second =
                        Worker.call(() -> ends.receiver().receive()).awaitBlocked()) {
            ends.receiver().close();
            first.failure(ClosedChannelException.class, ContractTools.PROMPT);
            second.failure(ClosedChannelException.class, ContractTools.PROMPT);
        }
    }

    @Test
    default void everyCallAfterCloseIsRefused() throws Exception {
        byte[] message = {1};
        try (Ends<byte[]> ends = open(Codecs.bytes())) {
            Sender<byte[]> sender = ends.sender();
            Receiver<byte[]> receiver = ends.receiver();
            Batch<byte[]> before = sender.batch();
            sender.close();
            receiver.close();
            assertThrows(ClosedChannelException.class, () -> sender.send(message));
            assertThrows(ClosedChannelException.class, () -> sender.trySend(message));
            assertThrows(ClosedChannelException.class, () -> sender.trySend(message, Await.LONG));
            assertThrows(ClosedChannelException.class, () -> sender.sendAll(List.of(message)));
            assertThrows(ClosedChannelException.class, () -> addAndFlush(sender.batch(), message));
            assertThrows(ClosedChannelException.class, () -> addAndFlush(before, message));
            assertThrows(ClosedChannelException.class, receiver::receive);
            assertThrows(ClosedChannelException.class, receiver::tryReceive);
            assertThrows(ClosedChannelException.class, () -> receiver.tryReceive(Await.LONG));
            assertThrows(ClosedChannelException.class, () -> receiver.drain(m -> {}, 1));
            assertThrows(ClosedChannelException.class, () -> receiver.forEach(m -> {}));
        }
    }

    private static void addAndFlush(Batch<byte[]> batch, byte[] message) throws Exception {
        batch.add(message);
        batch.flush();
    }

    @Test
    default void closeMayBeCalledAgainAndByManyThreads() throws Exception {
        try (Ends<byte[]> ends = open(Codecs.bytes())) {
            for (Endpoint endpoint : List.of(ends.receiver(), ends.sender())) {
                CountDownLatch start = new CountDownLatch(1);
                Worker.Action close = () -> {
                    start.await();
                    endpoint.close();
                };
                try (Worker<Boolean> first = Worker.run(close);
                        Worker<Boolean> second = Worker.run(close)) {
                    start.countDown();
                    first.result();
                    second.result();
                }
                endpoint.close();
                assertFalse(endpoint.isOpen());
                assertEquals(capabilities(), endpoint.capabilities(), "who it was can be told after the close");
                assertTrue(endpoint.address().toString().contains(":"));
            }
        }
    }

    @Test
    default void closeOfASenderOnAFullChannelEndsAndLosesNothing() throws Exception {
        needs(Capability.BOUNDED, Capability.RELIABLE, Capability.PEER_DETECTION);
        int size = ContractTools.small(this);
        try (Ends<byte[]> ends = open(Codecs.bytes())) {
            int count = ContractTools.fill(ends.sender(), size);
            try (Worker<Boolean> closer = Worker.run(() -> ends.sender().close())) {
                closer.result(); // bounded, though nobody reads
            }
            ContractTools.expect(ends.receiver(), 0, count, size);
            ContractTools.gone(() -> ends.receiver().receive()); // CLOSED, or DIED as there was no room to say it
        }
    }

    @Test
    default void closeSaysGoodbyeInAnInterruptedThreadToo() throws Exception {
        needs(Capability.PEER_DETECTION);
        try (Ends<byte[]> ends = open(Codecs.bytes());
                Worker<Boolean> closer = Worker.call(() -> {
                    Thread.currentThread().interrupt();
                    ends.sender().close();
                    return Thread.currentThread().isInterrupted();
                })) {
            assertTrue(closer.result(), "the interrupt was swallowed");
            ContractTools.assertEnds(this, ends.receiver());
        }
    }

    @Test
    default void closeGivesBackEverythingEachTime() throws Exception {
        int size = ContractTools.small(this);
        new NoLeaks().check(() -> {
            for (int round = 0; round < 50; round++) {
                try (Ends<byte[]> ends = open(Codecs.bytes())) {
                    ends.sender().send(ContractTools.message(round, size));
                    if (round % 2 == 0) {
                        ContractTools.next(ends.receiver()); // else it is closed with a message inside
                    }
                }
            }
        });
    }
}
