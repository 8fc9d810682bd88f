package org.jvmipc.cli.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What tests say of reports. */
public final class Verdicts {
    private Verdicts() {}

    /** The law did not hold, and this is part of why. */
    public static void assertFails(String why, DemoReport report) {
        assertEquals(Verdict.FAIL, report.verdict());
        String told = report.why();
        assertNotNull(told);
        assertTrue(told.contains(why), told);
    }
}
