package org.jvmipc.mq.internal;

/**
 * Keeps Chronicle quiet and to itself, before its first class is loaded: it says nothing of itself, watches no disk, releases
 * what is closed in the closing thread, and does not make the logging library complain that there is none.
 */
final class ChronicleSettings {
    private static final String LOGGING = "slf4j.internal.verbosity";
    private static boolean done;

    private ChronicleSettings() {}

    interface Load {
        void load();
    }

    /** Loads it. What the user of the JVM has set himself stays as it is. */
    static synchronized void around(Load load) {
        if (done) {
            return;
        }
        setIfUnset("chronicle.announcer.disable", "true");
        setIfUnset("chronicle.disk.monitor.disable", "true");
        setIfUnset("background.releaser", "false");
        setIfUnset("chronicle.table.store.timeoutMS", "1000"); // how long it looks at a table that is damaged
        boolean ours = setIfUnset(LOGGING, "ERROR");
        try {
            load.load();
            done = true;
        } finally {
            if (ours) {
                System.clearProperty(LOGGING); // read once, when logging was initialised
            }
        }
    }

    private static boolean setIfUnset(String property, String value) {
        if (System.getProperty(property) != null) {
            return false;
        }
        System.setProperty(property, value);
        return true;
    }
}
