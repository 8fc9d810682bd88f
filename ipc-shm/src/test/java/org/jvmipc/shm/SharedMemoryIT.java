package org.jvmipc.shm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.jvmipc.Address;
import org.jvmipc.Lifetime;
import org.jvmipc.process.ChildJvm;
import org.jvmipc.process.ParentJvm;
import org.jvmipc.testkit.Await;
import org.jvmipc.testkit.ChildMain;
import org.jvmipc.testkit.ChildProgram;
import org.jvmipc.testkit.Children;
import org.jvmipc.testkit.NoLeaks;

/** Two processes, one memory: other JVMs, and programs in other languages. */
@ExtendWith(NoLeaks.class)
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SharedMemoryIT implements NoLeaks.WarmUp {
    private static final int SIZE = 8192;
    private static final int ANSWER = 4096;
    private static final int COUNT = 200_000;
    private static final String MEMORY = "memory";

    @TempDir
    Path directory;

    @Override
    public void warmUp() throws Exception {
        try (ChildJvm child = Children.start(ChildMain.launcher("sleep"))) {
            child.kill();
        }
    }

    private Path path() {
        return directory.resolve("m");
    }

    // ---- JVMs

    /** Counts, then answers what it found with one more. */
    static final class Counts implements ChildProgram {
        @Override
        public void run(ParentJvm parent, String[] arguments) throws Exception {
            Address address = arguments.length > 0 ? Address.of(arguments[0]) : parent.address(MEMORY);
            try (SharedMemory memory = SharedMemory.open(address)) {
                MemoryArea area = memory.area(0, SIZE);
                parent.ready();
                count(area);
                SharedLong question = area.int64(8);
                while (question.getAcquire() == 0) {
                    Thread.onSpinWait();
                }
                area.int64(ANSWER).setRelease(question.get() + area.int64(16).get());
            }
        }
    }

    private static void count(MemoryArea area) {
        SharedInt word = area.int32(0);
        SharedCounter counter = area.counter(1024, 4);
        for (int i = 0; i < COUNT; i++) {
            word.getAndAdd(1);
            counter.increment();
        }
    }

    private static void talk(SharedMemory memory, ChildJvm child) throws Exception {
        MemoryArea area = memory.area(0, SIZE);
        count(area);
        area.int64(16).set(1);
        area.int64(8).setRelease(41); // publishes the 1
        Await.until("the child answers", () -> area.int64(ANSWER).getAcquire() == 42);
        Children.assertExit(0, child);
        assertEquals(2 * COUNT, area.int32(0).get());
        assertEquals(2 * COUNT, area.counter(1024, 4).sum());
    }

    @Test
    void twoJvmsCountAndTalkInOneMemory() throws Exception {
        try (SharedMemory memory = SharedMemory.create(path(), SIZE);
                ChildJvm child = Children.start(ChildMain.launcher(Counts.class, memory.address()))) {
            talk(memory, child);
        } finally {
            SharedMemory.remove(path());
        }
    }

    @Test
    void memoryWithoutANameIsHandedToAChild() throws Exception {
        try (SharedMemory memory = SharedMemory.anonymous(SIZE);
                ChildJvm child = Children.start(ChildMain.launcher(Counts.class).handOver(MEMORY, memory.address()))) {
            talk(memory, child);
        }
    }

    /** Makes an area, maps it and is killed. */
    static final class Owns implements ChildProgram {
        @Override
        public void run(ParentJvm parent, String[] arguments) throws Exception {
            SharedMemoryOptions options = SharedMemoryOptions.ofSize(SIZE).withLifetime(Lifetime.OWNED);
            try (SharedMemory memory = SharedMemory.create(Path.of(arguments[0]), options)) {
                memory.area(0, SIZE).int64(0).setRelease(5);
                parent.ready();
                Thread.sleep(Await.LONG.toMillis());
            }
        }
    }

    @Test
    void whatTheDeadOwnedGoesWhenNobodyUsesIt() throws Exception {
        try (ChildJvm child = Children.start(ChildMain.launcher(Owns.class, path()))) {
            assertEquals(List.of(), SharedMemory.removeStale(), "its owner lives");
            try (SharedMemory memory = SharedMemory.open(path())) {
                child.kill();
                child.tryAwaitExit(Await.LONG);
                assertEquals(List.of(), SharedMemory.removeStale(), "it is in use here");
                assertEquals(5, memory.area(0, 8).int64(0).getAcquire(), "what was stored survives who stored it");
            }
        }
        assertTrue(SharedMemory.exists(path()));
        assertEquals(List.of(Address.of("shm:" + path())), SharedMemory.removeStale());
        assertFalse(SharedMemory.exists(path()));
    }

    // ---- other programs

    private String run(String... command) throws IOException, InterruptedException {
        Path output = directory.resolve("output");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        assertTrue(process.waitFor(Await.LONG.toSeconds(), TimeUnit.SECONDS), "it does not end");
        String text = Files.readString(output);
        Files.delete(output);
        assertEquals(0, process.exitValue(), text);
        return text.strip();
    }

    private static boolean has(String command) throws IOException, InterruptedException {
        return new ProcessBuilder("sh", "-c", "command -v " + command)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start()
                        .waitFor()
                == 0;
    }

    @Test
    void pythonSeesWhatWasStoredAndAnswers() throws Exception {
        Assumptions.assumeTrue(has("python3"), "there is no python3 here");
        try (SharedMemory memory = SharedMemory.create(path(), SIZE)) {
            MemoryArea area = memory.area(0, SIZE);
            area.int64(8).setRelease(0x0102030405060708L);
            String python =
                    """
                    import mmap, struct, sys
                    f = open(sys.argv[1], 'r+b')
                    m = mmap.mmap(f.fileno(), 0)
                    print(len(m), hex(struct.unpack_from('<q', m, 8)[0]))
                    struct.pack_into('<i', m, 4096, -7)
                    """;
            assertEquals(SIZE + " 0x102030405060708", run("python3", "-c", python, path().toString()));
            assertEquals(-7, area.int32(ANSWER).getAcquire());
        } finally {
            SharedMemory.remove(path());
        }
    }

    private static final String C_PROGRAM =
            """
            #include <fcntl.h>
            #include <stdint.h>
            #include <sys/mman.h>
            #include <unistd.h>
            int main(int argc, char **argv) {
                int fd = shm_open(argv[1], O_CREAT | O_EXCL | O_RDWR, 0644);
                if (fd < 0 || ftruncate(fd, 8192) != 0) return 1;
                int64_t *m = mmap(0, 8192, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
                if (m == MAP_FAILED) return 2;
                __atomic_store_n(&m[1], 123456789012345, __ATOMIC_RELEASE);
                return 0;
            }
            """;

    @Test
    void whatACProgramMadeOpensAsARawArea() throws Exception {
        Assumptions.assumeTrue(has("gcc"), "there is no gcc here");
        Path source = directory.resolve("m.c");
        Files.writeString(source, C_PROGRAM);
        Path program = directory.resolve("program");
        run("gcc", "-o", program.toString(), source.toString(), "-lrt");
        String name = "/jvmipc-test-" + ProcessHandle.current().pid();
        Path file = Path.of("/dev/shm" + name);
        try {
            run(program.toString(), name);
            try (SharedMemory memory = SharedMemory.open(Address.of("shm:" + file))) {
                assertEquals(8192, memory.size());
                assertEquals(123_456_789_012_345L, memory.area(0, 16).int64(8).getAcquire());
            }
            assertTrue(SharedMemory.remove(file));
        } finally {
            Files.deleteIfExists(file);
        }
    }
}
