package org.jvmipc.internal.posix;

/** The machine this JVM runs on, as far as numbers of the kernel's interface depend on it. */
final class Platform {
    static final boolean LINUX = "Linux".equals(System.getProperty("os.name"));
    static final boolean X86_64 = "amd64".equals(System.getProperty("os.arch"));
    static final boolean AARCH64 = "aarch64".equals(System.getProperty("os.arch"));

    private Platform() {}

    /** The value for this architecture. aarch64 is written for, and unproven until run there. */
    static int pick(int x86, int aarch64) {
        return AARCH64 ? aarch64 : x86;
    }

    static String describe() {
        return System.getProperty("os.name") + " on " + System.getProperty("os.arch");
    }
}
