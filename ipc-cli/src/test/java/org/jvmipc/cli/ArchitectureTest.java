package org.jvmipc.cli;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.syntax.elements.GivenClassesConjunction;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.io.ObjectInput;
import java.io.ObjectInputStream;
import java.io.ObjectOutput;
import java.io.ObjectOutputStream;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The architecture as rules that fail the build: the module DAG, where a library may be used, what may be in a public
 * signature, and whose insides are whose. It lives in the module that sees all others, and looks at main classes only.
 */
@Timeout(120)
class ArchitectureTest {

    private static final String ROOT = "org.jvmipc";

    private static final String INTERNAL = "..internal..";

    private static final JavaClasses MAIN_CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .withImportOption(location -> !location.contains("-tests.jar"))
            .importPackages(ROOT);

    /** A Maven module: the package it is under, and the modules it may use. CORE is what is under no other's package. */
    private enum Module {
        CORE,
        PIPES(CORE),
        SHM(CORE),
        MQ(CORE, SHM),
        SIGNALS(CORE),
        SOCKETS(CORE),
        CLI(CORE, PIPES, SHM, MQ, SIGNALS, SOCKETS);

        @SuppressWarnings("ImmutableEnumChecker") // a List.of
        private final List<Module> uses;

        Module(Module... uses) {
            this.uses = List.of(uses);
        }

        static Module of(JavaClass type) {
            return Stream.of(values())
                    .filter(module -> module != CORE)
                    .filter(module -> isUnder(type, ROOT + "." + module.name().toLowerCase(Locale.ROOT)))
                    .findFirst()
                    .orElse(CORE);
        }

        DescribedPredicate<JavaClass> classes() {
            return DescribedPredicate.describe(
                    "classes of module " + this, type -> isUnder(type, ROOT) && of(type) == this);
        }

        boolean mayUse(Module other) {
            return other == this || uses.contains(other);
        }
    }

    /** A library and the only place that may use it. */
    private record Library(String packages, String home) {
        @Override
        public String toString() {
            return packages + " only in " + home;
        }
    }

    static List<Library> libraries() {
        return List.of(
                new Library("com.sun.jna..", "org.jvmipc.internal.posix.."),
                new Library("net.openhft..", "org.jvmipc.mq.internal.."),
                new Library("io.netty..", "org.jvmipc.sockets.."),
                new Library("picocli..", "org.jvmipc.cli.."),
                new Library("com.google.gson..", "org.jvmipc.cli.."));
    }

    @Test
    void seesMainClassesOfAllModulesAndNoTests() {
        assertTrue(MAIN_CLASSES.contain(IpcMain.class));
        assertTrue(MAIN_CLASSES.containPackage(ROOT), "ipc-core is not on the class path");
        assertFalse(MAIN_CLASSES.containPackage(ROOT + ".testkit"), "the test kit was taken for main classes");
        assertFalse(MAIN_CLASSES.contain(ArchitectureTest.class));
    }

    @ParameterizedTest
    @EnumSource(Module.class)
    void modulesFormTheDag(Module module) {
        check(noClasses()
                .that(module.classes())
                .should()
                .dependOnClassesThat(DescribedPredicate.describe(
                        "are of a module that " + module + " does not use",
                        type -> isUnder(type, ROOT) && !module.mayUse(Module.of(type))))
                .because("modules are a DAG: all on core, mq also on shm, cli on all"));
    }

    @ParameterizedTest
    @MethodSource("libraries")
    void librariesStayInTheirPackage(Library library) {
        check(noClasses()
                .that(not(resideInAPackage(library.home())))
                .should()
                .dependOnClassesThat(resideInAPackage(library.packages()))
                .because("a library is used in one place, so that it can be replaced"));
    }

    @Test
    void publicSignaturesHoldNoThirdPartyType() {
        check(apiClasses()
                .should(SignatureCondition.holdOnly(
                        resideInAnyPackage("java..", "javax..", ROOT + "..", "org.jspecify.annotations..")
                                .as("of the JDK, of this project, or a JSpecify annotation")))
                .because("a library in a public signature can never be replaced"));
    }

    @Test
    void publicSignaturesHoldNoInternalType() {
        check(apiClasses()
                .should(SignatureCondition.holdOnly(
                        not(resideInAPackage(INTERNAL)).as("of no internal package")))
                .because("internal packages may change without notice"));
    }

    @ParameterizedTest
    @EnumSource(Module.class)
    void internalPackagesAreNotUsedByOtherModules(Module module) {
        check(noClasses()
                .that(module.classes())
                .should()
                .dependOnClassesThat(DescribedPredicate.describe(
                        "are internal to a module other than core",
                        type -> isUnder(type, ROOT)
                                && resideInAPackage(INTERNAL).test(type)
                                && Module.of(type) != Module.CORE
                                && Module.of(type) != module))
                .because("only the interior of core is shared"));
    }

    @Test
    void modulesAndTheMechanismsInThemAreFreeOfCycles() {
        // The packages of core know each other: its errors are thrown by the native layer that it is built on.
        check(slices().assignedFrom(new MechanismSlices()).should().beFreeOfCycles());
    }

    @Test
    void noJavaSerialization() {
        check(noClasses()
                .should()
                .dependOnClassesThat(DescribedPredicate.describe("serialize Java objects", type -> Stream.of(
                                ObjectInputStream.class,
                                ObjectOutputStream.class,
                                ObjectInput.class,
                                ObjectOutput.class)
                        .anyMatch(type::isEquivalentTo)))
                .because("bytes from another process must never choose which classes are made"));
    }

    /** Public types that a user's program can name, of packages that are not internal. */
    private static GivenClassesConjunction apiClasses() {
        return classes().that(DescribedPredicate.describe("are public API", ArchitectureTest::isApi));
    }

    /** The command is no library: what is public in it is so for its other packages. */
    private static boolean isApi(JavaClass type) {
        return !resideInAPackage(INTERNAL).test(type)
                && !resideInAPackage(ROOT + ".cli..").test(type)
                && isPublicWithItsOuterClasses(type);
    }

    private static boolean isPublicWithItsOuterClasses(JavaClass type) {
        return type.getModifiers().contains(JavaModifier.PUBLIC)
                && type.getEnclosingClass()
                        .map(ArchitectureTest::isPublicWithItsOuterClasses)
                        .orElse(true);
    }

    private static boolean isUnder(JavaClass type, String packageName) {
        return type.getPackageName().equals(packageName)
                || type.getPackageName().startsWith(packageName + ".");
    }

    /** Some modules hold little more than their package-info: a rule about classes that are not there yet holds. */
    private static void check(ArchRule rule) {
        rule.allowEmptyShould(true).check(MAIN_CLASSES);
    }

    /** One slice for core, and one for each package elsewhere, an internal one counted to the one it is in. */
    private static final class MechanismSlices implements SliceAssignment {
        @Override
        public SliceIdentifier getIdentifierOf(JavaClass type) {
            if (!isUnder(type, ROOT)) {
                return SliceIdentifier.ignore();
            }
            if (Module.of(type) == Module.CORE) {
                return SliceIdentifier.of(ROOT);
            }
            return SliceIdentifier.of(type.getPackageName().replaceFirst("\\.internal(\\..*)?$", ""));
        }

        @Override
        public String getDescription() {
            return "packages, with their interior";
        }
    }
}
