package org.jvmipc.testkit;

import java.io.IOException;
import java.lang.reflect.Constructor;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jvmipc.process.ParentJvm;

/** A child JVM with a {@link Gate}: the gate's class, its address, and what to do. */
final class GateProgram implements ChildProgram {
    @Override
    public void run(ParentJvm parent, String[] arguments) throws Exception {
        Constructor<?> constructor = Class.forName(arguments[0]).getDeclaredConstructor(String.class);
        constructor.setAccessible(true);
        try (Gate gate = (Gate) constructor.newInstance(arguments[1])) {
            switch (arguments[2]) {
                case "count" -> {
                    parent.ready();
                    count(gate, Path.of(arguments[3]), Integer.parseInt(arguments[4]));
                }
                case "pass" -> {
                    gate.acquire();
                    gate.release();
                }
                case "hold" -> {
                    gate.acquire();
                    parent.ready();
                    Thread.sleep(Long.MAX_VALUE);
                }
                case "hold-until-deleted" -> {
                    gate.acquire();
                    parent.ready();
                    Await.until("may go", () -> !Files.exists(Path.of(arguments[3])));
                    gate.release();
                }
                case "wait" -> wait(gate, parent);
                default -> throw new IllegalArgumentException(arguments[2]);
            }
        }
    }

    /** Is ready when it is blocked. */
    private static void wait(Gate gate, ParentJvm parent) throws Exception {
        try (Worker<Boolean> waiter = Worker.run(gate::acquire)) {
            waiter.awaitBlockedOrEnded();
            waiter.assertRunning();
            parent.ready();
            waiter.result(Await.LONG.multipliedBy(3));
        }
    }

    /** Two threads increment the number in the file, each so often. */
    static void count(Gate gate, Path file, int rounds) throws Exception {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
                Worker<Boolean> first = Worker.run(() -> increment(gate, channel, rounds));
                Worker<Boolean> second = Worker.run(() -> increment(gate, channel, rounds))) {
            first.result(Await.LONG.multipliedBy(2));
            second.result(Await.LONG.multipliedBy(2));
        }
    }

    private static void increment(Gate gate, FileChannel file, int rounds) throws Exception {
        ByteBuffer number = ByteBuffer.allocate(Long.BYTES);
        for (int i = 0; i < rounds; i++) {
            gate.acquire();
            number.clear();
            long value = file.read(number, 0) == Long.BYTES ? number.getLong(0) : 0;
            number.clear();
            file.write(number.putLong(0, value + 1), 0);
            gate.release();
        }
    }

    /** The number in the file. */
    static long read(Path file) throws IOException {
        return ByteBuffer.wrap(Files.readAllBytes(file)).getLong();
    }
}
