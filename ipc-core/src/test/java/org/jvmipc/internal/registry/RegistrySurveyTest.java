package org.jvmipc.internal.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.jvmipc.Address;
import org.jvmipc.Lifetime;
import org.jvmipc.internal.posix.Fcntl;
import org.jvmipc.internal.posix.Fd;
import org.jvmipc.internal.posix.OsCalls;
import org.jvmipc.spi.ObjectInfo;
import org.jvmipc.spi.ObjectInfo.State;
import org.jvmipc.spi.Removal;
import org.jvmipc.spi.Survey;
import org.jvmipc.testkit.NoLeaks;

/** What is told of all objects of a scheme, in the registry of this test's own runtime directory. */
@Timeout(60)
@ExtendWith(NoLeaks.class)
class RegistrySurveyTest {
    private static final RegistrySurvey OBJECTS =
            new RegistrySurvey(Fixtures.SCHEME, Fixtures.FIFOS, path -> Address.of(Fixtures.SCHEME, path));
    private static final long SELF = Fixtures.SELF.pid();

    @TempDir
    Path temporary;

    private Registry registry;

    @BeforeEach
    void open() throws Exception {
        registry = Registry.open();
    }

    @AfterEach
    void forget() throws Exception {
        for (RegistryRecord record : registry.list(Fixtures.SCHEME)) {
            try (ObjectLock lock = registry.lock(Fixtures.SCHEME, record.path())) {
                registry.delete(lock);
            }
        }
    }

    private Path object(String name) {
        return temporary.resolve(name);
    }

    private ObjectInfo info(Path object) throws Exception {
        return OBJECTS.survey().objects().stream()
                .filter(one -> one.address().location().equals(object.toString()))
                .findAny()
                .orElseThrow();
    }

    private static Fd openForReading(Path object) throws Exception {
        return OsCalls.open(object.toString(), Fcntl.O_RDONLY | Fcntl.O_NONBLOCK, 0);
    }

    // ---- states

    @Test
    void anObjectIsIdleUntilSomebodyHasItOpen() throws Exception {
        RegistryRecord record = Fixtures.create(registry, object("x"), Lifetime.OWNED, Fixtures.SELF);
        ObjectInfo idle = info(object("x"));
        assertEquals(State.IDLE, idle.state());
        assertEquals(List.of(), idle.users());
        assertTrue(idle.ownerAlive());
        assertEquals(Fixtures.SELF, idle.owner());
        assertEquals(Lifetime.OWNED, idle.lifetime());
        assertEquals(record.created(), idle.created());
        assertEquals(65536, idle.sizeBytes());
        try (Fd fd = openForReading(object("x"))) {
            assertTrue(fd.isOpen());
            assertEquals(State.IN_USE, info(object("x")).state());
            assertEquals(List.of(SELF), info(object("x")).users());
        }
        assertFalse(info(object("x")).state().isLeftOver());
    }

    @Test
    void whatTheDeadOwnedIsStaleUnlessInUseOrKept() throws Exception {
        Fixtures.create(registry, object("x"), Lifetime.OWNED, Fixtures.DEAD);
        Fixtures.create(registry, object("kept"), Lifetime.KEPT, Fixtures.DEAD);
        assertEquals(State.STALE, info(object("x")).state());
        assertFalse(info(object("x")).ownerAlive());
        assertEquals(State.IDLE, info(object("kept")).state());
        try (Fd fd = openForReading(object("x"))) {
            assertTrue(fd.isOpen());
            assertEquals(State.IN_USE, info(object("x")).state());
        }
    }

    @Test
    void whatAKilledCreatorLeftIsUnfinishedWithOrWithoutAFile() throws Exception {
        Fixtures.createHalf(registry, object("half"), Fixtures.DEAD);
        Fixtures.put(registry, Fixtures.with(Fixtures.begun(object("begun"), Lifetime.KEPT), Fixtures.DEAD));
        assertEquals(State.UNFINISHED, info(object("half")).state());
        assertEquals(State.UNFINISHED, info(object("begun")).state());
        try (Fd fd = openForReading(object("half"))) {
            assertTrue(fd.isOpen());
            assertEquals(State.IN_USE, info(object("half")).state());
        }
    }

