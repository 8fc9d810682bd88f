package org.jvmipc.signals;

import java.io.FileInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jvmipc.IpcException;
import org.jvmipc.internal.BlockedSignals;
import org.jvmipc.internal.posix.Seam;
import org.jvmipc.internal.posix.SignalAction;
import org.jvmipc.internal.posix.SignalActionCalls;
import org.jvmipc.process.ParentJvm;
import org.jvmipc.testkit.ChildProgram;
import org.jvmipc.testkit.Jvms;

/** JVMs that give signals back while something goes wrong, which would end them otherwise. */
final class GivingBackPrograms {
    private static final PosixSignal FIRST = PosixSignal.realTime(1);
    private static final PosixSignal SECOND = PosixSignal.realTime(2);
    private static final int STKFLT = 16;
    private static final int[] CARRIERS = {STKFLT, 64, 63, 61, 60};
    private static final long SELF = ProcessHandle.current().pid();

    private GivingBackPrograms() {}

    private static SignalAction othersHandler() throws IOException {
        return SignalActionCalls.current(PosixSignal.USR2.number()); // the JVM's, for want of another
    }

    /** That no thread has it blocked, its action is the default one, and children need no care. */
    private static void requireAsBefore(PosixSignal signal) throws IOException {
        boolean blocked = ThreadMask.ofAllThreads().stream().anyMatch(thread -> thread.has(signal.number()));
        if (blocked
                || BlockedSignals.isAny()
                || !SignalActionCalls.current(signal.number()).isDefault()) {
            throw new IllegalStateException(signal + " is not as before");
        }
    }

    /** Opens and closes while its parent sends, with the signals ignored before. */
    static final class UnderFire implements ChildProgram {
        @Override
        public void run(ParentJvm parent, String[] arguments) throws Exception {
            List<PosixSignal> signals = List.of(FIRST, PosixSignal.USR1);
            for (PosixSignal signal : signals) {
                SignalActionCalls.set(signal.number(), SignalAction.IGNORE);
            }
            parent.ready();
            for (int i = 0; i < Integer.parseInt(arguments[0]); i++) {
                try (SignalReceiver receiver = Signals.receive(FIRST, PosixSignal.USR1)) {
                    receiver.receive();
                }
            }
            for (PosixSignal signal : signals) {
                System.out.println(signal + " ignored "
                        + SignalActionCalls.current(signal.number()).isIgnored());
            }
        }
    }

    /** Somebody takes the handler of the signal that edits masks away while a receiver is open. */
    static final class CarrierReset implements ChildProgram {
        @Override
        public void run(ParentJvm parent, String[] arguments) throws Exception {
            for (boolean byDefault : new boolean[] {true, false}) {
                SignalReceiver receiver = Signals.receive(FIRST);
                SignalActionCalls.set(STKFLT, byDefault ? SignalAction.DEFAULT : othersHandler());
                receiver.close();
                requireAsBefore(FIRST);
                System.out.println("closed");
            }
            System.out.println("handler of others "
                    + (SignalActionCalls.current(STKFLT).handler()
                            == othersHandler().handler()));
            parent.ready();
        }
    }

    /** None of the signals that could edit masks is to be had any more, and then one is again. */
    static final class NoCarrier implements ChildProgram {
        @Override
        public void run(ParentJvm parent, String[] arguments) throws Exception {
            SignalReceiver receiver = Signals.receive(FIRST);
            for (int carrier : CARRIERS) {
                SignalActionCalls.set(carrier, othersHandler());
            }
            failing(() -> Signals.receive(SECOND));
            Signals.queue(SELF, FIRST, 1);
            System.out.println("still receives " + receiver.receive().value().orElseThrow());
            failing(receiver::close);
            Signals.queue(SELF, FIRST, 2); // ends nothing
            for (int carrier : CARRIERS) {
                SignalActionCalls.set(carrier, SignalAction.DEFAULT);
            }
            again();
            parent.ready();
        }
    }

    private interface Action {
        void run() throws IOException;
    }

    private static void failing(Action action) throws IOException {
        try {
            action.run();
            System.out.println("did not fail");
        } catch (IpcException e) {
            System.out.println("failed: " + e.getMessage());
        }
    }

