package org.jvmipc.cli.demo;

/** What a demo has shown. */
public enum Verdict {
    /** The law held. */
    PASS,
    /** It did not. */
    FAIL,
    /** It could not be tried here. */
    SKIP
}
