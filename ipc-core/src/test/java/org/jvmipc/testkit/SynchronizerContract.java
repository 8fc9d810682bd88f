package org.jvmipc.testkit;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.jvmipc.process.ChildJvm;

/**
 * What everything promises that waits: mutex, semaphore, file lock; inside one JVM and, of those that name {@link
 * SynchronizerHooks.Trait#CROSS_JVM}, across two. A mechanism's test extends this class, says how to open a {@link Gate} that
 * admits one at a time, and passes.
 *
 * <pre>{@code
 * final class FileMutexContractTest extends SynchronizerContract {
 *     public Gate open() throws Exception { ... }
 *     public Set<Trait> traits() { return EnumSet.allOf(Trait.class); }
 *     ...
 * }
 * }</pre>
 *
 * <p>The chapters, one interface each, one behaviour a test:
 * <ol>
 *   <li>{@link ExclusionContract}: one at a time, tries, time limits, owners
 *   <li>{@link LeavingContract}: interrupted, closed
 *   <li>{@link CrossJvmGateContract}: two JVMs, kill and stop
 * </ol>
 *
 * <p>After each test nothing may be left open ({@link NoLeaks}); a test that hangs is failed from outside.
 */
@ExtendWith(NoLeaks.class)
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
public abstract class SynchronizerContract
        implements ExclusionContract, LeavingContract, CrossJvmGateContract, NoLeaks.WarmUp {
    /** Loads what the first use of a gate, and of a child, loads. */
    @Override
    public void warmUp() throws Exception {
        try (Gate gate = open()) {
            gate.acquire();
            gate.release();
            if (traits().contains(Trait.CROSS_JVM)) {
                try (ChildJvm child = child("pass").start()) {
                    Children.assertExit(0, child);
                }
            }
        }
    }
}
