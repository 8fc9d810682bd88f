package org.jvmipc.internal.posix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.jvmipc.process.ChildJvm;
import org.jvmipc.process.ParentJvm;
import org.jvmipc.testkit.ChildMain;
import org.jvmipc.testkit.ChildProgram;
import org.jvmipc.testkit.Children;

/** What drops interrupts, as loading JNA does, does not drop those of the caller. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ApartFromInterruptsTest {
    @Test
    void anInterruptFromBeforeIsKept() {
        Thread.currentThread().interrupt();
        ApartFromInterrupts.run(Thread::interrupted);
        assertTrue(Thread.interrupted());
    }

    @Test
    void anInterruptThatComesMeanwhileIsKept() {
        Thread caller = Thread.currentThread();
        CountDownLatch seen = new CountDownLatch(1);
        ApartFromInterrupts.run(() -> {
            assertNotSame(caller, Thread.currentThread());
            caller.interrupt();
            while (caller.isInterrupted()) { // until the caller's wait has taken it
                Thread.onSpinWait();
            }
            seen.countDown();
        });
        assertEquals(0, seen.getCount());
        assertTrue(Thread.interrupted());
    }

    @Test
    void nobodyIsInterruptedWhoWasNot() {
        List<Boolean> done = new ArrayList<>();
        ApartFromInterrupts.run(() -> done.add(Thread.currentThread().isInterrupted()));
        assertEquals(List.of(false), done);
        assertFalse(Thread.interrupted());
    }

    @Test
    void whatTheActionThrowsIsThrown() {
        LinkageError error = new UnsatisfiedLinkError("no such library");
        assertEquals(
                error,
                assertThrows(
                        LinkageError.class,
                        () -> ApartFromInterrupts.run(() -> {
                            throw error;
                        })));
        IllegalStateException exception = new IllegalStateException("no");
        assertEquals(
                exception,
                assertThrows(
                        IllegalStateException.class,
                        () -> ApartFromInterrupts.run(() -> {
                            throw exception;
                        })));
    }

    /** Ends with 7 if its interrupt was lost in the first native call. */
    static final class CallsFirstWhenInterrupted implements ChildProgram {
        @Override
        public void run(ParentJvm parent, String[] arguments) {
            Thread.currentThread().interrupt();
            OsCalls.prepare();
            System.exit(Thread.interrupted() ? 0 : 7);
        }
    }

    @Test
    void theFirstNativeCallOfAJvmDropsNone() throws Exception {
        try (ChildJvm child =
                ChildMain.launcher(CallsFirstWhenInterrupted.class).start()) {
            Children.assertExit(0, child);
        }
    }
}
