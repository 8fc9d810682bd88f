package org.jvmipc.cli.demo;

import java.time.Duration;

/**
 * What a link is to do to the messages of a demo, as probabilities for each.
 *
 * @param loss of being lost
 * @param reorder of being overtaken
 * @param duplicate of arriving twice
 * @param corrupt of a wrong bit
 * @param delay how long each is on its way
 * @param seed from which all is decided; 0 leaves it to the demo
 */
public record DemoFaults(double loss, double reorder, double duplicate, double corrupt, Duration delay, long seed) {
    /** None. */
    public static final DemoFaults NONE = new DemoFaults(0, 0, 0, 0, Duration.ZERO, 0);

    /** Unless said otherwise: enough of each to be seen. */
    public static final DemoFaults USUAL = new DemoFaults(0.05, 0.02, 0.01, 0, Duration.ZERO, 0);

    /** The same with a seed. */
    public DemoFaults withSeed(long value) {
        return new DemoFaults(loss, reorder, duplicate, corrupt, delay, value);
    }
}
