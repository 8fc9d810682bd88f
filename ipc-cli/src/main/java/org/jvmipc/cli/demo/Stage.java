package org.jvmipc.cli.demo;

import java.io.IOException;

/** A report of how far a child has come. */
public interface Stage {
    /** How far. */
    String stage();

    /** Waits until the child has come so far; what it reports before is passed over. */
    static <R extends Record & Stage> R await(DemoChild<R> child, String stage)
            throws IOException, InterruptedException {
        R report;
        do {
            report = child.report();
        } while (!report.stage().equals(stage));
        return report;
    }
}
