package org.jvmipc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.jvmipc.spi.Scheme;

@Timeout(60)
class SchemeLoadingTest {
    /** A provider of a name of its own. */
    public static final class Good extends StubScheme {
        @Override
        public String name() {
            return "ipcgood";
        }
    }

    /** Another one for the same name. */
    public static final class Rival extends StubScheme {
        @Override
        public String name() {
            return "ipcgood";
        }
    }

    /** A provider that cannot be made. */
    public static final class Broken extends StubScheme {
        public Broken() {
            throw new IllegalStateException("no luck today");
        }
    }

    /** A provider whose class cannot be initialised. */
    public static final class Unlinked extends StubScheme {
        static final Object PART = missing();

        private static Object missing() {
            throw new NoClassDefFoundError("org/example/Missing");
        }
    }

    /** A provider that does not know its name. */
    public static final class Nameless extends StubScheme {
        @Override
        public String name() {
            throw new IllegalStateException("who am I");
        }
    }

    /** A provider with a name that no address can have. */
    public static final class Misnamed extends StubScheme {
        @Override
        public String name() {
            return "Ipc Bad";
        }
    }

    @TempDir
    private Path directory;

    /** What a class path finds that has these providers besides the build's own. */
    private Schemes load(String... providers) throws IOException {
        Path services = Files.createDirectories(directory.resolve("META-INF/services"));
        Files.write(services.resolve(Scheme.class.getName()), List.of(providers));
        URL[] urls = {directory.toUri().toURL()};
        try (URLClassLoader loader = new URLClassLoader(urls, Scheme.class.getClassLoader())) {
            return Schemes.load(loader);
        }
    }

    private static void assertProblem(Schemes schemes, String provider, String cause) {
        assertEquals(1, schemes.problems().size(), schemes.problems().toString());
        String problem = schemes.problems().get(0);
        assertTrue(problem.contains(provider) && problem.contains(cause), problem);
        AddressException e = assertThrows(AddressException.class, () -> schemes.scheme("ipcbad", "ipcbad:x"));
        assertTrue(e.getMessage().contains(problem), e.getMessage());
        assertTrue(
                schemes.names().containsAll(List.of("ipctest", "ipcgood")),
                schemes.names().toString());
    }

    @Test
    void findsAProvider() throws IOException {
        Schemes schemes = load(Good.class.getName());
        assertTrue(schemes.names().contains("ipcgood"));
        assertEquals("ipcgood", schemes.scheme("ipcgood", "ipcgood:x").name());
        assertEquals(List.of(), schemes.problems());
    }

    @Test
    void survivesAProviderThatThrows() throws IOException {
        assertProblem(load(Broken.class.getName(), Good.class.getName()), "SchemeLoadingTest$Broken", "no luck today");
    }

    @Test
    void survivesAProviderThatDoesNotLink() throws IOException {
        Schemes schemes = load(Unlinked.class.getName(), Good.class.getName());
        assertProblem(schemes, "SchemeLoadingTest$Unlinked", "org/example/Missing");
    }

    @Test
    void survivesAProviderThatDoesNotKnowItsName() throws IOException {
        assertProblem(load(Nameless.class.getName(), Good.class.getName()), "SchemeLoadingTest$Nameless", "who am I");
    }

    @Test
    void survivesAProviderThatIsNotThere() throws IOException {
        assertProblem(load("org.example.Gone", Good.class.getName()), "org.example.Gone", "not found");
    }

    @Test
    void survivesAProviderThatIsNoScheme() throws IOException {
        String here = SchemeLoadingTest.class.getName();
        assertProblem(load(here, Good.class.getName()), here, "not a subtype");
    }

    @Test
    void survivesAMalformedListOfProviders() throws IOException {
        Schemes schemes = load("this is no class name");
        assertEquals(1, schemes.problems().size());
        assertTrue(schemes.names().contains("ipctest"));
    }

    @Test
    void refusesANameThatNoAddressCanHave() throws IOException {
        assertProblem(load(Misnamed.class.getName(), Good.class.getName()), "SchemeLoadingTest$Misnamed", "Ipc Bad");
    }

    @Test
    void namesBothProvidersOfOneScheme() throws IOException {
        Schemes schemes = load(Good.class.getName(), Rival.class.getName());
        AddressException e = assertThrows(AddressException.class, () -> schemes.scheme("ipcgood", "ipcgood:x"));
        assertTrue(e.getMessage().contains(Good.class.getName() + ", " + Rival.class.getName()), e.getMessage());
        assertEquals(1, schemes.problems().size());
    }

    @Test
    void usesOtherSchemesThanTheOneWithTwoProviders() throws IOException {
        Schemes schemes = load(Good.class.getName(), Rival.class.getName());
        assertNotNull(schemes.scheme("ipctest", "ipctest:x"));
        assertFalse(schemes.names().contains("ipcgood"));
        assertTrue(schemes.all().stream().noneMatch(scheme -> scheme.name().equals("ipcgood")));
    }

    @Test
    void saysWhenThereIsNoSchemeAtAll() {
        Schemes none = Schemes.load(ClassLoader.getPlatformClassLoader());
        AddressException e = assertThrows(AddressException.class, () -> none.scheme("fifo", "fifo:x"));
        assertEquals("unknown scheme fifo (none on the class path)", e.reason());
    }
}
