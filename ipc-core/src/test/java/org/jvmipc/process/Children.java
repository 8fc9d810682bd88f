package org.jvmipc.process;

import java.io.File;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.jvmipc.LimitException;
import org.jvmipc.internal.ChildStdio;
import org.jvmipc.internal.SignalNames;
import org.jvmipc.internal.posix.Fd;
import org.jvmipc.internal.posix.OsCalls;
import org.jvmipc.testkit.Await;
import org.jvmipc.testkit.Jvms;

/** The programs that run in the children of these tests. */
final class Children {
    private Children() {}

    /** A launcher for one of them, set to start fast. */
    static JvmLauncher launcher(Class<?> main) {
        return JvmLauncher.of(main).jvmArguments(Jvms.FAST_START.toArray(String[]::new));
    }

    private static void sleepForEver() throws InterruptedException {
        new CountDownLatch(1).await();
    }

    /** Says ready and stays. */
    static final class Ready {
        public static void main(String[] args) throws Exception {
            ParentJvm.get().ready();
            ParentJvm.get().ready(); // the second time it does nothing
            sleepForEver();
        }
    }

    /** Never says ready. */
    static final class Silent {
        public static void main(String[] args) throws Exception {
            sleepForEver();
        }
    }

    /** Prints and ends with the code given, ready before if a second argument says so. */
    static final class Exits {
        public static void main(String[] args) {
            if (args.length > 1) {
                ParentJvm.get().ready();
            }
            System.err.println("first line");
            System.err.println("cannot find the frobnicator");
            System.exit(Integer.parseInt(args[0]));
        }
    }

    /** Its main throws. */
    static final class Throws {
        public static void main(String[] args) throws IOException {
            Files.delete(Path.of("/no/frobnicator"));
        }
    }

    /** Prints 10 MB to each of its standard streams before it is ready. */
    static final class Floods {
        public static void main(String[] args) throws Exception {
            String line = "x".repeat(99) + "\n";
            byte[] chunk = line.repeat(1000).getBytes(StandardCharsets.US_ASCII);
            for (int i = 0; i < 100; i++) {
                System.err.write(chunk);
                System.out.write(chunk);
            }
            System.err.println("the last line");
            ParentJvm.get().ready();
        }
    }

