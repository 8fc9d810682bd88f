package org.jvmipc.internal.registry;

import java.io.FileInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Lifetime;
import org.jvmipc.internal.posix.Fcntl;
import org.jvmipc.internal.posix.Fd;
import org.jvmipc.internal.posix.FileCalls;
import org.jvmipc.internal.posix.FileStatus;
import org.jvmipc.internal.posix.OsCalls;
import org.jvmipc.process.ParentJvm;
import org.jvmipc.testkit.Await;
import org.jvmipc.testkit.ChildProgram;

/** What the child JVMs of the registry's tests do. The first argument is the registry's directory. */
final class RegistryPrograms {
    private RegistryPrograms() {}

    private static void sleepForEver() throws InterruptedException {
        new CountDownLatch(1).await();
    }

    /**
     * Creates an object as a mechanism does; what the dead have left there is no obstacle.
     *
     * @return null if a living process has it
     */
    static @Nullable RegistryRecord tryCreate(Registry registry, Path path, Lifetime lifetime) throws IOException {
        try (ObjectLock lock = registry.lock(Fixtures.SCHEME, path.toString())) {
            registry.removeIfStale(lock, Fixtures.FIFOS);
            RegistryRecord there = registry.find(Fixtures.SCHEME, path.toString());
            if (there != null && there.isMade() && there.owner().isAlive()) {
                return null;
            }
            RegistryRecord begun = Fixtures.begun(path, lifetime);
            registry.put(lock, begun);
            RegistryRecord made = begun.made(Fixtures.makeFifo(path)); // fails if it is there
            registry.put(lock, made);
            return made;
        }
    }

    /** Creates an object that nobody living has. */
    static RegistryRecord create(Registry registry, Path path, Lifetime lifetime) throws IOException {
        return Objects.requireNonNull(tryCreate(registry, path, lifetime));
    }

    /** Removes an object that this process has created. */
    static void remove(Registry registry, Path path) throws IOException {
        try (ObjectLock lock = registry.lock(Fixtures.SCHEME, path.toString())) {
            FileCalls.unlink(lock.path());
            registry.delete(lock);
        }
    }

    /** Creates and removes objects in a directory of its own, over and over. */
    static final class Creator implements ChildProgram {
        static final int OBJECTS = 3;

        @Override
        public void run(ParentJvm parent, String[] arguments) throws Exception {
            Registry registry = Registry.at(Path.of(arguments[0]));
            Random random = new Random();
            for (long i = 0; true; i++) {
                Path path = Path.of(arguments[1], "object" + random.nextInt(OBJECTS));
                if (tryCreate(registry, path, Lifetime.OWNED) != null) {
                    remove(registry, path);
                }
                if (i == 5) { // what runs the first time only is not what is to be interrupted
                    parent.ready();
                }
            }
        }
    }

    /** Removes all that is stale once the file of its second argument is there; writes what it removed to the third. */
    static final class CleanerProgram implements ChildProgram {
        @Override
        public void run(ParentJvm parent, String[] arguments) throws Exception {
            Registry registry = Registry.at(Path.of(arguments[0]));
            parent.ready();
            Path gate = Path.of(arguments[1]);
            Await.until("the gate opens", () -> Files.exists(gate));
            List<String> removed = new ArrayList<>();
            registry.removeStale(Fixtures.SCHEME, Fixtures.FIFOS, false)
                    .removed()
                    .forEach(record -> removed.add(record.path()));
            Files.write(Path.of(arguments[2]), removed);
        }
    }

    /** Locks the object of its second argument, and keeps it. */
    static final class Locker implements ChildProgram {
        @Override
        public void run(ParentJvm parent, String[] arguments) throws Exception {
            ObjectLock lock = Registry.at(Path.of(arguments[0])).lock(Fixtures.SCHEME, arguments[1]);
            parent.ready();
            sleepForEver();
            lock.close(); // never; keeps it reachable
        }
    }

    /** Creates the object of its second argument, with the lifetime of the third, and stays. */
    static final class Owner implements ChildProgram {
        @Override
        public void run(ParentJvm parent, String[] arguments) throws Exception {
            create(Registry.at(Path.of(arguments[0])), Path.of(arguments[1]), Lifetime.valueOf(arguments[2]));
            parent.ready();
            sleepForEver();
        }
    }

    /** A process by itself, under another umask or in another namespace: prints what it is asked for. */
    static final class Alone {
        private Alone() {}

        public static void main(String[] arguments) throws Exception {
            Registry registry = Registry.at(Path.of(arguments[0]));
            ObjectRemover fifos = () -> FileStatus.FIFO; // that of Fixtures needs a /proc
            switch (arguments[1]) {
                case "create" -> System.out.println(
                        create(registry, Path.of(arguments[2]), Lifetime.OWNED).owner());
                case "clean" -> System.out.println(
                        registry.removeStale(Fixtures.SCHEME, fifos, false).entries());
                case "exhaust" -> exhaust(registry, Path.of(arguments[2]));
                default -> throw new IllegalArgumentException(arguments[1]);
            }
        }

        /** With the object open and hardly a descriptor left: must not say that nobody has it open. */
        private static void exhaust(Registry registry, Path path) throws IOException {
            RegistryRecord record = create(registry, path, Lifetime.KEPT);
            try (Fd open = OsCalls.open(record.path(), Fcntl.O_RDWR, 0)) {
                StringBuilder told = new StringBuilder(open.isOpen() ? "open" : "closed");
                told.append(
                        OpenFiles.holders(record.device(), record.inode(), true).size());
                for (int left = 0; left < 4; left++) {
                    told.append(' ').append(holdersWithoutDescriptors(record, left));
                }
                System.out.println(told);
            }
        }

        /** All descriptors but so many are taken. */
        private static String holdersWithoutDescriptors(RegistryRecord record, int left) throws IOException {
            List<FileInputStream> taken = new ArrayList<>();
            try {
                takeAll(taken);
                for (int i = 0; i < left; i++) {
                    taken.remove(taken.size() - 1).close();
                }
                return OpenFiles.holders(record.device(), record.inode(), true).isEmpty() ? "nobody" : "seen";
            } catch (IOException e) {
                return "refused";
            } finally {
                for (FileInputStream stream : taken) {
                    stream.close();
                }
            }
        }

        private static void takeAll(List<FileInputStream> taken) {
            try {
                while (true) {
                    taken.add(new FileInputStream("/dev/null"));
                }
            } catch (IOException e) {
                // none left
            }
        }
    }
}
