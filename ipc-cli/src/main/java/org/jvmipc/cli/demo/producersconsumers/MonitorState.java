package org.jvmipc.cli.demo.producersconsumers;

/**
 * What a {@link MonitorBuffer} says of itself when nobody uses it.
 *
 * @param places how many messages it has room for
 * @param in how many were put in
 * @param out how many were taken out
 * @param count how many are in it
 * @param toEnd how many producers are still to end
 */
record MonitorState(int places, long in, long out, long count, int toEnd) {
    /** Whether all is out that went in, and all producers have ended. */
    boolean isDone() {
        return in == out && count == 0 && toEnd == 0;
    }
}
