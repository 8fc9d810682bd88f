package org.jvmipc.cli.demo.shared;

import java.io.IOException;
import org.jvmipc.Address;
import org.jvmipc.cli.demo.DemoObject;
import org.jvmipc.cli.demo.DemoRun;
import org.jvmipc.cli.demo.Findings;

/** A file to lock, and shared memory for it to guard, for one run. */
public final class LockedMemory {
    private LockedMemory() {}

    /** What is played with both. */
    @FunctionalInterface
    public interface Script {
        /** Plays it, and judges what it saw. */
        Findings play(Address lock, Address memory) throws IOException, InterruptedException;
    }

    /** Makes both, plays the script, and looks at what is left of them. */
    public static Findings play(DemoRun run, long memoryBytes, Script script) throws IOException, InterruptedException {
        DemoObject file = DemoObject.create(run, "lock");
        DemoObject memory;
        Findings findings;
        try (file) {
            memory = DemoObject.create(run, "shm", "size=" + memoryBytes);
            try (memory) {
                findings = script.play(file.address(), memory.address());
            }
        }
        findings.leftBehind(DemoObject.leftovers(file, memory));
        return findings;
    }
}
