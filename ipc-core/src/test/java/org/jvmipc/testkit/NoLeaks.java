package org.jvmipc.testkit;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Fails a test that leaves something behind: an open descriptor, a child process (a zombie too), a file in the
 * directories watched. It asks the kernel, not Java.
 *
 * <pre>{@code
 * @ExtendWith(NoLeaks.class)                                       // descriptors, children, temporary files ipc*
 * class PipesTest { ... }
 *
 * @RegisterExtension
 * static final NoLeaks LEAKS = NoLeaks.watching(runtimeDirectory); // and everything below these directories
 * }</pre>
 *
 * <p>What the first use keeps for the life of the JVM is no leak: a test class that implements {@link WarmUp} is warmed
 * up before its first baseline is taken. What threads still have to finish gets {@value #GRACE_SECONDS} s.
 */
public final class NoLeaks implements BeforeEachCallback, AfterEachCallback {
    /** A test class whose first use of something opens what stays open. */
    public interface WarmUp {
        /** Uses once what the tests use. Called before the first test of the class, twice: the second may leave nothing. */
        void warmUp() throws Exception;
    }

    static final int GRACE_SECONDS = 5;

    /** Looking makes garbage, and a collection would let the safety nets close what the test left open. So: seldom. */
    private static final long PAUSE_NANOS = 50_000_000;

    private static final ExtensionContext.Namespace NAMESPACE = ExtensionContext.Namespace.create(NoLeaks.class);

    private final List<Path> directories;
    private final Duration grace;

    /** Watches descriptors, children and temporary files named {@code ipc*}. */
    public NoLeaks() {
        this(List.of(), Duration.ofSeconds(GRACE_SECONDS));
    }

    NoLeaks(List<Path> directories, Duration grace) {
        this.directories = directories;
        this.grace = grace;
    }

    /** Watches everything below these directories as well. */
    public static NoLeaks watching(Path... directories) {
        return new NoLeaks(List.of(directories), Duration.ofSeconds(GRACE_SECONDS));
    }

    @Override
    public void beforeEach(ExtensionContext context) throws Exception {
        Object test = context.getRequiredTestInstance();
        ExtensionContext.Store ofClass = ofClass(context);
        if (test instanceof WarmUp warm && ofClass.get(WarmUp.class) == null) {
            warmUp(warm);
            check(() -> warmUp(warm)); // else what it leaks would be part of every baseline, and hide its like
            ofClass.put(WarmUp.class, true);
        }
        context.getStore(NAMESPACE).put(Holdings.class, Holdings.now(directories));
    }

    /** In a second thread, as no time limit of JUnit's is in force here. */
    private static void warmUp(WarmUp warm) throws Exception {
        try (Worker<Boolean> worker = Worker.run(warm::warmUp)) {
            worker.result();
        }
    }

    private static ExtensionContext.Store ofClass(ExtensionContext context) {
        return context.getParent().orElse(context).getStore(NAMESPACE);
    }

    @Override
    public void afterEach(ExtensionContext context) throws Exception {
        Holdings before = context.getStore(NAMESPACE).get(Holdings.class, Holdings.class);
        if (before != null) {
            assertNoneSince(before);
        }
    }

    /** Runs something by itself and fails if it leaves anything behind. For a loop inside a test. */
    public void check(Worker.Action action) throws Exception {
        Holdings before = Holdings.now(directories);
        action.run();
        assertNoneSince(before);
    }

    private void assertNoneSince(Holdings before) throws Exception {
        AtomicReference<List<String>> left = new AtomicReference<>(List.of());
        boolean clean = Await.within(grace, PAUSE_NANOS, () -> {
            left.set(Holdings.now(directories).since(before));
            return left.get().isEmpty();
        });
        if (!clean) {
            throw new AssertionError("left behind:\n  " + String.join("\n  ", left.get()));
        }
    }
}
