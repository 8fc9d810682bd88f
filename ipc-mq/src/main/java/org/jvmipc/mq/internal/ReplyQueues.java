package org.jvmipc.mq.internal;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jvmipc.internal.PrivateDirectory;
import org.jvmipc.mq.MessageQueueOptions;

/** The queues for answers, {@code replies/PID-START-NAMESPACE-NUMBER}: whose process is dead, they are left over. */
public final class ReplyQueues {
    private static final Pattern NAME = Pattern.compile("([0-9]{1,10})-([0-9]{1,18})-([0-9]{1,18})-[0-9]+");
    private static final long OVERHEAD_BYTES = 256 << 10;
    private static final AtomicInteger COUNT = new AtomicInteger();

    private ReplyQueues() {}

    /** Makes one of this process's, and removes what dead ones have left. */
    public static QueueDirectory create(QueueDirectory of) throws IOException {
        Path parent = of.path().resolve("replies");
        PrivateDirectory.make(parent, "message queue");
        removeLeft(parent);
        QueueDirectory made =
                new QueueDirectory(parent.resolve(QueueDirectory.owner() + "-" + COUNT.incrementAndGet()));
        MessageQueueOptions options = QueueSettings.read(of.path());
        long capacity = Math.max(4L << 20, 2L * options.maxMessageBytes() + OVERHEAD_BYTES);
        made.createInside(
                options.withMaxAge(Duration.ZERO).withGroups(1).withSync(false).withCapacity(capacity));
        return made;
    }

    private static void removeLeft(Path parent) throws IOException {
        try (DirectoryStream<Path> names = Files.newDirectoryStream(parent)) {
            for (Path each : names) {
                if (isLeft(each)) {
                    QueueOpening.remove(new QueueDirectory(each));
                }
            }
        }
    }

    /** Whether nobody reads it any more, as the process whose it is is dead; never of a queue of another kind. */
    public static boolean isLeft(Path directory) throws IOException {
        Matcher matcher = NAME.matcher(String.valueOf(directory.getFileName()));
        return matcher.matches() && QueueDirectory.isOwnerDead(matcher, 1);
    }
}
