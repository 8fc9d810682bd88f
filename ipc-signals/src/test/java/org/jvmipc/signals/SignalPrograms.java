package org.jvmipc.signals;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import org.jvmipc.UnsupportedMechanismException;
import org.jvmipc.internal.posix.Errno;
import org.jvmipc.internal.posix.MaskEditor;
import org.jvmipc.internal.posix.Seam;
import org.jvmipc.process.JvmLauncher;
import org.jvmipc.process.ParentJvm;
import org.jvmipc.testkit.ChildMain;
import org.jvmipc.testkit.ChildProgram;

/** What runs in the other JVM of these tests. Each prints what it has found, and ends. */
@SuppressWarnings("try") // the churn is there to be there
final class SignalPrograms {
    /** The value that ends a run. */
    static final int END = -1;

    /** A thread older than the receiver unblocks the signals when it ends, and compilers end when they are idle. */
    static final String COMPILERS_STAY = "-XX:-UseDynamicNumberOfCompilerThreads";

    private SignalPrograms() {}

    /** A launcher with these options of the JVM, and no others. */
    static JvmLauncher launcher(Class<? extends ChildProgram> program, List<String> options, Object... arguments) {
        return JvmLauncher.of(ChildMain.class)
                .jvmArguments(options.toArray(String[]::new))
                .arguments(program.getName())
                .arguments(Arrays.stream(arguments).map(String::valueOf).toArray(String[]::new));
    }

    /** Makes garbage, collects it, starts threads and lets them end, until it is closed. */
    static final class Churn implements AutoCloseable {
        private static final long GC_PAUSE_NANOS = 5_000_000;

        private volatile boolean over;
        private final List<Thread> threads = new ArrayList<>();

        Churn() {
            start(() -> {
                List<byte[]> kept = new ArrayList<>();
                for (int i = 0; !over; i++) {
                    kept.add(new byte[1 + i % 20_000]);
                    if (kept.size() > 500) {
                        kept.clear();
                    }
                }
            });
            start(() -> {
                while (!over) {
                    System.gc();
                    LockSupport.parkNanos(GC_PAUSE_NANOS); // or nobody else gets on, compiled code first of all
                }
            });
            start(() -> {
                while (!over) {
                    Thread thread = new Thread(() -> {}, "churn");
                    thread.start();
                    try {
                        thread.join();
                    } catch (InterruptedException e) {
                        return;
                    }
                }
            });
        }

        private void start(Runnable body) {
            Thread thread = new Thread(body, "churn-maker");
            thread.setDaemon(true);
            threads.add(thread);
            thread.start();
        }

        @Override
        public void close() throws InterruptedException {
            over = true;
            for (Thread thread : threads) {
                thread.join();
            }
        }
    }

    /** Receives a storm: 0, 1, 2 ... N-1 of RTMIN+1 from its parent, in order, while the JVM is busy with itself. */
    static final class Storm implements ChildProgram {
        @Override
        public void run(ParentJvm parent, String[] arguments) throws Exception {
            int count = Integer.parseInt(arguments[0]);
            try (Churn churn = new Churn();
                    SignalReceiver receiver = Signals.receive(PosixSignal.realTime(1))) {
                parent.ready();
                for (int i = 0; i < count; i++) {
                    SignalEvent event = receiver.receive();
                    if (event.value().orElse(END) != i
                            || event.pid().orElse(0) != parent.pid()
                            || event.code() != SignalCode.QUEUE) {
                        throw new IllegalStateException("expected " + i + " of " + parent.pid() + ", got " + event);
                    }
                }
                System.out.println(
                        "received " + count + " requeued " + receiver.requeued() + " lost " + receiver.lost());
            }
        }
    }

    /**
     * Receives of the numbers given until one says END, and prints how many of each came, whether in order; first it
     * loads a library, if there is one.
     */
    static final class Counts implements ChildProgram {
        @Override
        public void run(ParentJvm parent, String[] arguments) throws Exception {
            receive(parent, arguments[0], () -> {
                if (arguments.length > 1) {
                    System.load(arguments[1]);
                }
            });
        }

        /** @param opened is run once the receiver is open */
        void receive(ParentJvm parent, String names, Runnable opened) throws Exception {
            PosixSignal[] signals =
                    Arrays.stream(names.split(",", -1)).map(PosixSignal::of).toArray(PosixSignal[]::new);
            Map<PosixSignal, List<Integer>> values = new TreeMap<>();
            int users = 0;
            try (SignalReceiver receiver = Signals.receive(signals)) {
                opened.run();
                parent.ready();
                while (true) {
                    SignalEvent event = receiver.receive();
                    if (event.pid().orElse(0) != parent.pid()) {
                        throw new IllegalStateException("not of my parent: " + event);
                    }
                    if (event.code() == SignalCode.USER) {
                        users++;
                        continue;
                    }
                    int value = event.value().orElseThrow();
                    if (value == END) {
                        break;
                    }
                    values.computeIfAbsent(event.signal(), signal -> new ArrayList<>())
                            .add(value);
                }
                values.forEach((signal, list) -> System.out.println(signal + " " + list.size() + " "
                        + (isCounted(list)
                                ? "in order"
                                : isCounted(list.stream().sorted().toList()) ? "all" : "wrong")));
                System.out.println("users " + users);
                System.out.println("lost " + receiver.lost());
                System.out.println("requeued " + (receiver.requeued() > 0 ? "some" : "none"));
            }
        }

