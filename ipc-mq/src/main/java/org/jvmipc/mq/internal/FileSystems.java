package org.jvmipc.mq.internal;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.jvmipc.UnsupportedMechanismException;
import org.jvmipc.internal.posix.Fcntl;
import org.jvmipc.internal.posix.Fd;
import org.jvmipc.internal.posix.FileCalls;
import org.jvmipc.internal.posix.OsCalls;

/** Which file systems a queue may lie on: those whose memory all processes of this machine share. */
final class FileSystems {
    /** {@code f_type} of {@code statfs(2)}: file systems whose files another machine may change, or that are not mapped in common. */
    private static final Map<Long, String> REFUSED = Map.ofEntries(
            Map.entry(0x6969L, "NFS"),
            Map.entry(0xff53_4d42L, "CIFS"),
            Map.entry(0xfe53_4d42L, "SMB2"),
            Map.entry(0x517bL, "SMB"),
            Map.entry(0x0102_1997L, "9P"),
            Map.entry(0x00c3_6400L, "Ceph"),
            Map.entry(0x5346_414fL, "AFS"),
            Map.entry(0x7375_7245L, "Coda"),
            Map.entry(0x564cL, "NCP"),
            Map.entry(0x0116_1970L, "GFS2"),
            Map.entry(0x7461_636fL, "OCFS2"),
            Map.entry(0x0bd0_0bd0L, "Lustre"),
            Map.entry(0x4750_4653L, "GPFS"));

    private FileSystems() {}

    /**
     * Checks the file system that the directory lies on.
     *
     * @throws UnsupportedMechanismException if other machines may have it mounted
     */
    static void requireLocal(Path directory) throws IOException {
        try (Fd fd = OsCalls.open(directory.toString(), Fcntl.O_RDONLY | Fcntl.O_DIRECTORY, 0)) {
            requireLocal(FileCalls.fileSystemType(fd, directory.toString()), directory);
        }
    }

    static void requireLocal(long type, Path directory) throws UnsupportedMechanismException {
        String name = REFUSED.get(type);
        if (name != null) {
            throw new UnsupportedMechanismException("mq:" + directory + ": it lies on " + name
                    + ", a network file system: processes on two machines would share neither locks nor mapped memory, and"
                    + " the log would be lost; put the queue on a local file system");
        }
    }
}
