package org.jvmipc.process;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One particular process, told apart from every other one that had or will have its number.
 *
 * <pre>{@code
 * String text = ProcessIdentity.self().toString();           // into a file, a header, a log
 * ...
 * boolean gone = !ProcessIdentity.parse(text).isAlive();     // later, in another process
 * }</pre>
 *
 * <p><b>Thread safety.</b> Immutable.
 *
 * <p><b>Platform notes.</b> Linux gives numbers of processes again after some ten thousand others. The start time tells two
 * bearers apart as long as they started in different clock ticks (10 ms).
 *
 * @param pid the process's number, in its own pid namespace
 * @param startTime when it started, in clock ticks since boot (field 22 of {@code /proc/<pid>/stat})
 * @param bootId the kernel's {@code boot_id}: after a restart everything of before is dead; empty if unknown
 * @param pidNamespace the inode of its pid namespace, 0 if unknown
 */
public record ProcessIdentity(long pid, long startTime, String bootId, long pidNamespace) {
    /** What is known of this process once all of it could be read: none of it changes as long as it runs. */
    private static volatile @Nullable ProcessIdentity self;

    private static final Pattern FORM = Pattern.compile("(\\d{1,10}):(\\d{1,18}):([0-9a-fA-F-]{0,36}):(\\d{1,18})");

    /** Checks the values. */
    public ProcessIdentity {
        if (pid < 1) {
            throw new IllegalArgumentException("a pid is 1 or more, not " + pid);
        }
    }

    /** This process. */
    public static ProcessIdentity self() {
        ProcessIdentity known = self;
        if (known == null) {
            known = readSelf();
            if (known.pidNamespace != 0 && !known.bootId.isEmpty()) { // else perhaps another time
                self = known;
            }
        }
        return known;
    }

    private static ProcessIdentity readSelf() {
        long pid = ProcessHandle.current().pid();
        ProcFs.Stat stat = ProcFs.ownStat(); // by number it is another's where /proc shows another namespace
        if (stat == null) {
            throw new IllegalStateException("/proc/self/stat cannot be read; is /proc mounted?");
        }
        return new ProcessIdentity(pid, stat.startTime(), ProcFs.bootId(), ProcFs.pidNamespace("self"));
    }

    /**
     * The process that has this number now.
     *
     * @return null if there is none
     */
    public static @Nullable ProcessIdentity of(long pid) {
        ProcFs.Stat stat = ProcFs.stat(pid);
        if (stat == null) {
            return null;
        }
        // That of another user's process is not shown; but what this process can number is in its own namespace.
        long namespace = ProcFs.pidNamespace(Long.toString(pid));
        return new ProcessIdentity(
                pid, stat.startTime(), ProcFs.bootId(), namespace == 0 ? ProcFs.pidNamespace("self") : namespace);
    }

    /**
     * Reads the form that {@link #toString()} writes.
     *
     * @throws IllegalArgumentException if it is not such a text
     */
    public static ProcessIdentity parse(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "not a process identity: '" + text + "'; the form is pid:startTime:bootId:pidNamespace");
        }
        return new ProcessIdentity(
                Long.parseLong(matcher.group(1)),
                Long.parseLong(matcher.group(2)),
                matcher.group(3),
                Long.parseLong(matcher.group(4)));
    }

    /**
     * Whether this very process still runs. One that has ended counts as dead even if nobody has waited for it yet.
     *
     * @return false only if its death is certain: a process of another pid namespace cannot be seen from here and counts
     *     as alive until the machine has been restarted; so does every one where {@code /proc} is missing or shows another
     *     namespace
     */
    public boolean isAlive() {
        String boot = ProcFs.bootId();
        if (!boot.isEmpty() && !bootId.isEmpty() && !bootId.equals(boot)) {
            return false;
        }
        long here = ProcFs.pidNamespace("self");
        if (pidNamespace != 0 && here != 0 && pidNamespace != here) {
            return true;
        }
        return ProcFs.isAlive(pid, startTime) || !ProcFs.showsOwnNamespace();
    }

    /** {@code pid:startTime:bootId:pidNamespace}, without spaces. */
    @Override
    public String toString() {
        return pid + ":" + startTime + ":" + bootId + ":" + pidNamespace;
    }
}
