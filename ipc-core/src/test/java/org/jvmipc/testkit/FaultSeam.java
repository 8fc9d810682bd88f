package org.jvmipc.testkit;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.jvmipc.internal.SignalNames;
import org.jvmipc.internal.posix.Fd;
import org.jvmipc.internal.posix.ProcessCalls;
import org.jvmipc.internal.posix.Seam;
import org.jvmipc.process.ChildJvm;
import org.jvmipc.process.ExitStatus;
import org.jvmipc.process.JvmLauncher;

/**
 * The test's side of the {@link Seam}: lets the N-th native call of an operation fail, or kills the process there. Walked
 * over N = 1, 2, 3 ... until the operation completes without having been struck, as SQLite does it, this shows that
 * nothing is stuck, lost or left behind wherever it goes wrong.
 *
 * <p>A {@link FaultWalk} lets calls fail in this process, a {@link KillWalk} kills a child in their place. What every
 * channel has in common (open, send, receive, tries, close) is walked by {@link SeamContract}; a test class of a mechanism
 * adds its own operations. Complete:
 *
 * <pre>{@code
 * class FifoSeamTest extends SeamContract {             // NoLeaks, a time limit, a dozen walks
 *     @TempDir
 *     Path directory;
 *
 *     @Override
 *     public Path[] watched() {                         // a name left behind here fails a walk
 *         return new Path[] {directory};
 *     }
 *
 *     @Override
 *     public Ends<byte[]> open() throws IOException, InterruptedException {
 *         Path path = Fifo.create(directory.resolve("fifo"));
 *         List<Closeable> undo = new ArrayList<>(List.of(() -> Fifo.remove(path)));
 *         try {
 *             FifoReceiver<byte[]> in = Fifo.openReceiver(path, Codecs.bytes());
 *             undo.add(0, in);
 *             return new Ends<>(Fifo.openSender(path, Codecs.bytes()), in, () -> Fifo.remove(path));
 *         } catch (IOException | InterruptedException e) {
 *             for (Closeable each : undo) {
 *                 each.close();
 *             }
 *             throw e;
 *         }
 *     }
 *
 *     @Test
 *     void create() throws Exception {
 *         Path path = directory.resolve("fifo");
 *         faults().walk(round -> {
 *             round.run(() -> Fifo.create(path));       // fails with an IOException that names the call; then succeeds
 *             round.run(() -> Fifo.remove(path));
 *         });
 *     }
 *
 *     @Test
 *     void askingWhetherSomebodyListens() throws Exception {
 *         faults().walk(round -> {
 *             try (Ends<byte[]> ends = open()) {        // not under the seam
 *                 FifoSender<byte[]> out = (FifoSender<byte[]>) ends.sender();
 *                 round.run(() -> assertTrue(out.hasReceiver()));
 *             }
 *         });
 *     }
 * }
 *
 * class FifoKillIT {                                    // with @ExtendWith(NoLeaks.class) and a @Timeout
 *     @TempDir
 *     Path directory;
 *
 *     @Test
 *     void aKilledSenderIsNoticedAndReplaced() throws Exception {
 *         Path path = Fifo.create(directory.resolve("fifo"));
 *         new KillWalk().watching(directory).walk(victim -> {
 *             try (FifoReceiver<byte[]> in = Fifo.openReceiver(path, Codecs.bytes());
 *                     ChildJvm child = victim.start(SendsOne.class, path)) {
 *                 assertPrefixOfWhatWasSent(in);
 *                 victim.awaitEnd(child);                // killed by the seam, or ended with 0: then the walk is over
 *             }
 *         });
 *     }
 *
 *     static final class SendsOne implements ChildProgram {
 *         public void run(ParentJvm parent, String[] arguments) throws Exception {
 *             parent.ready();
 *             FaultSeam.underKill(() -> {                // calls in here are counted
 *                 try (FifoSender<byte[]> out = Fifo.openSender(Path.of(arguments[0]), Codecs.bytes())) {
 *                     out.send(new byte[10]);
 *                 }
 *             });
 *         }
 *     }
 * }
 * }</pre>
 *
 * <p>The test JVMs of the modules are started with {@code -Dorg.jvmipc.seam} (in the pom); child JVMs only by a
 * {@link KillWalk}. So children, and everything outside the tests, run without a hook.
 *
 * <p><b>Bounds.</b> Calls of this toolkit's native layer pass the seam. Those that the JDK makes for it do not: starting a
 * process, reading {@code /proc}, files of {@code java.nio.file}.
 */