        private static boolean isCounted(List<Integer> list) {
            for (int i = 0; i < list.size(); i++) {
                if (list.get(i) != i) {
                    return false;
                }
            }
            return true;
        }
    }

    /** As {@link Counts}, while the JVM is busy with itself. */
    static final class Busy implements ChildProgram {
        @Override
        public void run(ParentJvm parent, String[] arguments) throws Exception {
            try (Churn churn = new Churn()) {
                new Counts().receive(parent, arguments[0], () -> {});
            }
        }
    }

    /** As {@link Counts}, while threads end that were there before the receiver. */
    static final class OldThreads implements ChildProgram {
        @Override
        public void run(ParentJvm parent, String[] arguments) throws Exception {
            List<CountDownLatch> ends = new ArrayList<>();
            for (int i = 0; i < Integer.parseInt(arguments[1]); i++) {
                CountDownLatch end = new CountDownLatch(1);
                ends.add(end);
                Thread thread = new Thread(
                        () -> {
                            try {
                                end.await();
                            } catch (InterruptedException e) {
                                throw new IllegalStateException(e);
                            }
                        },
                        "old");
                thread.setDaemon(true);
                thread.start();
            }
            Thread ending = new Thread(() -> ends.forEach(CountDownLatch::countDown), "ending");
            ending.setDaemon(true);
            new Counts().receive(parent, arguments[0], ending::start);
        }
    }

    /** Receives so many, late, and prints them; whether code pages were needed. */
    static final class Late implements ChildProgram {
        @Override
        public void run(ParentJvm parent, String[] arguments) throws Exception {
            parent.ready();
            try (SignalReceiver receiver = Signals.receive(PosixSignal.realTime(1), PosixSignal.USR1)) {
                for (int i = 0; i < Integer.parseInt(arguments[0]); i++) {
                    SignalEvent event = receiver.receive();
                    System.out.println(event.signal() + " " + event.value());
                }
            }
            System.out.println("code pages " + (MaskEditor.getIfMade() != null));
        }
    }

    /** Loads a library that has a handler for RTMIN+3, asks for it, prints the refusal; then that all others work. */
    static final class Refused implements ChildProgram {
        @Override
        public void run(ParentJvm parent, String[] arguments) throws Exception {
            System.load(arguments[0]);
            try (SignalReceiver receiver = Signals.receive(PosixSignal.realTime(2), PosixSignal.realTime(3))) {
                System.out.println("given " + receiver);
            } catch (SignalUnavailableException e) {
                System.out.println(e.owner() + " " + e.signal() + " " + e.getMessage());
            }
            try (SignalReceiver receiver = Signals.receive(PosixSignal.realTime(2))) {
                long self = ProcessHandle.current().pid();
                Signals.queue(self, PosixSignal.realTime(2), 5);
                System.out.println("value " + receiver.receive().value().orElseThrow());
                Signals.send(self, PosixSignal.realTime(3)); // its handler is there still, and does nothing
            }
            parent.ready();
        }
    }

    /** Receives one of each kind, prints it, until it is told to end. */
    static final class Prints implements ChildProgram {
        @Override
        public void run(ParentJvm parent, String[] arguments) throws Exception {
            try (SignalReceiver receiver = Signals.receive(PosixSignal.realTime(1))) {
                parent.ready();
                for (int i = 0; i < Integer.parseInt(arguments[0]); i++) {
                    System.out.println(receiver.receive());
                }
            }
        }
    }

    /** The kernel refuses to make memory executable, as where a policy forbids it. */
    public static final class NoCode implements Seam.Hook {
        @Override
        public int before(String call) {
            return call.equals("mprotect") ? Errno.EACCES : 0;
        }

        @Override
        public void after(String call, long result) {}
    }

    /** Tries to receive, and prints what is in the way. */
    static final class Tries implements ChildProgram {
        @Override
        public void run(ParentJvm parent, String[] arguments) throws Exception {
            for (int i = 0; i < 2; i++) {
                try (SignalReceiver receiver = Signals.receive(PosixSignal.realTime(1), PosixSignal.USR1)) {
                    System.out.println("given " + receiver);
                } catch (UnsupportedMechanismException e) {
                    System.out.println(e.getMessage());
                }
            }
            parent.ready();
        }
    }

    /** Stays. */
    static final class Stays implements ChildProgram {
        @Override
        public void run(ParentJvm parent, String[] arguments) throws Exception {
            parent.ready();
            new CountDownLatch(1).await();
        }
    }
}
