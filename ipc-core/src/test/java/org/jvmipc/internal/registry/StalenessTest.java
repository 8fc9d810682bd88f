package org.jvmipc.internal.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.jvmipc.Lifetime;
import org.jvmipc.process.ProcessIdentity;
import org.jvmipc.testkit.NoLeaks;

@Timeout(60)
@ExtendWith(NoLeaks.class)
class StalenessTest {
    @TempDir
    Path temporary;

    private Registry registry;
    private Path path;

    @BeforeEach
    void open() throws Exception {
        registry = Registry.at(temporary.resolve("registry"));
        path = temporary.resolve("x");
    }

    private void expect(Staleness expected, RegistryRecord record) throws Exception {
        assertEquals(expected, registry.staleness(record));
        assertEquals(expected != Staleness.NONE, registry.isStale(record));
    }

    private Staleness ofMade(Lifetime lifetime, ProcessIdentity owner) throws Exception {
        RegistryRecord record = Fixtures.create(registry, path, lifetime, owner);
        Staleness staleness = registry.staleness(record);
        Files.delete(path);
        return staleness;
    }

    @Test
    void anOwnedObjectIsStaleWhenItsOwnerIsProvenDead() throws Exception {
        assertEquals(Staleness.NONE, ofMade(Lifetime.OWNED, Fixtures.SELF));
        assertEquals(Staleness.OWNER_DEAD, ofMade(Lifetime.OWNED, Fixtures.DEAD));
        assertEquals(Staleness.OWNER_DEAD, ofMade(Lifetime.OWNED, Fixtures.ofAnotherBoot()));
        assertEquals(Staleness.NONE, ofMade(Lifetime.OWNED, Fixtures.ofAnotherNamespace()));
    }

    @Test
    void aKeptObjectIsNever() throws Exception {
        assertEquals(Staleness.NONE, ofMade(Lifetime.KEPT, Fixtures.SELF));
        assertEquals(Staleness.NONE, ofMade(Lifetime.KEPT, Fixtures.DEAD));
        assertEquals(Staleness.NONE, ofMade(Lifetime.KEPT, Fixtures.ofAnotherBoot()));
    }

    @Test
    void halfMadeIsWhatADeadCreatorHasBegun() throws Exception {
        RegistryRecord begun = Fixtures.begun(path, Lifetime.KEPT);
        expect(Staleness.NONE, begun);
        expect(Staleness.NONE, Fixtures.with(begun, Fixtures.ofAnotherNamespace()));
        expect(Staleness.HALF_MADE, Fixtures.with(begun, Fixtures.DEAD));
        Fixtures.makeFifo(path);
        expect(Staleness.NONE, begun);
        expect(Staleness.HALF_MADE, Fixtures.with(begun, Fixtures.DEAD));
    }

    @Test
    void theObjectIsGone() throws Exception {
        RegistryRecord record = Fixtures.create(registry, path, Lifetime.KEPT, Fixtures.SELF);
        Files.delete(path);
        expect(Staleness.OBJECT_GONE, record);
        expect(Staleness.OBJECT_GONE, Fixtures.with(record, Fixtures.DEAD));
        expect(Staleness.OBJECT_GONE, Fixtures.with(record, Fixtures.ofAnotherBoot()));
    }

    @Test
    void soItIsWhenItsDirectoryIs() throws Exception {
        Path directory = Files.createDirectory(temporary.resolve("d"));
        RegistryRecord record = Fixtures.create(registry, directory.resolve("x"), Lifetime.KEPT, Fixtures.SELF);
        Files.delete(directory.resolve("x"));
        Files.delete(directory);
        expect(Staleness.OBJECT_GONE, record);
        Files.writeString(directory, "a file now");
        expect(Staleness.OBJECT_GONE, record);
    }

    @Test
    void soItIsWhenAnotherFileHasItsPlaceOrItsNumber() throws Exception {
        RegistryRecord record = Fixtures.create(registry, path, Lifetime.OWNED, Fixtures.SELF);
        expect(Staleness.OBJECT_GONE, Fixtures.with(record, record.inode() + 1, record.birthNanos()));
        expect(Staleness.OBJECT_GONE, Fixtures.with(record, record.inode(), record.birthNanos() + 1));
        expect(Staleness.NONE, Fixtures.with(record, record.inode(), 0)); // a file system without births
        Files.delete(path);
        Fixtures.makeFifo(temporary.resolve("y"));
        Files.createSymbolicLink(path, temporary.resolve("y"));
        expect(Staleness.OBJECT_GONE, record);
    }

    @Test
    void whatAnotherContainerHasIsNotGone() throws Exception {
        RegistryRecord record = Fixtures.create(registry, path, Lifetime.KEPT, Fixtures.ofAnotherNamespace());
        Files.delete(path);
        expect(Staleness.NONE, record);
    }

    @Test
    void isSeenByAnInterruptedThreadToo() throws Exception {
        RegistryRecord record = Fixtures.create(registry, path, Lifetime.OWNED, Fixtures.DEAD);
        Thread.currentThread().interrupt();
        Staleness seen = registry.staleness(record);
        assertTrue(Thread.interrupted(), "the interrupt is kept");
        assertEquals(Staleness.OWNER_DEAD, seen);
        assertFalse(registry.isStale(Fixtures.with(record, Fixtures.SELF)));
    }
}
