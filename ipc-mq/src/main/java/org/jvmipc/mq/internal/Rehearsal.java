package org.jvmipc.mq.internal;

import java.io.IOException;
import java.nio.file.Path;
import org.jvmipc.LimitException;
import org.jvmipc.internal.PrivateDirectory;
import org.jvmipc.process.ProcessIdentity;

/** Appends once for nothing in a JVM's life, so that the hundreds of milliseconds of loading pass while nobody waits for a lock. */
final class Rehearsal {
    private static boolean done;

    private Rehearsal() {}

    /** In a directory of its own beside the cycles, if there was none yet. */
    static synchronized void once(QueueDirectory queue) throws IOException {
        if (done) {
            return;
        }
        ProcessIdentity self = ProcessIdentity.self();
        Path directory = queue.path().resolve(".rehearsal-" + self.pid() + "-" + self.startTime());
        PrivateDirectory.make(directory, "scratch directory");
        try {
            LogAppender.prepare(directory, directory.toString());
            append(directory);
        } catch (LimitException e) {
            return; // the disk is full: what is to be sent will tell
        } finally {
            CycleFiles.removeTree(directory);
        }
        done = true;
    }

    private static void append(Path directory) throws IOException {
        try (ChronicleCycle scratch =
                ChronicleCycle.open(directory, LogAppender.FIRST_BYTES, EnvelopeLayout.HEADER_BYTES)) {
            byte[] record = new byte[EnvelopeLayout.HEADER_BYTES];
            scratch.append(record, 0, record.length, 0);
        }
    }
}
