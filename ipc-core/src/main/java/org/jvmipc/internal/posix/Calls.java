package org.jvmipc.internal.posix;

import com.sun.jna.Native;
import java.nio.charset.StandardCharsets;
import java.util.function.LongSupplier;
import org.jvmipc.IpcException;
import org.jvmipc.LimitException;
import org.jvmipc.OsException;

/** How a call to the kernel is made: through the {@link Seam}, with its {@code errno} taken at once, and told in full. */
final class Calls {
    private Calls() {}

    /** Makes a call that is not expected to fail: what it answers. */
    static int call(String name, String object, LongSupplier function) throws IpcException {
        return check(name, result(name, function), object);
    }

    /** Makes a call: what it answers, or {@code -errno}. */
    static int result(String name, LongSupplier function) {
        int refused = Seam.before(name);
        if (refused != 0) {
            return -refused;
        }
        int result = result(function.getAsLong());
        Seam.after(name, result);
        return result;
    }

    static int result(long returned) {
        return returned >= 0 ? (int) returned : -Native.getLastError();
    }

    static int check(String call, int result, String object) throws IpcException {
        if (result >= 0) {
            return result;
        }
        if (result == -Errno.EMFILE) {
            throw tooManyOpenFiles(call + " failed" + (object.isEmpty() ? "" : " " + object));
        }
        if (result == -Errno.ENFILE) {
            throw new LimitException(
                    call + " failed: " + Errno.text(Errno.ENFILE) + " (ENFILE)",
                    "/proc/sys/fs/file-max",
                    ProcFiles.number("/proc/sys/fs/file-max"),
                    "a privileged user may write a larger value there");
        }
        throw new OsException(call, -result, object);
    }

    static LimitException tooManyOpenFiles(String what) {
        return new LimitException(
                what + ": " + Errno.text(Errno.EMFILE) + " (EMFILE)",
                "RLIMIT_NOFILE",
                Resource.openFiles(),
                "raise it with `ulimit -n`, or close endpoints");
    }

    /** The path as C wants it; a zero inside it would silently name another file. */
    static byte[] zeroEnded(String path) {
        if (path.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("path contains a zero character: " + path.replace("\0", "\\0"));
        }
        return (path + '\0').getBytes(StandardCharsets.UTF_8);
    }
}
