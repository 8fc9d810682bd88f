package org.jvmipc.process;

import java.io.Closeable;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Address;
import org.jvmipc.internal.JvmSignals;
import org.jvmipc.internal.SignalNames;

/**
 * Starts child JVMs: with the caller's class path, with endpoints handed over by name, and never left behind.
 *
 * <pre>{@code
 * try (ChildJvm child = JvmLauncher.of(Worker.class)
 *         .arguments("-v")
 *         .handOver("orders", Address.of("fifo:/tmp/orders"))
 *         .start()) {
 *     child.awaitReady();
 * }
 *
 * // in Worker.main
 * Receiver<String> orders = ParentJvm.get().receiver("orders", Codecs.utf8());
 * ParentJvm.get().ready();
 * }</pre>
 *
 * <p>Parent and child have a control channel of their own, which is none of the standard streams: through it the child
 * says that it is ready, gets the endpoints, and learns that its parent is gone, after which it ends within a second. A
 * standard stream that is not read never blocks the child.
 *
 * <p>Settings stay for further starts, except what was connected or handed over together with a copy to close, which is
 * for one start.
 *
 * <p><b>Errors.</b> A setting that cannot be is an {@link IllegalArgumentException} at once; what the operating system
 * refuses is an {@link IOException} of {@link #start()}, which then has left nothing behind. What goes wrong in the child
 * is told by {@link ChildJvm#awaitReady()}.
 *
 * <p><b>Thread safety.</b> None: a launcher belongs to one thread. Several may start children at the same time.
 *
 * <p><b>Platform notes.</b> Everybody who may list this user's processes sees arguments: hand no secrets over there.
 * Arguments of main with characters that not every locale has come through the control channel, and arrive unchanged in
 * any. The class path must hold ipc-core and JNA.
 */
