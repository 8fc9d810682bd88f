package org.jvmipc;

/**
 * How long an object with a name is meant to be there: fixed when it is created, kept in the registry, and never changed
 * by who merely opens it. Closing deletes the name in neither case.
 *
 * <p>See {@code shm_overview(7)} for the kernel's own persistence: until the machine is restarted, in both cases.
 */
public enum Lifetime {
    /** Until it is removed by name. Never stale, whoever has died: the default of everything with a name. */
    KEPT,

    /**
     * As long as the process that created it. Once that one is <em>proven</em> dead (not merely silent, and not only out
     * of sight in another pid namespace) the object is stale, and a cleaner may remove it if nobody has it open.
     */
    OWNED
}
