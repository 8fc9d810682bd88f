package org.jvmipc.shm.internal;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Address;
import org.jvmipc.AddressException;
import org.jvmipc.internal.posix.Fcntl;
import org.jvmipc.internal.posix.Fd;
import org.jvmipc.internal.posix.FileStatus;
import org.jvmipc.internal.posix.LockCalls;
import org.jvmipc.internal.posix.OsCalls;
import org.jvmipc.internal.registry.ObjectFile;
import org.jvmipc.internal.registry.ObjectPaths;

/** The files behind {@code lock:} addresses, and the ranges of them that the addresses mean. */
public final class FileLocks {
    /** The parameter that is where the range begins. */
    public static final String START = "start";

    /** The parameter that is how many bytes it has. */
    public static final String LENGTH = "length";

    private static final FileObjects FILES = new FileObjects("lock", ".lock", "file lock", () -> FileStatus.REGULAR);

    private static final int FLAGS = Fcntl.O_RDWR | Fcntl.O_NONBLOCK;

    private FileLocks() {}

    /** The files. */
    public static FileObjects files() {
        return FILES;
    }

    /** The address with the canonical location, and the range if it is none of the whole file. */
    public static Address canonical(Address address) throws IOException {
        Address canonical = FILES.paths().address(path(address));
        for (String key : List.of(START, LENGTH)) {
            String value = address.parameter(key);
            canonical = value == null ? canonical : canonical.with(key, value);
        }
        return canonical;
    }

    /** The canonical path. */
    public static String path(Address address) throws IOException {
        return ObjectPaths.canonical(FILES.paths().of(address));
    }

    /** Makes the file, and opens it. */
    public static FileLockState create(Address address) throws IOException {
        return state(FILES.create(path(address), creation(address), file -> {}), address);
    }

    /** Opens the file. */
    public static FileLockState open(Address address) throws IOException {
        return state(FILES.open(path(address), SegmentAddress.owner(address), FLAGS), address);
    }

    /** Opens the file, or makes it. */
    public static FileLockState openOrCreate(Address address) throws IOException {
        if (SegmentAddress.owner(address) != ObjectFile.SELF && exists(address)) {
            return open(address);
        }
        return state(FILES.openOrCreate(path(address), creation(address), file -> {}), address);
    }

    private static Creation creation(Address address) {
        return new Creation(
                0,
                SegmentAddress.mode(address),
                SegmentAddress.lifetime(address),
                SegmentAddress.ownerProcess(address),
                Map.of());
    }

    private static FileLockState state(Fd file, Address address) throws IOException {
        long start;
        long length;
        try {
            start = address.size(START, 0);
            length = length(address, start);
        } catch (RuntimeException e) {
            file.close();
            throw e;
        }
        return FileLockState.of(file, canonical(address).toString(), start, length);
    }

    private static long length(Address address, long start) {
        long length = address.size(LENGTH, 0);
        if (start > Long.MAX_VALUE - length) {
            throw new AddressException(
                    address.toString(), "the range ends behind the last byte that a file can have", null);
        }
        return length;
    }

    /** Removes the file. */
    public static boolean remove(Address address) throws IOException {
        String path = ObjectPaths.canonicalOrNull(FILES.paths().of(address));
        return path != null && FILES.remove(path, SegmentAddress.owner(address));
    }

    /** Whether there is such a file. */
    public static boolean exists(Address address) throws IOException {
        String path = ObjectPaths.canonicalOrNull(FILES.paths().of(address));
        return path != null && FILES.exists(path, SegmentAddress.owner(address));
    }

    /** Adds how it is held now, and by whom as far as that is known. */
    public static void describe(Address address, Fd file, FileStatus status, Map<String, Object> facts)
            throws IOException {
        long start = address.size(START, 0);
        long length = length(address, start);
        LockCalls.Held held = LockCalls.held(file, start, length);
        facts.put("held", held == LockCalls.Held.NOT ? "no" : held.name().toLowerCase(Locale.ROOT));
        LockHolders.@Nullable Holder holder = LockHolders.holder(LockHolders.key(status, start, length));
        if (holder != null && held == LockCalls.Held.EXCLUSIVE) {
            facts.put("holder", holder.pid());
            facts.put("since", ObjectScheme.time(holder.sinceMillis()));
        } else if (holder != null) {
            facts.put("last holder died", true);
        }
    }

    /** The status of a file that is open. */
    public static FileStatus status(Fd file) throws IOException {
        return OsCalls.status(file.number());
    }
}