public final class JvmLauncher {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,64}");
    private static final Pattern CLASS_NAME = Pattern.compile("[^\\s/;@\\[-][^\\s/;\\[]*");

    static final String STDIN = "stdin";
    static final String STDOUT = "stdout";

    final String mainClass;
    final List<String> arguments = new ArrayList<>();
    final List<String> jvmArguments = new ArrayList<>();
    final Map<String, @Nullable String> environment = new LinkedHashMap<>();
    final Map<String, Address> addresses = new LinkedHashMap<>();
    String classPath = CommandLine.absoluteClassPath(System.getProperty("java.class.path", ""));
    Path javaHome = Path.of(System.getProperty("java.home"));

    @Nullable
    Path directory;

    Stdio stdin = Stdio.discard();
    Stdio stdout = Stdio.capture();
    Stdio stderr = Stdio.capture();

    @Nullable
    Path connectedStdin;

    @Nullable
    Path connectedStdout;

    boolean inheritsJvmArguments;
    boolean detached;
    boolean ownGroup;

    /** Bit n-1 for signal n. */
    long blockedSignals;

    private final List<String> namesForOneStart = new ArrayList<>();
    private final List<Closeable> untilStarted = new ArrayList<>();
    private final List<Closeable> untilReady = new ArrayList<>();

    private JvmLauncher(String mainClass) {
        if (!CLASS_NAME.matcher(mainClass).matches()) {
            throw new IllegalArgumentException("not a class name: '" + mainClass + "'");
        }
        this.mainClass = mainClass;
    }

    /** For a class with {@code public static void main(String[])}. */
    public static JvmLauncher of(Class<?> main) {
        return new JvmLauncher(main.getName());
    }

    /** For the class of that name, which need not be on this JVM's class path. */
    public static JvmLauncher of(String mainClass) {
        return new JvmLauncher(mainClass);
    }

    /** Adds arguments for {@code main}. */
    public JvmLauncher arguments(String... more) {
        for (String argument : more) {
            if (argument.indexOf('\0') >= 0) {
                throw new IllegalArgumentException(
                        "an argument holds a zero character: " + argument.replace("\0", "\\0"));
            }
            arguments.add(argument);
        }
        return this;
    }

    /** The class path, instead of this JVM's own. Relative entries are relative to this JVM's directory. */
    public JvmLauncher classPath(String path) {
        classPath = CommandLine.absoluteClassPath(path);
        return this;
    }

    /** The class path, instead of this JVM's own. */
    public JvmLauncher classPath(List<Path> entries) {
        return classPath(entries.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator)));
    }

    /** Adds options of the {@code java} command, such as {@code -Xmx64m}. Those of the transports are added anyway. */
    public JvmLauncher jvmArguments(String... more) {
        for (String argument : more) {
            if (argument.isBlank() || argument.equals("-jar") || argument.indexOf('\0') >= 0) {
                throw new IllegalArgumentException("not an option of the java command: '" + argument + "'");
            }
            jvmArguments.add(argument);
        }
        return this;
    }

    /** Adds the options this JVM was started with, except agents, debuggers and ports that only one JVM can have. */
    public JvmLauncher inheritJvmArguments() {
        inheritsJvmArguments = true;
        return this;
    }

    /** The Java to run with, instead of this JVM's own: a directory with {@code bin/java}. */
    public JvmLauncher javaHome(Path home) {
        javaHome = home.toAbsolutePath();
        return this;
    }

    /** Sets an environment variable; all others are this process's. {@link #withoutEnvironment} takes one away. */
    public JvmLauncher environment(String name, String value) {
        checkVariable(name);
        if (value == null) {
            throw new IllegalArgumentException(
                    "no value (null) for the environment variable '" + name + "'; withoutEnvironment takes it away");
        }
        if (value.indexOf('\0') >= 0) {
            throw new IllegalArgumentException(
                    "the value of the environment variable '" + name + "' holds a zero character");
        }
        environment.put(name, value);
        return this;
    }

    /** Takes an environment variable away. */
    public JvmLauncher withoutEnvironment(String name) {
        environment.put(checkVariable(name), null);
        return this;
    }

    private static String checkVariable(String name) {
        if (name.isEmpty() || name.indexOf('=') >= 0 || name.indexOf('\0') >= 0) {
            throw new IllegalArgumentException(
                    "not a name of an environment variable: '" + name.replace("\0", "\\0") + "'");
        }
        return name;
    }

    /** The child's working directory, instead of this JVM's own. */
    public JvmLauncher directory(Path path) {
        directory = path.toAbsolutePath();
        return this;
    }

    /** Where standard input comes from; by default it is empty, so that a child never takes the terminal's input. */
    public JvmLauncher stdin(Stdio from) {
        if (!from.isInput()) {
            throw new IllegalArgumentException("standard input cannot be " + from + "; connect a pipe to it");
        }
        stdin = from;
        return this;
    }

    /** Where standard output goes; by default it is captured. */
    public JvmLauncher stdout(Stdio to) {
        stdout = to;
        return this;
    }

    /** Where standard error goes; by default it is captured, and part of the error when the child fails. */
    public JvmLauncher stderr(Stdio to) {
        stderr = to;
        return this;
    }

    /**
     * The child outlives this process. Then nobody reads what is captured, so let its output go to files. Until it has
     * reached its {@code main} it needs its parent even so.
     */
    public JvmLauncher detached() {
        detached = true;
        return this;
    }

    /**
     * The child leads a process group of its own, which its children join: {@link ChildJvm#killTree()} finds all of them,
     * and a terminal's Ctrl-C does not reach them.
     */
    public JvmLauncher ownGroup() {
        ownGroup = true;
        return this;
    }

    /**
     * The child starts with these signals blocked in all its threads: what is sent before it receives them waits, and does not
     * end it. Children of other launchers have none blocked, or on some JDKs what this JVM was started with.
     *
     * @param numbers 1 to 64, real-time ones from 34; {@code PosixSignal.number()} of ipc-signals
     * @throws IllegalArgumentException for one that a JVM cannot have blocked; says why
     */
    public JvmLauncher blockSignals(int... numbers) {
        for (int number : numbers) {
            if (number < 1 || number > SignalNames.SIGRTMAX) {
                throw new IllegalArgumentException("a signal is 1 to " + SignalNames.SIGRTMAX + ", not " + number);
            }
            String refusal = JvmSignals.blockingRefusal(number);
            if (refusal != null) {
                throw new IllegalArgumentException(SignalNames.name(number) + " cannot be blocked: " + refusal);
            }
            blockedSignals |= 1L << (number - 1);
        }
        return this;
    }

    /**
     * Hands an endpoint over; the child asks for it by name, see {@link ParentJvm#address(String)}.
     *
     * @param name 1 to 64 characters of {@code A-Z a-z 0-9 . _ -}
     */
    public JvmLauncher handOver(String name, Address address) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "not a name: '" + name + "'; a name is 1 to 64 characters of A-Z a-z 0-9 . _ -");
        }
        if (addresses.putIfAbsent(name, address) != null) {
            throw new IllegalArgumentException("'" + name + "' is handed over already, as " + addresses.get(name));
        }
        return this;
    }

    /**
     * Hands over an endpoint that this process keeps open on the child's behalf until the child has opened it; for
     * transports, and for one start.
     *
     * @param copy closed when the child has said that it is ready, or has ended, or {@link #start()} failed
     */
    public JvmLauncher handOver(String name, Address address, Closeable copy) {
        handOver(name, address);
        namesForOneStart.add(name);
        untilReady.add(copy);
        return this;
    }

    /**
     * Makes standard input carry data instead of characters; for transports, and for one start. The child gets it handed
     * over as {@code stdin}; what it reads by {@link System#in} is empty.
     *
     * @param source what it is opened from, such as {@code /proc/self/fd/7}
     * @param address where the child finds it, such as {@code pipe:stdin}
     * @param copy closed when the child was started, or not
     */
    public JvmLauncher connectStdin(Path source, Address address, Closeable copy) {
        connect(STDIN, address, copy);
        connectedStdin = source;
        return this;
    }

    /**
     * Makes standard output carry data instead of characters; for transports, and for one start. The child gets it handed
     * over as {@code stdout}; what it prints goes to standard error, as do the JVM's own warnings. A log of the JVM that was
     * asked for without a place ({@code -Xlog:gc}) is not written: name {@code stderr} or a file as its place.
     *
     * @param target what it is opened from, such as {@code /proc/self/fd/8}
     * @param address where the child finds it, such as {@code pipe:stdout}
     * @param copy closed when the child was started, or not
     */
    public JvmLauncher connectStdout(Path target, Address address, Closeable copy) {
        connect(STDOUT, address, copy);
        connectedStdout = target;
        return this;
    }

    private void connect(String name, Address address, Closeable copy) {
        handOver(name, address);
        namesForOneStart.add(name);
        untilStarted.add(copy);
    }

    /**
     * Starts the child, and does not wait for it.
     *
     * @throws IOException if it could not be started; the message says what is missing
     */
    public ChildJvm start() throws IOException {
        try {
            return new Launch(this, List.copyOf(untilReady)).start();
        } finally {
            Launch.closeQuietly(untilStarted);
            endOfOneStart();
        }
    }

    private void endOfOneStart() {
        namesForOneStart.forEach(addresses::remove);
        namesForOneStart.clear();
        untilStarted.clear();
        untilReady.clear();
        connectedStdin = null;
        connectedStdout = null;
    }
}
