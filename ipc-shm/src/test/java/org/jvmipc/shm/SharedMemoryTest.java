package org.jvmipc.shm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.ReadOnlyBufferException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.jvmipc.Address;
import org.jvmipc.AddressException;
import org.jvmipc.Capability;
import org.jvmipc.Ipc;
import org.jvmipc.IpcException;
import org.jvmipc.Lifetime;
import org.jvmipc.LimitException;
import org.jvmipc.OsException;
import org.jvmipc.UnsupportedMechanismException;
import org.jvmipc.internal.posix.Errno;
import org.jvmipc.internal.posix.Fd;
import org.jvmipc.internal.posix.FileCalls;
import org.jvmipc.internal.posix.OsCalls;
import org.jvmipc.internal.posix.ProcessCalls;
import org.jvmipc.spi.ObjectInfo;
import org.jvmipc.testkit.Await;
import org.jvmipc.testkit.NoLeaks;

/** Areas by name and without: made, opened, refused, used and removed. */
@ExtendWith(NoLeaks.class)
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SharedMemoryTest {
    private static final long GIB = 1L << 30;
    private static final SharedMemoryOptions OPTIONS = SharedMemoryOptions.ofSize(10_000);

    @TempDir
    Path directory;

    private Path path() {
        return directory.resolve("m");
    }

    private static String message(Throwable e) {
        return String.valueOf(e.getMessage());
    }

    // ---- forms of opening

    @Test
    void whatOneStoresTheOtherSees() throws Exception {
        try (SharedMemory one = SharedMemory.create(path(), OPTIONS);
                SharedMemory other = SharedMemory.open(path())) {
            assertEquals(10_000, other.size());
            assertEquals(ByteOrder.LITTLE_ENDIAN, one.buffer().order());
            assertEquals(0, other.buffer().getInt(8), "new memory is zero");
            one.buffer().putInt(8, 42);
            assertEquals(42, other.buffer().getInt(8));
            assertEquals(42, other.area(8, 4).int32(0).getAcquire());
            assertEquals("shm:" + path(), one.address().toString());
            assertEquals(one.address(), other.address());
        }
        assertTrue(SharedMemory.exists(path()));
        assertTrue(SharedMemory.remove(path()));
        assertFalse(SharedMemory.exists(path()));
        assertFalse(SharedMemory.remove(path()));
    }

    @Test
    void aNewAreaIsAllocatedAndHasItsMode() throws Exception {
        SharedMemory.create(path(), OPTIONS.withSize(1 << 20).withMode(0664)).close();
        assertEquals("rw-rw-r--", PosixFilePermissions.toString(Files.getPosixFilePermissions(path())));
        assertTrue(FileCalls.status(path().toString()).allocatedBytes() >= 1 << 20);
        SharedMemory.remove(path());
    }

    @Test
    void createWhereAnAreaIsSaysSoAndLeavesIt() throws Exception {
        try (SharedMemory memory = SharedMemory.create(path(), 100)) {
            memory.buffer().put(0, (byte) 7);
            OsException e = assertThrows(OsException.class, () -> SharedMemory.create(path(), 200));
            assertEquals("linkat failed: File exists (EEXIST) path=" + path(), message(e));
            assertEquals(7, memory.buffer().get(0));
            try (SharedMemory there = SharedMemory.openOrCreate(path(), OPTIONS)) {
                assertEquals(100, there.size());
            }
        }
        SharedMemory.remove(path());
        try (SharedMemory memory = SharedMemory.openOrCreate(path(), OPTIONS)) {
            assertEquals(OPTIONS.sizeBytes(), memory.size());
        }
        SharedMemory.remove(path());
    }

    @Test
    void openWhereNothingIsSaysSo() {
        OsException e = assertThrows(OsException.class, () -> SharedMemory.open(path()));
        assertEquals(Errno.ENOENT, e.errno());
        OsException lost =
                assertThrows(OsException.class, () -> SharedMemory.create(directory.resolve("no/m"), OPTIONS));
        assertEquals(Errno.ENOENT, lost.errno());
    }

    @Test
    void readOnlyMemoryIsNotStoredInto() throws Exception {
        SharedMemory.create(path(), OPTIONS).close();
        try (SharedMemory memory = SharedMemory.openReadOnly(path())) {
            assertTrue(memory.isReadOnly());
            assertThrows(ReadOnlyBufferException.class, () -> memory.buffer().put(0, (byte) 1));
            SharedInt word = memory.area(0, 8).int32(0);
            assertEquals(0, word.get());
            assertThrows(ReadOnlyBufferException.class, () -> word.set(1));
            assertThrows(ReadOnlyBufferException.class, () -> word.compareAndSet(0, 1));
            assertThrows(ReadOnlyBufferException.class, () -> word.getAndAdd(1));
        }
        SharedMemory.remove(path());
    }

    @Test
    void namesLieInTheRuntimeDirectory() throws Exception {
        Path path = SharedMemory.path("test-area");
        try (SharedMemory memory = SharedMemory.create(Address.of("shm:test-area?size=64k&mode=640"))) {
            assertEquals(65_536, memory.size());
            assertEquals("shm:test-area", memory.address().toString());
            assertTrue(Files.exists(path));
            SharedMemory.openReadOnly(Address.of("shm:test-area")).close();
        }
        SharedMemory.remove(path);
    }

    // ---- refused

    @Test
    void whatIsNoFileOfOursIsRefusedAndLeft() throws Exception {
        Files.createDirectory(path());
        assertTrue(message(assertThrows(IpcException.class, () -> SharedMemory.open(path())))
                .contains("it is a directory"));
        assertThrows(IpcException.class, () -> SharedMemory.remove(path()));
        assertThrows(OsException.class, () -> SharedMemory.create(path(), OPTIONS));
        assertTrue(Files.isDirectory(path()));

        Path target = directory.resolve("target");
        Files.write(target, new byte[100]);
        Path link = directory.resolve("link");
        Files.createSymbolicLink(link, target);
        assertTrue(message(assertThrows(IpcException.class, () -> SharedMemory.open(link)))
                .contains("symbolic link"));
        assertThrows(IpcException.class, () -> SharedMemory.openOrCreate(link, OPTIONS));
        assertThrows(IpcException.class, () -> SharedMemory.remove(link));
        assertTrue(Files.isSymbolicLink(link));
        assertEquals(100, Files.size(target));

        Path second = directory.resolve("second");
        Files.createLink(second, target);
        assertTrue(message(assertThrows(IpcException.class, () -> SharedMemory.open(target)))
                .contains("2 names"));
        Files.delete(second);

        Address foreign = Address.of("shm:" + target + "?owner=65534");
        assertTrue(message(assertThrows(IpcException.class, () -> SharedMemory.open(foreign)))
                .contains("belongs to user"));
    }

    @Test
    void anEmptyFileIsRefused() throws Exception {
        Files.createFile(path());
        IpcException e = assertThrows(IpcException.class, () -> SharedMemory.open(path()));
        assertTrue(message(e).contains("is empty"), e::toString);
        assertEquals(0, Files.size(path()));
    }

    @Test
    void whatIsNoAddressOrOptionSaysSo() {
        assertThrows(AddressException.class, () -> SharedMemory.open(Address.of("fifo:x")));
        AddressException e = assertThrows(AddressException.class, () -> SharedMemory.create(Address.of("shm:x")));
        assertTrue(message(e).contains("size"), e::toString);
        assertThrows(AddressException.class, () -> SharedMemory.create(Address.of("shm:x?size=0")));
        assertThrows(AddressException.class, () -> SharedMemory.create(Address.of("shm:x?size=1k&mode=9")));
        assertThrows(AddressException.class, () -> SharedMemory.create(Address.of("shm:x?size=1k&mode=400")));
        assertThrows(AddressException.class, () -> SharedMemory.create(Address.of("shm:x?size=1k&owned=4194304")));
        assertThrows(AddressException.class, () -> SharedMemory.create(Address.of("shm:x?size=1k&owner=1")));
        assertThrows(AddressException.class, () -> SharedMemory.open(Address.of("shm:x?sise=1k")));
        assertThrows(IllegalArgumentException.class, () -> SharedMemoryOptions.ofSize(0));
        assertThrows(IllegalArgumentException.class, () -> OPTIONS.withMode(01600));
        assertThrows(IllegalArgumentException.class, () -> OPTIONS.withMode(0444));
    }

    @Test
    void hugePagesAreHadOrRefusedWithTheReason() throws Exception {
        Path path = SharedMemory.path("huge-area");
        String shown = Files.readString(Path.of("/sys/kernel/mm/transparent_hugepage/shmem_enabled"));
        SharedMemoryOptions huge = SharedMemoryOptions.ofSize(2 << 20).withHugePages(true);
        try (SharedMemory memory = SharedMemory.create(path, huge)) {
            assertFalse(shown.contains("[never]"));
            memory.buffer().put(0, (byte) 1);
        } catch (UnsupportedMechanismException e) {
            assertTrue(message(e).contains("shmem_enabled is") || message(e).contains("tmpfs"), e::toString);
        }
        SharedMemory.remove(path);
        assertFalse(Files.exists(path));
    }

    @Test
    void reservedHugePagesAreHadOrRefusedWithTheReason() throws Exception {
        SharedMemoryOptions huge = SharedMemoryOptions.ofSize(1 << 30).withHugePages(true);
        try (SharedMemory memory = SharedMemory.anonymous(huge)) {
            memory.buffer().put(0, (byte) 1);
        } catch (LimitException e) {
            assertEquals("/proc/sys/vm/nr_hugepages", e.limit());
        }
        assertThrows(IllegalArgumentException.class, () -> SharedMemory.anonymous(huge.withSize(4096)));
    }

    // ---- large ones

    @Test
    void aForeignFileOverTwoGibibytesIsUsedByWindows() throws Exception {
        long size = 5 * GIB + 123;
        try (RandomAccessFile file = new RandomAccessFile(path().toFile(), "rw")) {
            file.setLength(size);
            file.seek(3 * GIB - 1);
            file.write(new byte[] {1, 2});
            file.seek(size - 1);
            file.write(3);
        }
        try (SharedMemory memory = SharedMemory.open(path())) {
            assertEquals(size, memory.size());
            assertTrue(message(assertThrows(IllegalArgumentException.class, memory::buffer))
                    .contains("window"));
            ByteBuffer across = memory.window(3 * GIB - 1, 2);
            assertEquals(0x0201, across.getShort(0));
            assertEquals(3, memory.window(size - 1, 1).get(0));
            assertEquals(0, memory.window(size, 0).capacity());
            for (long from : new long[] {0, GIB - 1, 2 * GIB - 1, 3 * GIB - 8, size - GIB}) {
                ByteBuffer window = memory.window(from, (int) GIB);
                assertEquals(GIB, window.capacity());
                window.get((int) GIB - 1);
            }
            memory.area(4 * GIB, 64).int64(8).setRelease(99);
            assertEquals(99, memory.window(4 * GIB + 8, 8).getLong(0));
            memory.force(4 * GIB, 64);
            assertThrows(IllegalArgumentException.class, () -> memory.window(0, (int) GIB + 1));
            assertThrows(IndexOutOfBoundsException.class, () -> memory.window(size - 1, 2));
            assertThrows(IndexOutOfBoundsException.class, () -> memory.window(-1, 2));
            assertThrows(IllegalArgumentException.class, () -> memory.area(4, 64));
        }
        Files.delete(path());
    }

    // ---- use and its end

    @Test
    void whatIsForcedIsInTheFile() throws Exception {
        try (SharedMemory memory = SharedMemory.create(path(), OPTIONS)) {
            memory.buffer().put(9_999, (byte) 5);
            memory.force();
            memory.force(9_000, 1_000);
            memory.force(0, 0);
            assertEquals(5, Files.readAllBytes(path())[9_999]);
            assertThrows(IndexOutOfBoundsException.class, () -> memory.force(1, 10_000));
        }
        SharedMemory.remove(path());
    }

    @Test
    void afterCloseItsOwnMethodsRefuseAndWhatWasTakenStaysValid() throws Exception {
        SharedMemory memory = SharedMemory.create(path(), OPTIONS);
        ByteBuffer buffer = memory.buffer();
        SharedInt word = memory.area(0, 8).int32(0);
        memory.close();
        memory.close();
        assertFalse(memory.isOpen());
        assertThrows(ClosedChannelException.class, memory::buffer);
        assertThrows(ClosedChannelException.class, () -> memory.window(0, 1));
        assertThrows(ClosedChannelException.class, () -> memory.area(0, 8));
        assertThrows(ClosedChannelException.class, memory::force);
        SharedMemory.remove(path());
        System.gc();
        buffer.putInt(0, 12);
        assertEquals(12, word.get());
    }

    @Test
    void theMappingGoesWithItsLastBuffer() throws Exception {
        WeakReference<ByteBuffer> buffer = new WeakReference<>(usedOnce());
        Await.until("nobody has it mapped", () -> {
            System.gc();
            return buffer.get() == null && !isMapped();
        });
    }

    private ByteBuffer usedOnce() throws IOException {
        SharedMemory.create(path(), OPTIONS).close();
        try (SharedMemory memory = SharedMemory.open(path())) {
            ByteBuffer buffer = memory.buffer();
            assertTrue(isMapped());
            return buffer;
        } finally {
            SharedMemory.remove(path());
        }
    }

    private boolean isMapped() throws IOException {
        return Files.readString(Path.of("/proc/self/maps")).contains(path().toString());
    }

    @Test
    void anInterruptedThreadOpensAndUsesIt() throws Exception {
        Thread.currentThread().interrupt();
        try (SharedMemory memory = SharedMemory.create(path(), OPTIONS)) {
            memory.buffer().put(0, (byte) 1);
            assertTrue(Thread.interrupted());
        }
        SharedMemory.remove(path());
    }

    @Test
    void aFileThatWasCutOffIsNotMadeLongerAgain() throws Exception {
        try (RandomAccessFile file = new RandomAccessFile(path().toFile(), "rw")) {
            file.setLength(3 * GIB);
            try (SharedMemory memory = SharedMemory.open(path())) {
                file.setLength(GIB);
                assertThrows(DamagedSegmentException.class, () -> memory.window(2 * GIB, 10));
            }
            assertEquals(GIB, file.length());
        }
    }

    // ---- without a name

    @Test
    void anonymousMemoryIsSealedAndOpenedByItsAddress() throws Exception {
        try (SharedMemory memory = SharedMemory.anonymous(5_000)) {
            memory.buffer().putInt(0, 77);
            assertEquals(5_000, memory.size());
            try (SharedMemory other = SharedMemory.open(memory.address())) {
                assertEquals(77, other.buffer().getInt(0));
            }
            Path link = Path.of("/proc/self/fd", memory.address().location().replaceAll(".*/", ""));
            try (RandomAccessFile file = new RandomAccessFile(link.toFile(), "rw")) {
                assertThrows(IOException.class, () -> file.setLength(1));
                assertThrows(IOException.class, () -> file.setLength(10_000));
            }
            assertTrue(new SharedMemoryScheme().exists(memory.address()));
            assertEquals(
                    5_000L, new SharedMemoryScheme().inspect(memory.address()).get("size"));
            assertThrows(UnsupportedMechanismException.class, () -> new SharedMemoryScheme().remove(memory.address()));
        }
    }

    @Test
    void whatAProcessHasOpenAndIsNoFileIsRefused() throws Exception {
        Fd[] ends = OsCalls.pipe(0);
        ends[1].close();
        try (Fd pipe = ends[0]) {
            Address address = Address.of("shm:/proc/" + ProcessHandle.current().pid() + "/fd/" + pipe.number());
            assertTrue(message(assertThrows(IpcException.class, () -> SharedMemory.open(address)))
                    .contains("refused"));
        }
        Address nothing = Address.of("shm:/proc/" + ProcessHandle.current().pid() + "/fd/99999");
        assertThrows(OsException.class, () -> SharedMemory.open(nothing));
        assertFalse(new SharedMemoryScheme().exists(nothing));
    }

    // ---- the scheme

    @Test
    void theSchemeIsFoundAndTellsOfItsObjects() throws Exception {
        Address address = Address.of("shm:" + path());
        SharedMemoryScheme scheme = new SharedMemoryScheme();
        assertTrue(Ipc.schemes().contains("shm"));
        assertEquals(Set.of(Capability.ZERO_COPY), scheme.capabilities());
        assertEquals(address, scheme.create(address.with("size", "8k").with("owned", "")));
        Map<String, Object> facts = scheme.inspect(address);
        assertEquals(8192L, facts.get("size"));
        assertEquals(8192L, facts.get("allocated"));
        assertEquals("0600", facts.get("mode"));
        assertEquals("owned", facts.get("lifetime"));
        assertEquals(List.of(), facts.get("users"));
        assertEquals(Map.of("size", "8192", "mode", "0600"), scheme.settings(address));
        assertTrue(scheme.list().contains(address));
        try (SharedMemory memory = SharedMemory.open(address)) {
            assertEquals(
                    List.of(ProcessHandle.current().pid()),
                    scheme.inspect(address).get("users"));
            ObjectInfo info = scheme.survey().objects().stream()
                    .filter(one -> one.address().equals(address))
                    .findFirst()
                    .orElseThrow();
            assertEquals(ObjectInfo.State.IN_USE, info.state());
            assertTrue(memory.isOpen());
        }
        assertTrue(scheme.exists(address));
        assertTrue(scheme.remove(address));
        assertFalse(scheme.exists(address));
        assertFalse(scheme.remove(address));
        assertEquals(Map.of(), scheme.settings(address));
        assertEquals(List.of(), scheme.users(address));
    }

    @Test
    void anAreaOfAnotherOwnerIsOpenedWhenHeIsNamed() throws Exception {
        Assumptions.assumeTrue(ProcessCalls.effectiveUser() == 0, "only root gives files away");
        Files.write(path(), new byte[10]);
        Files.setAttribute(path(), "unix:uid", 65_534);
        assertThrows(IpcException.class, () -> SharedMemory.open(path()));
        try (SharedMemory memory = SharedMemory.open(Address.of("shm:" + path() + "?owner=65534"))) {
            assertEquals(10, memory.size());
        }
    }

    @Test
    void whatTheDeadOwnedIsRemoved() throws Exception {
        SharedMemory.create(path(), OPTIONS.withLifetime(Lifetime.OWNED)).close();
        assertEquals(List.of(), SharedMemory.removeStale(), "its owner lives");
        assertTrue(SharedMemory.exists(path()));
        SharedMemory.remove(path());
    }

    @Test
    void oneThatCannotBeLookedAtSpoilsNoList() throws Exception {
        Path inner = Files.createDirectory(directory.resolve("d"));
        Path lost = inner.resolve("lost");
        SharedMemory.create(lost, 4096).close();
        Path there = directory.resolve("there");
        SharedMemory.create(there, 4096).close();
        Files.move(inner, directory.resolve("moved"));
        Files.createSymbolicLink(inner, inner); // which leads to itself
        try {
            assertTrue(Ipc.list("shm").contains(Address.of("shm", there.toString())));
        } finally {
            Files.delete(inner);
            Files.move(directory.resolve("moved"), inner);
            SharedMemory.remove(lost);
            SharedMemory.remove(there);
        }
    }
}