    private static void again() throws Exception {
        try (SignalReceiver receiver = Signals.receive(FIRST)) {
            Signals.queue(SELF, FIRST, 3);
            System.out.println("receives again " + receiver.receive().value().orElseThrow());
        }
        requireAsBefore(FIRST);
    }

    /** Has no descriptor left when it closes. */
    static final class NoDescriptor implements ChildProgram {
        @Override
        public void run(ParentJvm parent, String[] arguments) throws Exception {
            SignalReceiver receiver = Signals.receive(FIRST);
            SignalTarget self = SignalTarget.of(SELF);
            List<FileInputStream> held = new ArrayList<>();
            try {
                while (true) {
                    held.add(new FileInputStream("/dev/null"));
                }
            } catch (IOException e) {
                // now there is none
            }
            boolean failed = false;
            try {
                receiver.close();
            } catch (IOException e) {
                failed = true;
            }
            self.queue(FIRST, 2); // ends nothing
            for (FileInputStream each : held) {
                each.close();
            }
            System.out.println("close failed " + failed);
            again();
            parent.ready();
        }
    }

    /** Sets a handler of its own for RTMIN+1 directly before the N-th look at, or change of, an action. */
    public static final class Meddler implements Seam.Hook {
        private static int number;
        private static boolean armed;

        /** From now on counts. */
        static void arm(int call) {
            number = call;
            armed = true;
        }

        /** Whether it has meddled. */
        static boolean disarm() {
            boolean done = !armed;
            armed = false;
            return done;
        }

        @Override
        public int before(String call) {
            if (armed && call.equals("sigaction") && --number == 0) {
                armed = false;
                try {
                    SignalActionCalls.set(FIRST.number(), othersHandler());
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
            }
            return 0;
        }

        @Override
        public void after(String call, long result) {}
    }

    /** Opens and closes, while somebody sets a handler at each of the moments there are. */
    static final class Meddled implements ChildProgram {
        @Override
        public void run(ParentJvm parent, String[] arguments) throws Exception {
            int moments = 0;
            boolean meddled = true;
            while (meddled) {
                moments++;
                Meddler.arm(moments);
                try (SignalReceiver receiver = Signals.receive(FIRST)) {
                    System.setProperty("opened", receiver.toString());
                } catch (SignalUnavailableException e) {
                    System.setProperty("refused", e.getMessage());
                }
                meddled = Meddler.disarm();
                boolean kept = SignalActionCalls.current(FIRST.number()).handler()
                        == othersHandler().handler();
                if (kept != meddled) {
                    throw new IllegalStateException("at moment " + moments + ", meddled " + meddled + ", kept " + kept);
                }
                SignalActionCalls.set(FIRST.number(), SignalAction.DEFAULT);
                requireAsBefore(FIRST);
            }
            System.out.println("refused " + System.getProperty("refused"));
            System.out.println("several moments " + (moments > 8));
            parent.ready();
        }
    }

    /** The first process of a pid namespace, as in a container, which another one sends to. */
    static final class First {
        public static void main(String[] arguments) throws Exception {
            try (SignalReceiver receiver = Signals.receive(FIRST)) {
                int code = new ProcessBuilder(
                                Jvms.java().toString(),
                                "-cp",
                                System.getProperty("java.class.path"),
                                Sends.class.getName())
                        .inheritIO()
                        .start()
                        .waitFor();
                SignalEvent event = receiver.receive();
                Files.writeString(
                        Path.of(arguments[0]),
                        SELF + " " + code + " " + event.value().getAsInt() + "\n");
                receiver.receive(); // stays, as the namespace ends with it
            }
        }
    }

    /** Sends to process 1. */
    static final class Sends {
        public static void main(String[] arguments) throws Exception {
            Signals.queue(1, FIRST, 42);
        }
    }

    /** Receives in a process whose user is in very many groups. */
    static final class ManyGroups {
        public static void main(String[] arguments) throws Exception {
            try (SignalReceiver receiver = Signals.receive(FIRST)) {
                Signals.queue(SELF, FIRST, 5);
                System.out.println("value " + receiver.receive().value().getAsInt());
            }
        }
    }
}
