package org.jvmipc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.channels.ClosedChannelException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.SubmissionPublisher;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.jvmipc.testkit.Await;
import org.jvmipc.testkit.Worker;

/** The rules of Reactive Streams, by their numbers. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ReceiverPublisherTest {
    private OneLoopback loop;
    private Flow.Publisher<String> publisher;
    private final List<Recorder> recorders = new ArrayList<>();

    @BeforeEach
    void open() throws Exception {
        loop = new OneLoopback();
        publisher = Receivers.publisher(loop.in);
    }

    @AfterEach
    void close() throws Exception {
        for (Recorder recorder : recorders) {
            recorder.subscription.get().cancel(); // without demand it would not learn that the receiver is closed
        }
        loop.close();
        Await.until("its threads end", () -> loop.threads().getAsLong() == 0);
    }

    /** Writes down all signals, and fails if two come at the same time or one after the last. */
    static class Recorder implements Flow.Subscriber<String> {
        final BlockingQueue<String> signals = new LinkedBlockingQueue<>();
        final AtomicReference<Throwable> failure = new AtomicReference<>();
        private final AtomicReference<Flow.Subscription> subscription = new AtomicReference<>();
        private final AtomicInteger inside = new AtomicInteger();
        private final AtomicInteger wrong = new AtomicInteger();
        private volatile boolean ended;

        private void signal(String signal, Runnable reaction) {
            if (inside.incrementAndGet() != 1 || ended) {
                wrong.incrementAndGet();
            }
            reaction.run();
            inside.decrementAndGet();
            signals.add(signal);
        }

        @Override
        public void onSubscribe(Flow.Subscription given) {
            signal("subscribed", () -> {
                subscription.set(given);
                subscribed(given);
            });
        }

        @Override
        public void onNext(String message) {
            signal(message, () -> next(message));
        }

        @Override
        public void onError(Throwable thrown) {
            failure.set(thrown);
            signal("error", () -> ended = true);
        }

        @Override
        public void onComplete() {
            signal("complete", () -> ended = true);
        }

        void subscribed(Flow.Subscription given) {}

        void next(String message) {}

        /** The first signal's. */
        Flow.Subscription subscription() throws InterruptedException {
            assertNext("subscribed");
            return subscription.get();
        }

        void assertNext(String... expected) throws InterruptedException {
            for (String signal : expected) {
                assertEquals(signal, signals.poll(Await.LONG.toNanos(), TimeUnit.NANOSECONDS));
            }
            assertEquals(0, wrong.get(), "signals were not serial, or came after the last");
        }

        void assertSilent() throws InterruptedException {
            assertNull(signals.poll(40, TimeUnit.MILLISECONDS));
            assertEquals(0, wrong.get(), "signals were not serial, or came after the last");
        }
    }

    private Recorder subscribe() {
        Recorder recorder = new Recorder();
        publisher.subscribe(recorder);
        recorders.add(recorder);
        return recorder;
    }

    /** 1.1, and what is not asked for is not received. */
    @Test
    void deliversNoMoreThanWasRequestedAndTakesNoMore() throws Exception {
        loop.send("a", "b", "c", "d");
        Recorder recorder = subscribe();
        Flow.Subscription subscription = recorder.subscription();
        recorder.assertSilent();
        subscription.request(1);
        recorder.assertNext("a");
        recorder.assertSilent();
        subscription.request(1);
        subscription.request(1);
        recorder.assertNext("b", "c");
        recorder.assertSilent();
        assertEquals("d", loop.in.receive(), "it was held back");
    }

    /** 1.5, 1.7 */
    @Test
    void completesOnceWhenTheOtherSideHasSaidGoodbye() throws Exception {
        loop.send("a");
        loop.out.close();
        Recorder recorder = subscribe();
        Flow.Subscription subscription = recorder.subscription();
        subscription.request(Long.MAX_VALUE);
        recorder.assertNext("a", "complete");
        subscription.request(5);
        subscription.request(-5);
        subscription.cancel();
        recorder.assertSilent();
    }

    /** 1.4 */
    @Test
    void tellsAnyOtherEndAsAnError() throws Exception {
        Recorder recorder = subscribe();
        recorder.subscription().request(1);
        loop.in.close();
        recorder.assertNext("error");
        assertInstanceOf(ClosedChannelException.class, recorder.failure.get());
        recorder.assertSilent();
    }

    /** 1.9 */
    @Test
    @SuppressWarnings("NullAway")
    void refusesNoSubscriber() {
        assertThrows(NullPointerException.class, () -> publisher.subscribe(null));
    }

    /** 1.9, 1.11: one at a time, and the second is told in order. */
    @Test
    void refusesASecondSubscriberAndTheFirstGoesOn() throws Exception {
        Recorder first = subscribe();
        Recorder second = subscribe();
        Flow.Subscription refused = second.subscription();
        second.assertNext("error");
        assertInstanceOf(IllegalStateException.class, second.failure.get());
        refused.request(1);
        refused.cancel();
        first.subscription().request(1);
        loop.send("a");
        first.assertNext("a");
        second.assertSilent();
    }

    @Test
    void aSubscriberAfterACancelGoesOnWhereItStopped() throws Exception {
        loop.send("a", "b");
        Recorder first = subscribe();
        Flow.Subscription subscription = first.subscription();
        subscription.request(1);
        first.assertNext("a");
        subscription.cancel();
        Recorder second = subscribe();
        second.subscription().request(2);
        second.assertNext("b");
        first.assertSilent();
    }

    /** 1.8, 3.5 to 3.7, 3.13: nothing more comes, and the thread is freed, whatever it waits for. */
    @Test
    void cancelStopsAndFreesTheThread() throws Exception {
        Recorder idle = subscribe();
        idle.subscription().cancel();
        Await.until("its thread ends without demand", () -> loop.threads().getAsLong() == 0);
        Recorder waiting = subscribe();
        Flow.Subscription subscription = waiting.subscription();
        subscription.request(10);
        subscription.cancel();
        subscription.cancel();
        subscription.request(1);
        subscription.request(0);
        Await.until("its thread ends while it receives", () -> loop.threads().getAsLong() == 0);
        loop.send("not for it");
        idle.assertSilent();
        waiting.assertSilent();
        assertEquals("not for it", loop.in.receive());
    }

    /** 3.9 */
    @Test
    void refusesARequestOfLessThanOneByAnError() throws Exception {
        for (long count : new long[] {0, -1, Long.MIN_VALUE}) {
            Recorder recorder = subscribe();
            Flow.Subscription subscription = recorder.subscription();
            subscription.request(1); // it waits for a message
            subscription.request(count);
            recorder.assertNext("error");
            assertInstanceOf(IllegalArgumentException.class, recorder.failure.get());
            assertNotNull(recorder.failure.get().getMessage());
            recorder.assertSilent();
        }
    }

    /** 3.9, in the middle of a signal: the error comes after it. */
    @Test
    void refusesAWrongRequestFromInsideASignal() throws Exception {
        Recorder recorder = new Recorder() {
            @Override
            void subscribed(Flow.Subscription given) {
                given.request(-1);
            }
        };
        publisher.subscribe(recorder);
        recorder.assertNext("subscribed", "error");
        recorder.assertSilent();
    }

    /** 3.2, 3.3: from inside onNext, without recursion however many there are. */
    @Test
    void requestsFromInsideOnNextDoNotRecurse() throws Exception {
        int count = 10_000; // more than a stack of one call each would hold
        CountDownLatch done = new CountDownLatch(1);
        Recorder recorder = new Recorder() {
            @Override
            void subscribed(Flow.Subscription given) {
                given.request(1);
            }

            @Override
            void next(String message) {
                super.subscription.get().request(1);
                if (message.equals("" + (count - 1))) {
                    done.countDown();
                }
            }
        };
        publisher.subscribe(recorder);
        try (Worker<Boolean> writer = Worker.run(() -> {
            for (int i = 0; i < count; i++) {
                loop.send("" + i);
            }
        })) {
            writer.result();
            assertTrue(done.await(30, TimeUnit.SECONDS));
        }
        recorder.assertNext("subscribed", "0", "1", "2");
    }

    /** 3.17: demand adds up and does not overflow. */
    @Test
    void demandDoesNotOverflow() throws Exception {
        Recorder recorder = subscribe();
        Flow.Subscription subscription = recorder.subscription();
        subscription.request(Long.MAX_VALUE - 1);
        subscription.request(Long.MAX_VALUE);
        loop.send("a", "b");
        recorder.assertNext("a", "b");
    }

    /** 1.3: signals are serial though requests come from many threads. */
    @Test
    void signalsAreSerialThoughRequestsAreNot() throws Exception {
        int count = 2_000;
        Recorder recorder = subscribe();
        Flow.Subscription subscription = recorder.subscription();
        Worker.Action requests = () -> {
            for (int i = 0; i < count / 2; i++) {
                subscription.request(1);
            }
        };
        try (Worker<Boolean> one = Worker.run(requests);
                Worker<Boolean> two = Worker.run(requests)) {
            for (int i = 0; i < count; i++) {
                loop.send("" + i);
            }
            loop.send("one more than was requested");
            one.result();
            two.result();
        }
        for (int i = 0; i < count; i++) {
            recorder.assertNext("" + i);
        }
        recorder.assertSilent();
    }

    /** 2.13: who throws is cancelled, and the next one may come. */
    @Test
    void aSubscriberThatThrowsIsCancelled() throws Exception {
        AtomicReference<Throwable> uncaught = new AtomicReference<>();
        Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
        Thread.setDefaultUncaughtExceptionHandler((thread, thrown) -> uncaught.set(thrown));
        try {
            loop.send("a", "b");
            Recorder recorder = new Recorder() {
                @Override
                void next(String message) {
                    throw new IllegalStateException(message);
                }
            };
            publisher.subscribe(recorder);
            recorder.subscription().request(2);
            Await.until("it is told to the thread's handler", () -> uncaught.get() != null);
            assertEquals("a", uncaught.get().getMessage());
            Await.until("its thread ends", () -> loop.threads().getAsLong() == 0);
        } finally {
            Thread.setDefaultUncaughtExceptionHandler(before);
        }
        Recorder next = subscribe();
        next.subscription().request(1);
        next.assertNext("b");
    }

    /** And each subscriber begins where the one before it has stopped, though it may still have a message in hand. */
    @Test
    void cancelsAtRandomMomentsLoseNothing() throws Exception {
        int count = 300;
        BlockingQueue<String> got = new LinkedBlockingQueue<>();
        try (Worker<Boolean> writer = Worker.run(() -> {
            for (int i = 0; i < count; i++) {
                loop.send("" + i);
            }
        })) {
            while (got.size() < count) {
                Recorder recorder = new Recorder() {
                    @Override
                    void next(String message) {
                        got.add(message);
                    }
                };
                publisher.subscribe(recorder);
                Flow.Subscription subscription = recorder.subscription();
                subscription.request(3);
                Thread.onSpinWait();
                subscription.cancel();
            }
            writer.result();
        }
        List<String> all = List.copyOf(got);
        for (int i = 0; i < count; i++) {
            assertEquals("" + i, all.get(i));
        }
    }

    @Test
    @SuppressWarnings("try") // closes early on purpose
    void fansOutThroughASubmissionPublisher() throws Exception {
        loop.send("a", "b");
        loop.out.close();
        Recorder one = new Recorder();
        Recorder two = new Recorder();
        ConcurrentHashMap<String, Flow.Subscription> from = new ConcurrentHashMap<>();
        try (SubmissionPublisher<String> fan = new SubmissionPublisher<>()) {
            fan.subscribe(one);
            fan.subscribe(two);
            one.subscription().request(9);
            two.subscription().request(9);
            publisher.subscribe(new Flow.Subscriber<>() {
                @Override
                public void onSubscribe(Flow.Subscription subscription) {
                    from.put("", subscription);
                    subscription.request(1);
                }

                @Override
                public void onNext(String message) {
                    fan.submit(message);
                    from.get("").request(1);
                }

                @Override
                public void onError(Throwable thrown) {
                    fan.closeExceptionally(thrown);
                }

                @Override
                public void onComplete() {
                    fan.close();
                }
            });
            one.assertNext("a", "b", "complete");
            two.assertNext("a", "b", "complete");
        }
    }
}
