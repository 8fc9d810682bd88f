package org.jvmipc.shm.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.jvmipc.Address;
import org.jvmipc.CorruptDataException;
import org.jvmipc.internal.RuntimeDirectory;
import org.jvmipc.process.ChildJvm;
import org.jvmipc.shm.Segment;
import org.jvmipc.shm.SegmentOptions;
import org.jvmipc.shm.internal.BlockedThreads;
import org.jvmipc.testkit.Await;
import org.jvmipc.testkit.ChildMain;
import org.jvmipc.testkit.Children;
import org.jvmipc.testkit.Worker;

/** Deadlocks of two and three JVMs, made on purpose, are found and named; what only looks like one is not. */
@Timeout(value = 180, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DeadlocksIT {
    private static final Duration SEVERAL_LOOKS = Duration.ofMillis(1600);

    @TempDir
    Path directory;

    private final List<ChildJvm> children = new ArrayList<>();
    private final List<Address> removed = new ArrayList<>();
    private SharedLatch go;

    @BeforeEach
    void makeLatch() throws IOException {
        go = SharedLatch.create(Address.of("latch", directory.resolve("go").toString()), 1);
    }

    @AfterEach
    void endAll() throws IOException {
        for (ChildJvm each : children) {
            each.close();
        }
        go.close();
        SharedLatch.remove(go.address());
        for (Address each : removed) {
            SharedMutex.remove(each);
        }
    }

    private String mutex(String name) throws IOException {
        Address address = Address.of("mutex", directory.resolve(name).toString());
        SharedMutex.create(address).close();
        removed.add(address);
        return "lock " + address;
    }

    private static String address(String lock) {
        return lock.substring(lock.indexOf(' ') + 1);
    }

    /** A child that holds all but the last one, and waits for that as soon as the latch is open. */
    private ChildJvm start(String... locks) throws Exception {
        Object[] arguments =
                Stream.concat(Stream.of(go.address()), Stream.of(locks)).toArray();
        ChildJvm child = Children.start(ChildMain.launcher(LockingChild.class, arguments));
        children.add(child);
        return child;
    }

    /** Of the processes that this test has started: others may be deadlocked as they like. */
    private List<Deadlock> deadlocks() throws IOException {
        Set<Long> own = children.stream().map(ChildJvm::pid).collect(Collectors.toSet());
        return Deadlocks.find().stream()
                .filter(each -> own.contains(each.threads().get(0).process().pid()))
                .toList();
    }

    private Deadlock await() throws Exception {
        List<Deadlock> found = new ArrayList<>();
        Await.until("the deadlock is found", () -> found.addAll(deadlocks()));
        assertEquals(1, found.size(), found::toString);
        return found.get(0);
    }

    /** As {@code pid waits [mode] address, holds [mode] address ...}, in no order. */
    private static Set<String> words(Deadlock deadlock) {
        Set<String> words = new TreeSet<>();
        for (Deadlock.Waiting each : deadlock.threads()) {
            words.add(each.process().pid() + " waits " + word(each.waitsFor()) + " holds "
                    + each.holds().stream().map(DeadlocksIT::word).toList());
        }
        return words;
    }

    private static String word(Deadlock.Lock lock) {
        return lock.mode() + " " + lock.address() + (lock.removed() ? " (removed)" : "");
    }

    private static String waiting(ChildJvm child, String mode, String lock, String... held) {
        return child.pid() + " waits " + mode + " " + address(lock) + " holds " + List.of(held);
    }

    private static String exclusive(String lock) {
        return "EXCLUSIVE " + address(lock);
    }

    @Test
    void findsTwoProcessesThatWaitForEachOthersMutex() throws Exception {
        String a = mutex("a");
        String b = mutex("b");
        ChildJvm one = start(a, b);
        ChildJvm two = start(b, a);
        assertEquals(List.of(), deadlocks());
        go.countDown();
        Deadlock deadlock = await();
        assertEquals(
                Set.of(waiting(one, "EXCLUSIVE", b, exclusive(a)), waiting(two, "EXCLUSIVE", a, exclusive(b))),
                words(deadlock));
        for (Deadlock.Waiting each : deadlock.threads()) {
            assertTrue(each.threadId() > 0);
            assertFalse(each.timed());
            assertTrue(each.process().isAlive());
        }
        assertEquals(words(deadlock), words(await()), "it is found again");
        one.kill();
        Children.assertExit(0, two);
        assertEquals(List.of(), deadlocks());
    }

    @Test
    void findsThreeProcessesInACircle() throws Exception {
        List<String> locks = List.of(mutex("a"), mutex("b"), mutex("c"));
        List<ChildJvm> circle = new ArrayList<>();
        Set<String> expected = new TreeSet<>();
        for (int i = 0; i < 3; i++) {
            circle.add(start(locks.get(i), locks.get((i + 1) % 3)));
            expected.add(waiting(circle.get(i), "EXCLUSIVE", locks.get((i + 1) % 3), exclusive(locks.get(i))));
        }
        ChildJvm behind = start(mutex("d"), locks.get(0));
        go.countDown();
        Deadlock deadlock = await();
        assertEquals(expected, words(deadlock));
        for (int i = 0; i < 3; i++) {
            assertEquals(
                    deadlock.threads().get(i).waitsFor().address(),
                    deadlock.threads().get((i + 1) % 3).holds().get(0).address());
        }
        circle.get(1).kill();
        Children.assertExit(0, circle.get(0));
        Children.assertExit(0, circle.get(2));
        Children.assertExit(0, behind);
        assertEquals(List.of(), deadlocks());
    }

    @Test
    void findsAWriterWhoWaitsForAReaderWhoWaitsForHisMutexInOneSegment() throws Exception {
        Address place = Address.of("segment", directory.resolve("s").toString());
        SegmentOptions options = SegmentOptions.defaults().withSize(1 << 16).withObjects(4);
        try (Segment segment = Segment.create(place, options);
                SharedMutex mutex = SharedMutex.create(segment, "m");
                SharedReadWriteLock lock = SharedReadWriteLock.create(segment, "rw", false)) {
            ChildJvm reader = start("read " + lock.address(), "lock " + mutex.address());
            ChildJvm writer = start("lock " + mutex.address(), "write " + lock.address());
            go.countDown();
            assertEquals(
                    Set.of(
                            waiting(reader, "EXCLUSIVE", "lock " + mutex.address(), "SHARED " + lock.address()),
                            writer.pid() + " waits ALONE " + lock.address() + " holds [EXCLUSIVE " + mutex.address()
                                    + ", EXCLUSIVE " + lock.address() + "]"),
                    words(await()));
            reader.kill();
            Children.assertExit(0, writer);
        } finally {
            Segment.remove(place);
        }
    }

    @Test
    void findsReadersThatAWriterKeepsOut() throws Exception {
        String a = mutex("a");
        Address place = Address.of("rwlock", directory.resolve("rw").toString());
        try (SharedReadWriteLock lock = SharedReadWriteLock.create(place, true)) {
            ChildJvm writer = start("write " + place, a);
            ChildJvm reader = start(a, "read " + place);
            go.countDown();
            assertEquals(
                    Set.of(
                            waiting(writer, "EXCLUSIVE", a, "EXCLUSIVE " + lock.address()),
                            waiting(reader, "SHARED", "read " + place, exclusive(a))),
                    words(await()));
        } finally {
            SharedReadWriteLock.remove(place);
        }
    }

    @Test
    void findsFileLocksAmongThem() throws Exception {
        String a = mutex("a");
        Path file = Files.createFile(directory.resolve("f"));
        ChildJvm one = start("share lock:" + file, a);
        ChildJvm two = start(a, "lock lock:" + file);
        go.countDown();
        assertEquals(
                Set.of(
                        waiting(one, "EXCLUSIVE", a, "SHARED lock:" + file),
                        waiting(two, "EXCLUSIVE", "lock lock:" + file, exclusive(a))),
                words(await()));
        two.kill();
        Children.assertExit(0, one);
    }

    @Test
    void findsMutexesWhoseNamesAreGone() throws Exception {
        String a = mutex("a");
        String b = mutex("b");
        ChildJvm one = start(a, b);
        ChildJvm two = start(b, a);
        go.countDown();
        await();
        for (Address each : removed) {
            assertTrue(SharedMutex.remove(each));
        }
        assertEquals(
                Set.of(
                        waiting(one, "EXCLUSIVE", b + " (removed)", exclusive(a + " (removed)")),
                        waiting(two, "EXCLUSIVE", a + " (removed)", exclusive(b + " (removed)"))),
                words(await()));
    }

    @Test
    void findsThemAgainAfterTheTableWasDamagedAndRemoved() throws Exception {
        String a = mutex("a");
        String b = mutex("b");
        start(a, b);
        start(b, a);
        go.countDown();
        Set<String> words = words(await());
        Path table = RuntimeDirectory.path().resolve("blocked-threads");
        Files.write(table, new byte[] {1}, StandardOpenOption.WRITE);
        assertThrows(CorruptDataException.class, Deadlocks::find);
        Files.delete(table);
        assertEquals(words, words(await()));
    }

    @Test
    void findsThreadsOfOneProcess() throws Exception {
        String a = mutex("a");
        String b = mutex("b");
        try (Worker<Boolean> one = Worker.call(() -> interlock(a, b));
                Worker<Boolean> two = Worker.call(() -> interlock(b, a))) {
            Await.until("the deadlock of two threads is found", () -> Deadlocks.find().stream()
                    .anyMatch(each -> each.threads().size() == 2
                            && each.threads().stream().allMatch(DeadlocksIT::isHere)));
            assertFalse(one.isDone() || two.isDone());
        }
    }

    private boolean interlock(String first, String second) throws Exception {
        Hold one = LockingChild.take(first);
        try {
            Await.until("both have one", () -> removed.stream().allMatch(DeadlocksIT::isHeld));
            LockingChild.take(second).close();
            return one.previousOwnerDied();
        } finally {
            one.close();
        }
    }

    private static boolean isHeld(Address address) {
        try (SharedMutex mutex = SharedMutex.open(address)) {
            Hold hold = mutex.tryLock();
            if (hold != null) {
                hold.close();
            }
            return hold == null;
        } catch (AlreadyHeldException e) {
            return true;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean isHere(Deadlock.Waiting each) {
        return each.process().pid() == ProcessHandle.current().pid();
    }

    @Test
    void tellsThatOneGivesUpAfterATime() throws Exception {
        String a = mutex("a");
        String b = mutex("b");
        start(a, b);
        ChildJvm two = start(b, a.replace("lock ", "try "));
        go.countDown();
        for (Deadlock.Waiting each : await().threads()) {
            assertEquals(each.process().pid() == two.pid(), each.timed());
        }
    }

    @Test
    void aLongWaitIsNoneNorIsAStoppedHolder() throws Exception {
        String a = mutex("a");
        String b = mutex("b");
        try (SharedMutex mutex = SharedMutex.open(Address.of(address(a)))) {
            Hold hold = mutex.lock();
            ChildJvm one = start(b, a);
            ChildJvm behind = start(mutex("c"), b);
            go.countDown();
            Await.until("it is told of both", () -> isTold(one) && isTold(behind));
            Await.holds(() -> "a long wait is a deadlock", SEVERAL_LOOKS, () -> deadlocks()
                    .isEmpty());
            Children.stop(one);
            Await.holds(() -> "a stopped holder is a deadlock", SEVERAL_LOOKS, () -> deadlocks()
                    .isEmpty());
            assertTrue(isTold(one));
            Children.goOn(one);
            hold.close();
            Children.assertExit(0, one);
            Children.assertExit(0, behind);
            assertFalse(isTold(one));
        }
    }

    private static boolean isTold(ChildJvm child) throws IOException {
        return BlockedThreads.look().stream().anyMatch(each -> each.pid() == child.pid());
    }

    @Test
    void onesThatEndAloneAreNotToldOfAnyMore() throws Exception {
        String a = mutex("a");
        try (SharedMutex mutex = SharedMutex.open(Address.of(address(a)))) {
            Hold hold = mutex.lock();
            ChildJvm one = start(mutex("b"), a);
            go.countDown();
            Await.until("it is told", () -> isTold(one));
            hold.close();
            Children.assertExit(0, one);
            assertFalse(isTold(one));
        }
        assertTrue(Deadlocks.search().locks() >= 2);
    }
}
