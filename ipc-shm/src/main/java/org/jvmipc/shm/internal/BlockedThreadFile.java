package org.jvmipc.shm.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jvmipc.CorruptDataException;
import org.jvmipc.IpcException;
import org.jvmipc.OsException;
import org.jvmipc.internal.posix.Errno;
import org.jvmipc.internal.posix.Fcntl;
import org.jvmipc.internal.posix.Fd;
import org.jvmipc.internal.posix.FileCalls;
import org.jvmipc.internal.posix.FileStatus;
import org.jvmipc.internal.posix.MemoryCalls;
import org.jvmipc.internal.posix.NativeBuffer;
import org.jvmipc.internal.posix.OsCalls;
import org.jvmipc.internal.posix.ProcessCalls;

/**
 * The file of the table of blocked threads, mapped: made if it is missing, or read by who looks only.
 *
 * <p><b>Thread safety.</b> Yes.
 *
 * @param path its name
 * @param device on which it is
 * @param inode its number there
 * @param bytes what is in it
 * @see BlockedThreadLayout
 */
record BlockedThreadFile(Path path, long device, long inode, ByteBuffer bytes) {
    private static final int OWNER_ONLY = 0600;

    /**
     * The one at that path, which is made if it is missing, and finished if its maker did not.
     *
     * @throws IOException if it cannot be made or may not be trusted
     */
    static BlockedThreadFile open(Path path) throws IOException {
        int flags = Fcntl.O_RDWR | Fcntl.O_NOFOLLOW | Fcntl.O_NONBLOCK | Fcntl.O_CREAT;
        try (Fd fd = OsCalls.open(path.toString(), flags, OWNER_ONLY)) {
            FileStatus status = requireOwn(fd, path);
            if (status.permissions() != OWNER_ONLY) {
                OsCalls.changeMode(fd.number(), OWNER_ONLY); // the umask of who made it
            }
            // Of several who make it each does all of this: none of it changes what is there.
            // Without space what there is stays, for the next one.
            if (MemoryCalls.allocate(fd, BlockedThreadLayout.FILE_BYTES) != 0) {
                throw new IpcException(path + ": no space for the table of blocked threads");
            }
            ByteBuffer table = map(fd, false, path);
            try {
                writeHeader(table);
                requireHeader(table, path);
                LateErrors.come();
            } catch (InternalError e) {
                throw cutOff(path, e);
            }
            return new BlockedThreadFile(path, status.device(), status.inode(), table);
        }
    }

    /** Whether it is still the one at its path, and sound: it may have been removed, and made anew by others. */
    boolean isCurrent() {
        try {
            FileStatus status = OsCalls.linkStatus(path.toString());
            if (status.device() != device || status.inode() != inode) {
                return false;
            }
            requireHeader(bytes, path);
            LateErrors.come();
            return true;
        } catch (IOException | InternalError e) {
            return false;
        }
    }

    private static FileStatus requireOwn(Fd fd, Path path) throws IOException {
        FileStatus status = OsCalls.status(fd.number());
        if (status.type() != FileStatus.REGULAR
                || status.uid() != ProcessCalls.effectiveUser()
                || status.links() != 1) {
            throw new IpcException(path + " cannot be trusted as table of blocked threads; remove it");
        }
        return status;
    }

    private static ByteBuffer map(Fd fd, boolean readOnly, Path path) throws IOException {
        return Mapping.of(fd.number(), readOnly, 0, BlockedThreadLayout.FILE_BYTES, path.toString())
                .order(ByteOrder.LITTLE_ENDIAN);
    }

    private static void writeHeader(ByteBuffer table) {
        if (Words.getLongAcquire(table, BlockedThreadLayout.MAGIC_AT) == 0) {
            Words.set(table, BlockedThreadLayout.VERSION_AT, BlockedThreadLayout.VERSION);
            Words.set(table, BlockedThreadLayout.ENTRIES_AT, BlockedThreadLayout.ENTRIES);
            Words.setLong(table, BlockedThreadLayout.END_AT, BlockedThreadLayout.MAGIC);
            // Who sees the magic sees the rest of the header.
            Words.setLongRelease(table, BlockedThreadLayout.MAGIC_AT, BlockedThreadLayout.MAGIC);
        }
    }

    private static void requireHeader(ByteBuffer table, Path path) throws IpcException {
        if (Words.getLongAcquire(table, BlockedThreadLayout.MAGIC_AT) != BlockedThreadLayout.MAGIC
                || Words.get(table, BlockedThreadLayout.VERSION_AT) != BlockedThreadLayout.VERSION
                || Words.get(table, BlockedThreadLayout.ENTRIES_AT) != BlockedThreadLayout.ENTRIES
                || Words.getLong(table, BlockedThreadLayout.END_AT) != BlockedThreadLayout.MAGIC) {
            throw new CorruptDataException(path + " is no table of blocked threads of version "
                    + BlockedThreadLayout.VERSION + "; remove it, and it is made anew");
        }
    }

    private static CorruptDataException cutOff(Path path, InternalError cause) {
        return new CorruptDataException(path + " is being cut off", cause);
    }

    // ---- for those who look only

    /**
     * What the one at that path tells now; nothing if there is none, or none that is finished.
     *
     * @throws CorruptDataException if it is damaged
     * @throws IOException if it cannot be read
     */
    static List<BlockedThread> look(Path path) throws IOException {
        int flags = Fcntl.O_RDONLY | Fcntl.O_NOFOLLOW | Fcntl.O_NONBLOCK;
        try (Fd fd = OsCalls.open(path.toString(), flags, 0)) {
            FileStatus status = requireOwn(fd, path);
            if (status.sizeBytes() < BlockedThreadLayout.FILE_BYTES && !hasMagic(fd, path)) {
                return List.of(); // it is being made, or was until its maker died or had no space
            }
            if (status.sizeBytes() != BlockedThreadLayout.FILE_BYTES) {
                throw new CorruptDataException(path + ": a table of blocked threads has "
                        + BlockedThreadLayout.FILE_BYTES + " bytes, not " + status.sizeBytes() + "; remove it");
            }
            ByteBuffer table = map(fd, true, path);
            try {
                List<BlockedThread> threads = read(table, path);
                LateErrors.come();
                return threads;
            } catch (InternalError e) {
                throw cutOff(path, e);
            }
        } catch (OsException e) {
            if (e.errno() == Errno.ENOENT) {
                return List.of();
            }
            throw e;
        }
    }

    /** Whether there is anything but 0 in the place of the magic. */
    private static boolean hasMagic(Fd fd, Path path) throws IpcException {
        NativeBuffer magic = new NativeBuffer(Long.BYTES);
        int count = FileCalls.readAt(fd, magic, Long.BYTES, BlockedThreadLayout.MAGIC_AT, path.toString());
        for (int i = 0; i < count; i++) {
            if (magic.bytes().get(i) != 0) {
                return true;
            }
        }
        return false;
    }

    private static List<BlockedThread> read(ByteBuffer table, Path path) throws IpcException {
        List<BlockedThread> threads = new ArrayList<>();
        if (Words.getLongAcquire(table, BlockedThreadLayout.MAGIC_AT) == 0) {
            return threads; // it is being made
        }
        requireHeader(table, path);
        for (int index = 0; index < BlockedThreadLayout.ENTRIES; index++) {
            BlockedThread thread = BlockedThread.read(table, BlockedThreadLayout.entry(index));
            if (thread != null) {
                threads.add(thread);
            }
        }
        return threads;
    }
}
