package org.jvmipc.signals;

import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.jvmipc.IpcException;
import org.jvmipc.UnsupportedMechanismException;

/**
 * What one thread of this process has blocked: {@code SigBlk} and {@code State} of {@code /proc/self/task/TID/status}; see
 * {@code proc_pid_status(5)}.
 *
 * @param tid the thread's number
 * @param blocked bit n-1 for signal n
 * @param isSleeping whether it waits for something; otherwise it runs, wants to, or is in the midst of a system call
 */
record ThreadMask(long tid, long blocked, boolean isSleeping) {
    private static final File TASKS = new File("/proc/self/task");
    private static final String FIELD = "\nSigBlk:\t";
    private static final int DIGITS = 16;
    private static final String SLEEPING = "\nState:\tS";

    /** All there is, unless the user is in hundreds of groups, which are listed before the field. */
    private static final int STATUS_BYTES = 4096;

    private static final int START_TIME = 22;
    private static final int AFTER_NAME = 3;

    boolean has(int signal) {
        return (blocked & SignalMask.of(signal)) != 0;
    }

    /** Those of all threads there are. */
    static List<ThreadMask> ofAllThreads() throws IOException {
        requireOwnNumbers();
        String[] names = TASKS.list();
        if (names == null) {
            throw new IpcException("the threads of this process cannot be listed in " + TASKS);
        }
        byte[] buffer = new byte[STATUS_BYTES];
        List<ThreadMask> all = new ArrayList<>(names.length);
        for (String name : names) {
            ThreadMask mask = read(name, buffer);
            if (mask != null) {
                all.add(mask);
            }
        }
        return all;
    }

    /** Signals go to threads by number; /proc may be that of another pid namespace. */
    private static void requireOwnNumbers() throws IOException {
        String self = new File("/proc/self").getCanonicalFile().getName();
        if (!self.equals(Long.toString(ProcessHandle.current().pid()))) {
            throw new UnsupportedMechanismException(
                    "/proc is not mounted for this process's pid namespace, and its threads cannot be told by number");
        }
    }

    private static @Nullable ThreadMask read(String name, byte[] buffer) throws IOException {
        File directory = new File(TASKS, name);
        try (FileInputStream status = new FileInputStream(new File(directory, "status"))) {
            return parse(Long.parseLong(name), text(status, buffer));
        } catch (IOException e) {
            if (directory.exists()) {
                throw e; // no descriptor is left, say
            }
            return null; // it has ended meanwhile
        }
    }

    private static String text(InputStream status, byte[] buffer) throws IOException {
        int length = status.readNBytes(buffer, 0, buffer.length);
        String text = new String(buffer, 0, length, StandardCharsets.ISO_8859_1);
        return length < buffer.length
                ? text
                : text
                        + new String(
                                status.readAllBytes(), StandardCharsets.ISO_8859_1); // the kernel keeps what it began
    }

    /** When a thread of this process was started; {@code proc_pid_stat(5)}. -1 if it cannot be told. */
    static long startTime(long tid) {
        File stat = new File(new File(TASKS, Long.toString(tid)), "stat");
        try (FileInputStream in = new FileInputStream(stat)) {
            String text = new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
            String[] fields = text.substring(text.lastIndexOf(')') + 2).split(" ", START_TIME - 1);
            return Long.parseLong(fields[START_TIME - AFTER_NAME]);
        } catch (IOException | RuntimeException e) {
            return -1; // it has ended meanwhile
        }
    }

    static ThreadMask parse(long tid, String status) throws IpcException {
        int at = status.indexOf(FIELD);
        int digits = at + FIELD.length();
        if (at < 0 || digits + DIGITS > status.length()) {
            throw new IpcException("no SigBlk in the status of thread " + tid);
        }
        try {
            long blocked = Long.parseUnsignedLong(status.substring(digits, digits + DIGITS), 16);
            return new ThreadMask(tid, blocked, status.contains(SLEEPING));
        } catch (NumberFormatException e) {
            throw new IpcException("SigBlk in the status of thread " + tid + " is no mask", e);
        }
    }
}
