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
}
