package org.jvmipc.internal.registry;

/** Whether a record, and the object it tells of, are left over from the dead. */
public enum Staleness {
    /** In order; or nothing is proven. */
    NONE,
    /** The owner of an object with lifetime OWNED is proven dead. */
    OWNER_DEAD,
    /** Its creator is proven dead, or is not at work on it, and had not finished: the object may be there or not. */
    HALF_MADE,
    /** The object is no longer there, or another file has its place: only the record is left. */
    OBJECT_GONE
}