public final class FaultSeam implements Seam.Hook {
    /** In a child that shall be killed: the number of the call, and {@code +} behind it to be killed after it. */
    static final String KILL_PROPERTY = "ipc.seam.kill";

    /** Set where calls count from the start of the child, not only in {@link #underKill}. */
    static final String FROM_START_PROPERTY = "ipc.seam.fromStart";

    private static volatile @Nullable Strike armed = fromStart();

    /** For the {@link Seam}, which makes it at the first native call. */
    public FaultSeam() {}

    static void arm(Strike strike) {
        if (!Seam.isOpen()) {
            throw new IllegalStateException("no fault can be made: start this JVM with -D" + Seam.PROPERTY + "="
                    + FaultSeam.class.getName() + ", as the pom does it");
        }
        if (armed != null) {
            throw new IllegalStateException("another strike is armed: " + armed);
        }
        armed = strike;
    }

    static void disarm(Strike strike) {
        if (armed == strike) {
            armed = null;
        }
    }

    /** The names of the native calls that this thread makes in the action, in order. */
    public static List<String> callsOf(Worker.Action action) throws Exception {
        try (Strike strike = Strike.counting().arm()) {
            action.run();
            return strike.calls();
        }
    }

    /** For a child that runs this program and arms a {@link Strike} itself. */
    public static JvmLauncher launcher(Class<? extends ChildProgram> program, Object... arguments) {
        return ChildMain.launcher(program, arguments)
                .jvmArguments("-D" + Seam.PROPERTY + "=" + FaultSeam.class.getName());
    }

    /**
     * Waits until a child of {@link #launcher} has ended: killed by the seam, or by itself with code 0.
     *
     * @return whether it was killed
     */
    public static boolean awaitEnd(ChildJvm child) throws InterruptedException {
        ExitStatus status = child.tryAwaitExit(Await.LONG);
        List<String> lastWords = child.lastErrorLines();
        if (status == null) {
            throw new AssertionError(child + " does not end");
        }
        boolean killed = status.signal() == SignalNames.SIGKILL
                && lastWords.stream().anyMatch(line -> line.startsWith("seam: "));
        if (!killed && !status.isSuccess()) {
            throw new AssertionError(child + ": " + status + " " + lastWords);
        }
        return killed;
    }

    /**
     * In a child that was started by a {@link KillWalk}: does this, and is killed at the call that the walk has come to.
     * Calls of all threads count: that of a thread in the background may come before the first one of the operation.
     */
    public static void underKill(Worker.Action operation) throws Exception {
        Strike strike = ordered();
        underKill(strike == null ? null : strike.everyThread(), operation);
    }

    /** As {@link #underKill}, but only the calls of this thread count: whoever is killed has come so far in the operation. */
    public static void underKillInIt(Worker.Action operation) throws Exception {
        underKill(ordered(), operation);
    }

    private static void underKill(@Nullable Strike strike, Worker.Action operation) throws Exception {
        if (strike == null || Boolean.getBoolean(FROM_START_PROPERTY)) {
            operation.run();
            return;
        }
        strike.arm();
        try (strike) {
            operation.run();
        }
    }

    private static @Nullable Strike fromStart() {
        Strike strike = Boolean.getBoolean(FROM_START_PROPERTY) ? ordered() : null;
        return strike == null ? null : strike.everyThread();
    }

    private static @Nullable Strike ordered() {
        String order = System.getProperty(KILL_PROPERTY);
        if (order == null) {
            return null;
        }
        boolean after = order.endsWith("+");
        int number = Integer.parseInt(after ? order.substring(0, order.length() - 1) : order);
        return after ? Strike.killingAfter(number) : Strike.killingAt(number);
    }

    @Override
    public int before(String call) {
        Strike strike = armed;
        return strike == null ? 0 : strike.before(call);
    }

    @Override
    public void after(String call, long result) {
        Strike strike = armed;
        if (strike != null) {
            strike.after(call, result);
        }
    }

    /** Kills this process, as {@code kill -9} does: nothing is closed, no hook runs. Never returns. */
    static void die(Strike strike) {
        armed = null; // the calls that are made here do not count
        System.err.println("seam: " + strike);
        try (Fd self = ProcessCalls.pidfd(ProcessHandle.current().pid())) {
            ProcessCalls.signal(self, SignalNames.SIGKILL);
        } catch (IOException e) {
            Runtime.getRuntime().halt(SignalNames.SIGKILL); // the walk takes it for an end that it did not order
        }
        while (true) {
            LockSupport.park();
        }
    }
}
