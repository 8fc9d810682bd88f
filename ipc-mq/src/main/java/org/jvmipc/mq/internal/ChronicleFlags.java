package org.jvmipc.mq.internal;

import java.util.ArrayList;
import java.util.List;
import org.jvmipc.UnsupportedMechanismException;

/** What Chronicle needs on the command line of a JVM that appends: one set for Java 17 to 25. Who only reads needs none. */
public final class ChronicleFlags {
    private static final String OPENS_NIO = "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED";
    private static final String OPENS_REFLECT = "--add-opens=java.base/java.lang.reflect=ALL-UNNAMED";
    private static final String EXPORTS_REF = "--add-exports=java.base/jdk.internal.ref=ALL-UNNAMED";

    /** All of them, in the order in which to give them. */
    public static final List<String> ALL = List.of(
            "-XX:+IgnoreUnrecognizedVMOptions", // before those that Java 17 does not know
            OPENS_NIO,
            OPENS_REFLECT,
            EXPORTS_REF,
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow");

    private ChronicleFlags() {}

    /**
     * Checks that they are there, as far as Chronicle could not do without.
     *
     * @param what needs them, for the error
     * @throws UnsupportedMechanismException that names the missing ones
     */
    public static void require(String what) throws UnsupportedMechanismException {
        List<String> missing = missing();
        if (!missing.isEmpty()) {
            throw new UnsupportedMechanismException(what + " needs options of the java command"
                    + " that are missing: " + String.join(" ", missing) + "; all there are: "
                    + String.join(" ", ALL)
                    + " (children that JvmLauncher starts have them)");
        }
    }

    private static List<String> missing() {
        Module base = Object.class.getModule();
        Module ours = ChronicleFlags.class.getModule();
        List<String> missing = new ArrayList<>();
        if (!base.isOpen("sun.nio.ch", ours)) {
            missing.add(OPENS_NIO);
        }
        if (!base.isOpen("java.lang.reflect", ours)) {
            missing.add(OPENS_REFLECT);
        }
        if (!base.isExported("jdk.internal.ref", ours)) {
            missing.add(EXPORTS_REF);
        }
        return missing;
    }
}