    @Test
    void whatIsBeingMadeIsLeftOut() throws Exception {
        Fixtures.createHalf(registry, object("x"), Fixtures.SELF);
        assertEquals(new Survey(List.of(), List.of()), OBJECTS.survey());
        assertEquals(List.of(), OBJECTS.list());
    }

    @Test
    void whatIsGoneOrReplacedIsGone() throws Exception {
        Fixtures.create(registry, object("gone"), Lifetime.KEPT, Fixtures.SELF);
        Fixtures.create(registry, object("replaced"), Lifetime.KEPT, Fixtures.SELF);
        Files.delete(object("gone"));
        Files.delete(object("replaced"));
        Files.writeString(object("replaced"), "");
        assertEquals(State.GONE, info(object("gone")).state());
        assertEquals(State.GONE, info(object("replaced")).state());
        assertEquals(List.of(), OBJECTS.list());
    }

    @Test
    void objectsAreInOrderOfTheirAddressesAndUsersFoundInOneWalk() throws Exception {
        for (String name : List.of("c", "a", "b")) {
            Fixtures.create(registry, object(name), Lifetime.KEPT, Fixtures.SELF);
        }
        try (Fd a = openForReading(object("a"));
                Fd c = openForReading(object("c"))) {
            assertTrue(a.isOpen() && c.isOpen());
            List<ObjectInfo> objects = OBJECTS.survey().objects();
            assertEquals(
                    List.of("a", "b", "c"),
                    objects.stream()
                            .map(one -> String.valueOf(one.address().path().getFileName()))
                            .toList());
            assertEquals(
                    List.of(State.IN_USE, State.IDLE, State.IN_USE),
                    objects.stream().map(ObjectInfo::state).toList());
        }
        assertEquals(3, OBJECTS.list().size());
    }

    // ---- records of anybody's making

    @Test
    void hostileRecordsAreProblemsAndKeepNoOtherFromBeingToldOf() throws Exception {
        Fixtures.create(registry, object("x"), Lifetime.KEPT, Fixtures.SELF);
        Path damaged = record(Fixtures.create(registry, object("damaged"), Lifetime.KEPT, Fixtures.SELF));
        Files.write(damaged, new byte[] {0, -1, '\n', 27});
        Path other = damaged.resolveSibling("segment-" + "0".repeat(32) + ".rec");
        Files.writeString(other, "of another scheme");
        String fifo = object("regular").toString() + "/\u001b[31m/below";
        Files.writeString(object("regular"), "");
        RegistryRecord below = RegistryRecord.begin("fifo", "no address", fifo, 0, Lifetime.KEPT, Map.of("a", "b"));
        Fixtures.put(registry, below.made(OsCalls.linkStatus(object("x").toString())));
        RegistrySurvey picky = new RegistrySurvey("fifo", Fixtures.FIFOS, path -> {
            if (!path.endsWith("/x")) {
                throw new IllegalArgumentException(path);
            }
            return Address.of("fifo", path);
        });
        try {
            Survey survey = picky.survey();
            assertEquals(1, survey.objects().size());
            assertEquals(2, survey.problems().size(), survey.problems()::toString);
            assertTrue(survey.problems().get(0).contains("is damaged"), survey.problems()::toString);
            assertFalse(survey.problems().toString().contains("\u001b"), "nothing that a terminal would obey");
            assertEquals(1, picky.list().size());
            assertEquals(List.of(), picky.removeStale(true));
        } finally {
            Files.delete(damaged);
            Files.delete(other);
        }
    }

