package org.jvmipc.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.io.File;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.jvmipc.process.ProcessIdentity;
import org.jvmipc.testkit.Await;
import org.jvmipc.testkit.NoLeaks;

@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@ExtendWith(NoLeaks.class)
class DeathWatchTest implements NoLeaks.WarmUp {
    private static final ProcessIdentity SELF = ProcessIdentity.self();

    private final AtomicInteger told = new AtomicInteger();

    /** Its thread and what that polls stay for the life of the JVM. */
    @Override
    public void warmUp() throws Exception {
        List<DeathWatch.Watched> many = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            many.add(Objects.requireNonNull(DeathWatch.watch(SELF.pid(), SELF.startTime(), () -> {})));
        }
        many.forEach(DeathWatch.Watched::close);
    }

    private static Process sleeper() throws Exception {
        return new ProcessBuilder("sleep", "60").start();
    }

    private DeathWatch.@Nullable Watched watch(Process process) throws Exception {
        ProcessIdentity identity = Objects.requireNonNull(ProcessIdentity.of(process.pid()));
        return DeathWatch.watch(identity.pid(), identity.startTime(), told::incrementAndGet);
    }

    @Test
    void deathIsToldOnce() throws Exception {
        Process process = sleeper();
        try {
            assertNotNull(watch(process));
        } finally {
            process.destroyForcibly().waitFor();
        }
        Await.until("the death is told", () -> told.get() > 0);
        roundTrip();
        assertEquals(1, told.get());
    }

    /** Once another death was told, everything before it was. */
    private static void roundTrip() throws Exception {
        AtomicInteger other = new AtomicInteger();
        Process process = sleeper();
        try {
            ProcessIdentity identity = Objects.requireNonNull(ProcessIdentity.of(process.pid()));
            DeathWatch.watch(identity.pid(), identity.startTime(), other::incrementAndGet);
        } finally {
            process.destroyForcibly().waitFor();
        }
        Await.until("the other death is told", () -> other.get() == 1);
    }

    @Test
    void deathBeforeTheWatchIsToldAtOnce() throws Exception {
        Process process = sleeper();
        ProcessIdentity identity = Objects.requireNonNull(ProcessIdentity.of(process.pid()));
        process.destroyForcibly().waitFor();
        assertNull(DeathWatch.watch(identity.pid(), identity.startTime(), told::incrementAndGet));
        assertEquals(1, told.get());
    }

    @Test
    void laterBearerOfTheNumberIsNotWatched() throws Exception {
        assertNull(DeathWatch.watch(SELF.pid(), SELF.startTime() + 1, told::incrementAndGet));
        assertEquals(1, told.get());
    }

    /** The number of a process that is gone may be a thread's by now. */
    @Test
    void threadThatBearsTheNumberIsNoProcess() throws Exception {
        for (String thread : Objects.requireNonNull(new File("/proc/self/task").list())) {
            if (Long.parseLong(thread) != SELF.pid()) {
                assertNull(DeathWatch.watch(Long.parseLong(thread), 1, told::incrementAndGet));
                assertEquals(1, told.get());
                return;
            }
        }
    }

    @Test
    void nothingIsToldAfterTheClose() throws Exception {
        Process process = sleeper();
        DeathWatch.Watched watched = watch(process);
        try {
            assertNotNull(watched);
            watched.close();
            watched.close();
        } finally {
            process.destroyForcibly().waitFor();
        }
        roundTrip();
        assertEquals(0, told.get());
    }

    @Test
    void manyProcessesAreWatchedAndOneCallbackThatFailsIsNoMatter() throws Exception {
        List<Process> processes = new ArrayList<>();
        List<DeathWatch.Watched> others = new ArrayList<>();
        Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
        AtomicInteger failures = new AtomicInteger();
        Thread.setDefaultUncaughtExceptionHandler((thread, failure) -> {
            failures.incrementAndGet();
            throw new IllegalStateException("on purpose too");
        });
        try {
            for (int i = 0; i < 70; i++) { // more than one poll set has room for
                others.add(Objects.requireNonNull(DeathWatch.watch(SELF.pid(), SELF.startTime(), () -> {})));
            }
            for (int i = 0; i < 5; i++) {
                Process process = sleeper();
                processes.add(process);
                ProcessIdentity identity = Objects.requireNonNull(ProcessIdentity.of(process.pid()));
                DeathWatch.watch(identity.pid(), identity.startTime(), () -> {
                    throw new IllegalStateException("on purpose");
                });
                watch(process);
            }
            for (Process process : processes) {
                process.destroyForcibly().waitFor();
            }
            Await.until("all deaths are told", () -> told.get() == 5 && failures.get() == 5);
        } finally {
            Thread.setDefaultUncaughtExceptionHandler(before);
            processes.forEach(Process::destroyForcibly);
            others.forEach(DeathWatch.Watched::close);
        }
    }
}
