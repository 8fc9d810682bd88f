package org.jvmipc.cli.frame;

import java.io.FileInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Whether this process may open too few files to run: then classes cannot be loaded, which looks like a bug. */
public final class OpenFiles {
    /** What to say of it, and what to do about it. */
    public static final String TOO_FEW = "too few files may be open";

    public static final String FIX = "allow more of them: ulimit -n 1024";

    private static final String SHORTAGE = "Too many open files";
    private static final Pattern SOFT_LIMIT = Pattern.compile("Max open files +([0-9]+)");

    /** With fewer than these no JVM of ours does its work. */
    private static final long ENOUGH = 64;

    private OpenFiles() {}

    /** Whether a shortage of descriptors is why this could not be linked. */
    public static boolean areShort(Throwable error) {
        return isTold(error) || cannotOpen() || isLowLimit();
    }

    /** Whether it, or what caused it, says so: of this process, not of the whole system. */
    public static boolean isTold(Throwable error) {
        for (Throwable each = error; each != null; each = each.getCause()) {
            String message = String.valueOf(each.getMessage());
            if (message.contains(SHORTAGE) && !message.contains(SHORTAGE + " in system")) {
                return true;
            }
        }
        return false;
    }

    private static boolean cannotOpen() {
        try (FileInputStream in = new FileInputStream("/dev/null")) {
            return in.read() >= 0;
        } catch (IOException e) {
            return true;
        }
    }

    private static boolean isLowLimit() {
        try (FileInputStream in = new FileInputStream("/proc/self/limits")) {
            return isLow(new String(in.readAllBytes(), StandardCharsets.US_ASCII));
        } catch (IOException e) {
            return false;
        }
    }

    /** Whether the text of {@code /proc/PID/limits} says so. */
    public static boolean isLow(String limits) {
        Matcher soft = SOFT_LIMIT.matcher(limits);
        return soft.find() && soft.group(1).length() <= 9 && Long.parseLong(soft.group(1)) < ENOUGH;
    }
}
