package org.jvmipc.cli.demo.fifo;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jvmipc.Address;
import org.jvmipc.Lifetime;
import org.jvmipc.cli.demo.DemoOptions;
import org.jvmipc.cli.demo.DemoRun;
import org.jvmipc.internal.posix.FileStatus;
import org.jvmipc.internal.registry.ObjectLock;
import org.jvmipc.internal.registry.Registry;
import org.jvmipc.internal.registry.RegistryRecord;
import org.jvmipc.pipes.Fifo;
import org.jvmipc.pipes.FifoOptions;
import org.jvmipc.pipes.PipeOptions;

/**
 * The FIFO of one run, by a name in the runtime directory that no other run has. It is owned: should this process be killed,
 * the next run finds it stale and removes it.
 */
final class DemoFifo implements Closeable {
    private static final String PREFIX = "ipc-demo-";

    private final Fifo fifo;

    private DemoFifo(Fifo fifo) {
        this.fifo = fifo;
    }

    static DemoFifo create(DemoOptions options, DemoRun run) throws IOException {
        removeStale();
        String name = PREFIX + ProcessHandle.current().pid() + "-" + Long.toHexString(run.id());
        FifoOptions settings = FifoOptions.defaults()
                .withCapacity(options.capacityBytes())
                .withMaxMessage(Math.max(options.messageBytes(), PipeOptions.DEFAULT_MAX_MESSAGE_BYTES))
                .withLifetime(Lifetime.OWNED);
        DemoFifo made = new DemoFifo(Fifo.create(Fifo.path(name), settings));
        run.closeBySignal(made);
        return made;
    }

    /** Those of demos that were killed, and no others: what else is stale is not the business of a demo. */
    private static void removeStale() throws IOException {
        Registry registry = Registry.open();
        for (RegistryRecord record : registry.list(FifoDemo.MECHANISM)) {
            if (String.valueOf(Path.of(record.path()).getFileName()).startsWith(PREFIX)) {
                removeIfStale(registry, record.path());
            }
        }
    }

    private static void removeIfStale(Registry registry, String path) throws IOException {
        try (ObjectLock lock = registry.tryLock(FifoDemo.MECHANISM, path)) {
            if (lock != null) {
                registry.removeIfStale(lock, () -> FileStatus.FIFO);
            }
        }
    }

    /** What another process opens it by. */
    Address address() {
        return fifo.address();
    }

    /** Removes it. */
    @Override
    public void close() throws IOException {
        Fifo.remove(fifo.path());
    }

    /** What is still there of it, in words. */
    List<String> leftovers() throws IOException {
        List<String> left = new ArrayList<>();
        if (Fifo.exists(fifo.path())) {
            left.add("the FIFO " + fifo.path());
        }
        if (Registry.open().find(FifoDemo.MECHANISM, fifo.path().toString()) != null) {
            left.add("the record of " + fifo.address());
        }
        return left;
    }
}
