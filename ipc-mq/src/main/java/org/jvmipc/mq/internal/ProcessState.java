package org.jvmipc.mq.internal;

import java.io.FileInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Whether another process is stopped, by {@code proc(5)}. */
final class ProcessState {
    private static final int LARGEST_BYTES = 1024;

    private ProcessState() {}

    /** False if it is not to be seen: it has ended, or is in another pid namespace. */
    static boolean isStopped(int pid) {
        try (FileInputStream in =
                new FileInputStream("/proc/" + pid + "/stat")) { // no channel: an interrupt would close it
            String stat = new String(in.readNBytes(LARGEST_BYTES), StandardCharsets.ISO_8859_1);
            int state = stat.lastIndexOf(')') + 2; // the name before it may hold anything
            return state < stat.length() && Character.toUpperCase(stat.charAt(state)) == 'T';
        } catch (IOException e) {
            return false;
        }
    }
}