    @Test
    void whatCannotBeSeenFromHereIsAProblem() throws Exception {
        RegistryRecord record =
                Fixtures.with(Fixtures.begun(object("x"), Lifetime.OWNED), Fixtures.ofAnotherNamespace());
        Fixtures.put(registry, record.made(Fixtures.makeFifo(object("x"))));
        Files.delete(object("x"));
        Survey survey = OBJECTS.survey();
        assertEquals(List.of(), survey.objects());
        assertTrue(survey.problems().get(0).contains(object("x").toString()), survey.problems()::toString);
    }

    private Path record(RegistryRecord record) throws Exception {
        return org.jvmipc.internal.RuntimeDirectory.make()
                .resolve("registry")
                .resolve(ObjectKey.of(record).fileName());
    }

    // ---- one object

    @Test
    void usersAreWhoHasItOpenAndTheLivingOwnerButNotOneself() throws Exception {
        String path = object("x").toString();
        Fixtures.create(registry, object("x"), Lifetime.KEPT, Fixtures.SELF);
        assertEquals(List.of(), OBJECTS.users(object("none").toString()));
        try (Fd fd = openForReading(object("x"))) {
            assertTrue(fd.isOpen());
            assertEquals(List.of(), OBJECTS.users(path));
        }
        Fixtures.put(
                registry,
                Fixtures.with(Fixtures.begun(object("x"), Lifetime.OWNED), Fixtures.SELF)
                        .made(OsCalls.linkStatus(path)));
        assertEquals(List.of(SELF), OBJECTS.users(path));
        Fixtures.put(
                registry,
                Fixtures.with(Fixtures.begun(object("x"), Lifetime.OWNED), Fixtures.DEAD)
                        .made(OsCalls.linkStatus(path)));
        assertEquals(List.of(), OBJECTS.users(path));
    }

    @Test
    void settingsAreThoseOfTheVeryFile() throws Exception {
        RegistryRecord made = Fixtures.create(registry, object("x"), Lifetime.KEPT, Fixtures.SELF);
        assertEquals(Map.of("mode", "600"), OBJECTS.settings(made.path()));
        assertEquals(Map.of(), OBJECTS.settings(object("none").toString()));
        Files.delete(object("x"));
        assertEquals(Map.of(), OBJECTS.settings(made.path()));
        Files.writeString(object("x"), "");
        assertEquals(Map.of(), OBJECTS.settings(made.path()));
        Fixtures.createHalf(registry, object("half"), Fixtures.DEAD);
        assertEquals(Map.of(), OBJECTS.settings(object("half").toString()));
        assertNotNull(OBJECTS.record(object("half").toString()));
        assertNull(OBJECTS.record(object("x").toString()));
    }

    // ---- the left over

    @Test
    void theLeftOverAreRemovedAndToldByAddress() throws Exception {
        Fixtures.create(registry, object("stale"), Lifetime.OWNED, Fixtures.DEAD);
        Fixtures.create(registry, object("gone"), Lifetime.KEPT, Fixtures.SELF);
        Fixtures.create(registry, object("used"), Lifetime.OWNED, Fixtures.DEAD);
        Files.delete(object("gone"));
        List<Removal> told;
        List<Removal> done;
        try (Fd fd = openForReading(object("used"))) {
            assertTrue(fd.isOpen());
            told = OBJECTS.removeStale(true);
            assertTrue(Files.exists(object("stale")));
            done = OBJECTS.removeStale(false);
        }
        assertEquals(told, done);
        assertEquals(
                List.of(Removal.Outcome.FORGOTTEN, Removal.Outcome.REMOVED, Removal.Outcome.SKIPPED),
                done.stream().map(Removal::outcome).toList());
        assertEquals(
                List.of("gone", "stale", "used"),
                done.stream()
                        .map(one -> String.valueOf(one.address().path().getFileName()))
                        .toList());
        assertFalse(Files.exists(object("stale")));
        assertTrue(Files.exists(object("used")));
    }
}