    /** Has a shutdown hook that tells that it ran, or hangs. */
    static final class Hook {
        public static void main(String[] args) throws Exception {
            Path trace = Path.of(args[1]);
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                try {
                    Files.writeString(trace, "hook\n");
                    if (args[0].equals("hangs")) {
                        sleepForEver();
                    }
                } catch (IOException | InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            }));
            ParentJvm.get().ready();
            sleepForEver();
        }
    }

    /** Prints its arguments, quoted by Java's escapes in ASCII. */
    static final class Arguments {
        public static void main(String[] args) {
            for (String argument : args) {
                System.out.println(ascii(argument));
            }
            ParentJvm.get().ready();
        }

        static String ascii(String text) {
            StringBuilder result = new StringBuilder("<");
            text.chars().forEach(each -> result.append(each > ' ' && each < 127 ? "" + (char) each : "{" + each + "}"));
            return result.append('>').toString();
        }
    }

    /** Prints what it finds around it. */
    static final class Surroundings {
        public static void main(String[] args) throws IOException {
            System.out.println("dir=" + Path.of("").toAbsolutePath());
            System.out.println("set=" + System.getenv("IPC_TEST_SET"));
            System.out.println("unset=" + System.getenv("HOME"));
            System.out.println("option=" + System.getProperty("ipc.test"));
            System.out.println("property=" + System.getProperty(ControlLines.PROPERTY));
            System.out.println("stdin=" + System.in.read());
            System.out.println("parent=" + ParentJvm.get().identity());
            System.out.println("names=" + ParentJvm.get().names());
            System.out.println(
                    "jna=" + Files.readString(Path.of("/proc/self/maps")).contains("jna"));
            ParentJvm.get()
                    .names()
                    .forEach(name ->
                            System.out.println(name + "=" + ParentJvm.get().address(name)));
            System.out.flush();
            ParentJvm.get().ready();
        }
    }

    /** Starts children with and without its own options, and prints the one that they find. */
    static final class Inherits {
        public static void main(String[] args) throws Exception {
            print("not asked", launcher(Surroundings.class));
            print("asked", launcher(Surroundings.class).inheritJvmArguments());
            print("own", launcher(Surroundings.class).inheritJvmArguments().jvmArguments("-Dipc.test=last"));
            ParentJvm.get().ready();
        }

        private static void print(String what, JvmLauncher launcher) throws Exception {
            try (ChildJvm child = launcher.start()) {
                child.awaitExit();
                for (String line : child.lastOutputLines()) {
                    if (line.startsWith("option=")) {
                        System.out.println(what + ": " + line);
                    }
                }
            }
        }
    }

    /** Copies the data of its standard input to its standard output, with much noise beside it. */
    static final class Copies {
        public static void main(String[] args) throws Exception {
            System.out.println("noise before");
            try (Fd in = ChildStdio.takeStdin();
                    Fd out = ChildStdio.takeStdout();
                    InputStream source = new FileInputStream("/proc/self/fd/" + in.number());
                    FileOutputStream target = new FileOutputStream("/proc/self/fd/" + out.number())) {
                ParentJvm.get().ready();
                int next = source.read();
                while (next >= 0) {
                    System.out.println("noise");
                    target.write(next);
                    next = source.read();
                }
            }
            System.err.println("System.in has " + System.in.read());
        }
    }

    /** Writes to the data pipe, leaves a grandchild that sleeps on with all it inherited, and ends. */
    static final class LeavesGrandchild {
        public static void main(String[] args) throws Exception {
            Process sleeper = new ProcessBuilder("sleep", "60").inheritIO().start();
            System.out.println("sleeper " + sleeper.pid());
            try (Fd out = ChildStdio.takeStdout();
                    FileOutputStream target = new FileOutputStream("/proc/self/fd/" + out.number())) {
                target.write("data".getBytes(StandardCharsets.US_ASCII));
            }
            ParentJvm.get().ready();
        }
    }

    /**
     * Under a low limit of open files, tries to start a child with ever more descriptors to be had, until it succeeds.
     * Prints the error of each try, and how many descriptors each left.
     */
    static final class FewDescriptors {
        /** More than any start takes. */
        private static final int ENOUGH = 40;

        public static void main(String[] args) throws Exception {
            // All classes and native methods, for which there are no descriptors later.
            tryToStart();
            String warmUp = OsCalls.asLimit(new IOException("Too many open files"), "warm-up")
                    .getMessage();
            System.out.println(warmUp);
            ProcessIdentity self = ProcessIdentity.self();
            int before = count();
            boolean started = false;
            for (int free = 0; !started && free < ENOUGH; free++) {
                List<Fd> held = holdAllBut(free);
                String outcome;
                try {
                    if (!self.isAlive()) {
                        System.out.println("counts as dead");
                    }
                    outcome = tryToStart();
                } finally {
                    held.forEach(Fd::close);
                }
                started = outcome.equals("started");
                System.out.println(free + " left " + (count() - before) + " " + outcome);
            }
            if (!started) {
                System.out.println("never started");
            }
        }

        private static int count() {
            return new File("/proc/self/fd").list().length;
        }

        private static List<Fd> holdAllBut(int free) {
            List<Fd> held = new ArrayList<>();
            try {
                while (true) {
                    held.add(OsCalls.duplicate(2));
                }
            } catch (IOException e) {
                for (int i = 0; i < free; i++) {
                    held.remove(held.size() - 1).close();
                }
                return held;
            }
        }

        /** With options so long that they need a file. */
        private static String tryToStart() throws Exception {
            try (ChildJvm child = launcher(Silent.class)
                    .jvmArguments("-Dipc.test=" + "x".repeat(70_000))
                    .start()) {
                child.kill();
                child.awaitExit();
                return "started";
            } catch (LimitException e) {
                return e.limit() + " " + e.value() + " " + e.getMessage();
            }
        }
    }

    /** Tries to start a child that needs an argument file, and prints what came of it. */
    static final class NeedsArgumentFile {
        public static void main(String[] args) throws Exception {
            tryToStart(); // loads what it takes
            int before = FewDescriptors.count();
            System.out.println(tryToStart());
            System.out.println("left " + (FewDescriptors.count() - before));
        }

        private static String tryToStart() throws InterruptedException {
            try {
                return FewDescriptors.tryToStart();
            } catch (Exception e) {
                return e.getMessage();
            }
        }
    }

    /** Starts a child of every kind and prints who they are; one of them hangs in its shutdown hook already. */
    static final class Parent {
        public static void main(String[] args) throws Exception {
            ChildJvm ready = launcher(Ready.class).start();
            ChildJvm silent = launcher(Silent.class).start();
            JvmLauncher detachedLauncher = launcher(Detached.class).detached().arguments(args);
            ChildJvm detached = detachedLauncher
                    .stdout(Stdio.discard())
                    .stderr(Stdio.discard())
                    .start();
            ChildJvm hook =
                    launcher(Hook.class).arguments("hangs", args[0] + ".hook").start();
            ChildJvm leaving = launcher(Hook.class)
                    .arguments("hangs", args[0] + ".leaving")
                    .start();
            ready.awaitReady();
            detached.awaitReady();
            hook.awaitReady();
            leaving.awaitReady();
            leaving.signal(SignalNames.SIGTERM);
            Await.until("it hangs in its hook", () -> Files.exists(Path.of(args[0] + ".leaving")));
            System.out.println("ready " + ready.identity());
            System.out.println("silent " + silent.identity());
            System.out.println("detached " + detached.identity());
            System.out.println("hook " + hook.identity());
            System.out.println("leaving " + leaving.identity());
            ParentJvm.get().ready();
            if (args.length > 1) {
                System.exit(0);
            }
            sleepForEver();
        }
    }

    /** Outlives its parent, and tells when that is gone. */
    static final class Detached {
        public static void main(String[] args) throws Exception {
            Path trace = Path.of(args[0]);
            ParentJvm.get().onGone(() -> {
                try {
                    Files.writeString(trace, "gone " + ParentJvm.get().isGone());
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
            });
            ParentJvm.get().ready();
            sleepForEver();
        }
    }

    /** Starts shells that start sleepers, one of them in a session of its own; prints nothing, stays or ends. */
    static final class Tree {
        public static void main(String[] args) throws Exception {
            String shells = "sleep 60 & setsid sleep 60 & (sleep 60; true) & wait";
            new ProcessBuilder("sh", "-c", shells).inheritIO().start();
            while (ProcessHandle.current().descendants().filter(Tree::sleeps).count() < 3) {
                Thread.onSpinWait();
            }
            ParentJvm.get().ready();
            if (args.length == 0) {
                sleepForEver();
            }
        }

        static boolean sleeps(ProcessHandle handle) {
            return handle.info().command().orElse("").endsWith("sleep");
        }
    }
}
