package org.jvmipc.cli;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipFile;
import org.jvmipc.Codecs;
import org.jvmipc.Ipc;
import org.jvmipc.Receiver;
import org.jvmipc.Sender;
import org.jvmipc.cli.frame.Ending;
import org.jvmipc.cli.frame.Json;
import org.jvmipc.pipes.Fifo;

/**
 * What the script {@code ipc} runs, once for each build and each JDK, to learn which classes the command needs: the JVM
 * writes them into an archive when this ends, and the next ones start with it. Goes the ways that commands go, of every
 * verb there is; what fails here costs a few milliseconds later, and nothing else.
 *
 * <p>Is to be given a directory of its own, which the caller deletes, and standard streams that nobody reads.
 */
final class ClassTraining {
    private static final String OWN = "org/jvmipc/";
    private static final String CLASS = ".class";
    private static final String TIMEOUT = "5s";

    private static final String NATIVE = "libjnidispatch.so";

    private final Path directory;
    private final Path fifo;

    private ClassTraining(Path directory) {
        this.directory = directory;
        fifo = directory.resolve("training");
    }

    /**
     * Does it.
     *
     * @param args the directory
     */
    public static void main(String[] args) throws InterruptedException {
        Ending.prepare();
        new ClassTraining(Path.of(args[0]).toAbsolutePath()).run();
        Ending.done();
        System.exit(0); // whatever a verb may have left running
    }

    private void run() throws InterruptedException {
        attempt(this::unpackNativeLibrary);
        loadOwnClasses();
        attempt(this::talk);
        helps();
        ipc("no-such-verb");
        ipc("demo", "list");
        ipc("--json", "demo", "list");
        ipc("create", address());
        exchange(new String[] {"recv", address(), "-n", "1"}, new String[] {"send", address(), "hello"});
        exchange(
                new String[] {"recv", address(), "-n", "0", "-t", TIMEOUT, "--json"},
                new String[] {"send", address(), "hello", "-t", TIMEOUT});
        ipc("send", address(), "hello", "--no-wait", "--json");
        ipc("inspect", address());
        ipc("inspect", address(), "--json");
        ipc("ls");
        ipc("ls", "--json");
        ipc("rm", address());
        ipc("send", address(), "hello", "--json");
        queue("mq:training");
        ipc("demo", "pipe", "-n", "1", "--json");
    }

    private static void queue(String address) {
        ipc("create", address);
        ipc("send", address, "hello", "hello");
        ipc("recv", address);
        ipc("recv", address, "--group", "training", "-n", "0");
        ipc("inspect", address);
        ipc("rm", address);
    }

    private static void exchange(String[] receive, String[] send) throws InterruptedException {
        Thread receiver = new Thread(() -> ipc(receive), "training-recv");
        receiver.setDaemon(true);
        receiver.start();
        ipc(send);
        receiver.join(Duration.ofSeconds(10).toMillis());
    }

    private String address() {
        return "fifo:" + fifo;
    }

    private static void helps() {
        ipc("-h");
        ipc("-V");
        for (Verb verb : Verb.values()) {
            ipc(verb.word(), "-h");
            ipc(verb.word(), "--no-such-option", "--json");
        }
    }

    private static void ipc(String... line) {
        IpcMain.run(line); // tells its failures on stderr
    }

    /** JNA unpacks it at each start, unless it is told where it lies unpacked. */
    private void unpackNativeLibrary() throws IOException {
        String machine = System.getProperty("os.arch").replace("amd64", "x86-64");
        String resource = "com/sun/jna/linux-" + machine + "/" + NATIVE;
        try (InputStream in = ClassTraining.class.getClassLoader().getResourceAsStream(resource)) {
            if (in != null) {
                Files.copy(in, directory.resolve(NATIVE));
            }
        }
    }

    /** Classes used only where there is a peer, or another JVM, are found without one. */
    private static void loadOwnClasses() {
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            for (String name : ownClasses(entry)) {
                attempt(() -> Class.forName(name, false, ClassTraining.class.getClassLoader()));
            }
        }
    }

    private static List<String> ownClasses(String jar) {
        List<String> names = new ArrayList<>();
        attempt(() -> {
            try (ZipFile file = new ZipFile(jar)) {
                file.stream()
                        .map(entry -> entry.getName())
                        .filter(name -> name.startsWith(OWN) && name.endsWith(CLASS) && !name.endsWith("-info.class"))
                        .map(name -> name.substring(0, name.length() - CLASS.length())
                                .replace('/', '.'))
                        .forEach(names::add);
            }
        });
        return names;
    }

    /** A message through the library alone, as a child of a demo sends it. */
    private void talk() throws IOException, InterruptedException {
        Fifo.create(fifo);
        try (Receiver<String> receiver = Ipc.receiver(address(), Codecs.utf8());
                Sender<String> sender = Ipc.sender(address(), Codecs.utf8())) {
            sender.send("hello");
            sender.sendAll(List.of("hello", "hello"));
            receiver.receive();
            receiver.tryReceive(Duration.ofMillis(1));
        } finally {
            Fifo.remove(fifo);
        }
        Json.line(Map.of("list", List.of(1, 2L, 0.5, true, "text")));
    }

    /** An attempt that may fail. */
    private interface Attempt {
        void run() throws Exception;
    }

    private static void attempt(Attempt attempt) {
        try {
            attempt.run();
        } catch (Exception | LinkageError e) {
            System.err.println("ipc: class training: " + e);
        }
    }
}
