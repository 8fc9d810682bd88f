package org.jvmipc.mq.internal;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jvmipc.LimitException;
import org.jvmipc.internal.PrivateDirectory;

/** Appends once for nothing in a JVM's life, so that the hundreds of milliseconds of loading pass while nobody waits for a lock. */
final class Rehearsal {
    private static final Pattern NAME = Pattern.compile("\\.rehearsal-([0-9]{1,10})-([0-9]{1,18})-([0-9]{1,18})");

    private static boolean done;

    private Rehearsal() {}

    /** In a directory of its own beside the cycles, if there was none yet. */
    static synchronized void once(QueueDirectory queue) throws IOException {
        if (done) {
            return;
        }
        Path directory = queue.path().resolve(".rehearsal-" + QueueDirectory.owner());
        removeLeft(queue);
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

    /** Removes those of processes that were killed at it. */
    private static void removeLeft(QueueDirectory queue) throws IOException {
        try (DirectoryStream<Path> names = Files.newDirectoryStream(queue.path(), ".rehearsal-*")) {
            for (Path each : names) {
                Matcher matcher = NAME.matcher(String.valueOf(each.getFileName()));
                if (matcher.matches() && QueueDirectory.isOwnerDead(matcher, 1)) {
                    CycleFiles.removeTree(each);
                }
            }
        }
    }

    private static void append(Path directory) throws IOException {
        try (ChronicleCycle scratch =
                ChronicleCycle.open(directory, LogAppender.FIRST_BYTES, EnvelopeLayout.HEADER_BYTES)) {
            byte[] record = new byte[EnvelopeLayout.HEADER_BYTES];
            scratch.append(record, 0, record.length, 0);
        }
    }
}
