package org.jvmipc.cli.frame;

/** One verb: its options are annotated fields, filled in before it runs. */
public interface IpcCommand {
    /**
     * Does it.
     *
     * @return the exit code
     * @throws Exception whatever ends it; {@link Failure} knows the words and the exit code
     */
    int run(Console console) throws Exception;

    /** Whether it closes what it has open, and returns, when its thread is interrupted: see {@link Ending}. */
    default boolean endsInOrder() {
        return false;
    }
}
