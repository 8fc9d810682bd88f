package org.jvmipc.testkit.bench;

import java.io.IOException;
import java.util.List;

/** Puts a process on the CPU that PIN (same, cross, none) and CPUS (0,1) of the environment give it. */
public final class Cpus {
    private Cpus() {}

    /**
     * Pins all threads of the process with taskset(1).
     *
     * @param side 0 for the parent, 1 for the child
     */
    public static void pin(long pid, int side) throws IOException, InterruptedException {
        String pin = System.getenv().getOrDefault("PIN", "none");
        if (pin.equals("none")) {
            return;
        }
        List<String> cpus = List.of(System.getenv().getOrDefault("CPUS", "0,1").split(",", -1));
        String cpu = cpus.get(pin.equals("same") ? 0 : side);
        Process taskset = new ProcessBuilder("taskset", "-a", "-p", "-c", cpu, Long.toString(pid))
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        if (taskset.waitFor() != 0) {
            throw new IOException("taskset could not put process " + pid + " on CPU " + cpu);
        }
    }
}
