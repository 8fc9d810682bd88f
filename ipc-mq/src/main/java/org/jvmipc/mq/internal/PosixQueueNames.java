package org.jvmipc.mq.internal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jvmipc.Address;
import org.jvmipc.AddressException;
import org.jvmipc.internal.registry.ObjectParameters;

/**
 * Names of the kernel's message queues, and the paths by which they are recorded.
 *
 * <p>A name is of one IPC namespace, and another has another queue of it, or none. So a record's path has the namespace in it, but for
 * that of the machine itself: {@code /dev/mqueue/name} there, {@code /dev/mqueue:4026532201/name} elsewhere.
 */
public final class PosixQueueNames {
    /** Where the names show, if that is mounted. */
    static final String DIRECTORY = "/dev/mqueue";

    /** The number that the kernel gives the IPC namespace of the machine, {@code PROC_IPC_INIT_INO}. */
    private static final long MACHINE = 0xefff_ffffL;

    private static final Pattern NAME = Pattern.compile("/[^/\\x00]+");
    private static final Pattern RECORDED =
            Pattern.compile(DIRECTORY + "(?::(?<namespace>[1-9][0-9]{0,17}))?(?<name>/[^/\\x00]+)");
    private static final Pattern NAMESPACE_LINK = Pattern.compile("ipc:\\[(?<number>[1-9][0-9]{0,17})\\]");
    private static final int LONGEST_NAME_BYTES = 255;

    private PosixQueueNames() {}

    /** The name that an address has for a C program, with its slash. */
    public static String name(Address address, Map<String, String> parameters) {
        ObjectParameters.require(address, PosixQueues.SCHEME, parameters);
        String name = address.location();
        if (!isName(name)) {
            throw new AddressException(
                    address.toString(),
                    "the address of a POSIX message queue is posixmq:/name, with no other slash and at most "
                            + LONGEST_NAME_BYTES + " bytes behind it",
                    null);
        }
        return name;
    }

    static boolean isName(String name) {
        return NAME.matcher(name).matches()
                && name.getBytes(StandardCharsets.UTF_8).length - 1 <= LONGEST_NAME_BYTES
                && !name.equals("/.")
                && !name.equals("/..");
    }

    /** The address of a name. */
    public static Address address(String name) {
        return Address.of(PosixQueues.SCHEME, name);
    }

    /** The path of its file, where that is mounted. */
    public static String path(String name) {
        return DIRECTORY + name;
    }

    // ---- as they are recorded

    /** The path by which a queue of this process's IPC namespace is recorded. */
    public static String recordPath(String name) {
        return recordPath(name, Own.NAMESPACE);
    }

    static String recordPath(String name, long namespace) {
        return namespace == MACHINE ? path(name) : DIRECTORY + ":" + namespace + name;
    }

    /** The address of what is recorded by this path. */
    static Address ofRecord(String path) {
        return address(match(path).group("name"));
    }

    /** The name in such a path. */
    static String nameInRecord(String path) {
        return match(path).group("name");
    }

    /** The IPC namespace in such a path; that of this process if it is none, as a record may be of anybody's making. */
    static long namespaceInRecord(String path) {
        Matcher matcher = RECORDED.matcher(path);
        if (!matcher.matches()) {
            return namespace();
        }
        String number = matcher.group("namespace");
        return number == null ? MACHINE : Long.parseLong(number);
    }

    private static Matcher match(String path) {
        Matcher matcher = RECORDED.matcher(path);
        if (!matcher.matches() || !isName(matcher.group("name"))) {
            throw new IllegalArgumentException("not the file of a POSIX message queue: " + path);
        }
        return matcher;
    }

    /** The number of this process's IPC namespace. */
    static long namespace() {
        return Own.NAMESPACE;
    }

    /** It stays the same as long as a JVM runs. */
    private static final class Own {
        private static final long NAMESPACE = read();

        private Own() {}

        private static long read() {
            try {
                Path link = Files.readSymbolicLink(Path.of("/proc/self/ns/ipc"));
                Matcher matcher = NAMESPACE_LINK.matcher(link.toString());
                return matcher.matches() ? Long.parseLong(matcher.group("number")) : MACHINE;
            } catch (IOException e) {
                return MACHINE; // no /proc, so nothing is known of namespaces
            }
        }
    }
}
