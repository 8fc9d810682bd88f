package org.jvmipc.internal.posix;

import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import java.lang.ref.Reference;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.jvmipc.IpcException;
import org.jvmipc.OsException;

/**
 * The door to the kernel as far as starting processes goes with what {@link ProcessBuilder} cannot set: the signal
 * mask, and which signals have their default action. Nothing but the standard descriptors is inherited.
 */
public final class SpawnCalls {
    private static final int FIRST_CLOSED = 3;

    private SpawnCalls() {}

    /** Whether the C library has all that is needed; the GNU one from version 2.34 on. */
    public static boolean isAvailable() {
        return Availability.AVAILABLE;
    }

    /** Looked up once, when it is first asked for. */
    private static final class Availability {
        private static final boolean AVAILABLE = find();

        private static boolean find() {
            try {
                return Spawn.posix_spawnattr_destroy(new NativeBuffer(Spawn.ATTRIBUTES_BYTES).address()) >= 0;
            } catch (LinkageError e) {
                return false;
            }
        }
    }

    /** This process's environment as it was given to it, {@code NAME=VALUE} each, in bytes; {@code environ(7)}. */
    public static List<byte[]> environment() {
        List<byte[]> entries = new ArrayList<>();
        Pointer list = NativeLibrary.getInstance("c")
                .getGlobalVariableAddress("environ")
                .getPointer(0);
        for (long at = 0; list != null; at += Long.BYTES) {
            Pointer entry = list.getPointer(at);
            if (entry == null) {
                break;
            }
            entries.add(entry.getByteArray(0, (int) entry.indexOf(0, (byte) 0)));
        }
        return entries;
    }

    /**
     * Starts a process; {@code posix_spawn(3)}.
     *
     * @param path of the program, absolute
     * @param words its arguments, the program's name first
     * @param environment {@code NAME=VALUE} each
     * @param directory where it runs; null: here
     * @param standard what are its standard input, output and error; null: this process's own
     * @param mask the signals it has blocked from its beginning, bit n-1 for signal n
     * @param defaults the signals that are not ignored from its beginning, even if this process ignores them
     * @return its number; it has to be waited for
     */
    public static int spawn(
            String path,
            List<byte[]> words,
            List<byte[]> environment,
            @Nullable String directory,
            List<? extends @Nullable Fd> standard,
            long mask,
            long defaults)
            throws IpcException {
        NativeLibraryLoader.require();
        NativeBuffer actions = new NativeBuffer(Spawn.FILE_ACTIONS_BYTES);
        NativeBuffer attributes = new NativeBuffer(Spawn.ATTRIBUTES_BYTES);
        NativeBuffer arguments = texts(words);
        NativeBuffer variables = texts(environment);
        NativeBuffer pid = new NativeBuffer(Integer.BYTES);
        byte[] program = Calls.zeroEnded(path);
        check("posix_spawn_file_actions_init", Spawn.posix_spawn_file_actions_init(actions.address()), path);
        check("posix_spawnattr_init", Spawn.posix_spawnattr_init(attributes.address()), path);
        try {
            addActions(actions.address(), directory, standard);
            setSignals(attributes.address(), mask, defaults);
            int refused = Seam.before("posix_spawn");
            int result = refused != 0
                    ? refused
                    : Spawn.posix_spawn(
                            pid.address(),
                            program,
                            actions.address(),
                            attributes.address(),
                            arguments.address(),
                            variables.address());
            if (refused == 0) {
                Seam.after("posix_spawn", -result);
            }
            check("posix_spawn", result, path);
            return pid.bytes().getInt(0);
        } finally {
            Spawn.posix_spawn_file_actions_destroy(actions.address());
            Spawn.posix_spawnattr_destroy(attributes.address());
            for (Object used : List.of(actions, attributes, arguments, variables, pid, standard)) {
                Reference.reachabilityFence(used);
            }
        }
    }

    private static void addActions(long actions, @Nullable String directory, List<? extends @Nullable Fd> standard)
            throws IpcException {
        for (int i = 0; i < standard.size(); i++) {
            Fd fd = standard.get(i);
            if (fd != null) { // its number is above 2, so none of the copies overwrites the next one's source
                int result = Spawn.posix_spawn_file_actions_adddup2(actions, fd.number(), i);
                check("posix_spawn_file_actions_adddup2", result, fd.toString());
            }
        }
        if (directory != null) {
            byte[] name = Calls.zeroEnded(directory);
            int result = Spawn.posix_spawn_file_actions_addchdir_np(actions, name);
            check("posix_spawn_file_actions_addchdir_np", result, directory);
        }
        // Sockets of the JDK are not close-on-exec.
        int result = Spawn.posix_spawn_file_actions_addclosefrom_np(actions, FIRST_CLOSED);
        check("posix_spawn_file_actions_addclosefrom_np", result, "");
    }

    private static void setSignals(long attributes, long mask, long defaults) throws IpcException {
        NativeBuffer blocked = set(mask);
        NativeBuffer reset = set(defaults);
        try {
            short flags = (short) (Spawn.POSIX_SPAWN_SETSIGMASK | Spawn.POSIX_SPAWN_SETSIGDEF);
            check("posix_spawnattr_setflags", Spawn.posix_spawnattr_setflags(attributes, flags), "");
            check("posix_spawnattr_setsigmask", Spawn.posix_spawnattr_setsigmask(attributes, blocked.address()), "");
            check(
                    "posix_spawnattr_setsigdefault",
                    Spawn.posix_spawnattr_setsigdefault(attributes, reset.address()),
                    "");
        } finally {
            Reference.reachabilityFence(blocked);
            Reference.reachabilityFence(reset);
        }
    }

    private static NativeBuffer set(long signals) {
        NativeBuffer set = new NativeBuffer(SignalCalls.SIGSET_BYTES);
        set.bytes().putLong(0, signals);
        return set;
    }

    /** These functions answer the errno itself. */
    private static void check(String call, int errno, String object) throws IpcException {
        Calls.check(call, -errno, object.isEmpty() ? "" : "path=" + object);
    }

    /** An array of addresses that ends in 0, and behind it the texts, each ended by a zero byte. */
    private static NativeBuffer texts(List<byte[]> texts) {
        int at = (texts.size() + 1) * Long.BYTES;
        int size = at + texts.stream().mapToInt(text -> text.length + 1).sum();
        NativeBuffer memory = new NativeBuffer(size);
        for (int i = 0; i < texts.size(); i++) {
            byte[] text = texts.get(i);
            memory.bytes().putLong(i * Long.BYTES, memory.address() + at);
            memory.bytes().put(at, text);
            at += text.length + 1;
        }
        return memory;
    }

    /**
     * Waits for a child without waiting; {@code waitpid(2)}.
     *
     * @return its status as {@code wait(2)} gives it, after which its number may be another's; -1 if it has not ended
     * @throws OsException {@code ECHILD} if somebody else has waited for it
     */
    public static int tryWait(int pid) throws IpcException {
        NativeBuffer status = new NativeBuffer(Integer.BYTES);
        try {
            int result;
            do {
                result = Calls.result("waitpid", () -> Spawn.waitpid(pid, status.address(), Spawn.WNOHANG));
            } while (result == -Errno.EINTR);
            return Calls.check("waitpid", result, "pid=" + pid) == 0
                    ? -1
                    : status.bytes().getInt(0);
        } finally {
            Reference.reachabilityFence(status);
        }
    }
}
