package org.jvmipc.cli.demo.shared;

/**
 * What lies where in {@link Slots}.
 *
 * <pre>
 *   0          8          16         24                    64            64 + s        64 + 2s
 *   +----------+----------+----------+---------------------+-------------+-------------+----
 *   | in       | out      | count    |      not used       | slot 0 (s)  | slot 1 (s)  | ...
 *   +----------+----------+----------+---------------------+-------------+-------------+----
 * </pre>
 *
 * <p>In and out count the messages that were put and taken; message number i is in slot i modulo the number of slots. A slot
 * is a message and what is missing to a multiple of 8.
 */
final class SlotsLayout {
    static final int IN_OFFSET = 0;
    static final int OUT_OFFSET = 8;
    static final int COUNT_OFFSET = 16;
    static final int SLOTS_OFFSET = 64;

    private SlotsLayout() {}

    static long slotBytes(int messageBytes) {
        return (messageBytes + Long.BYTES - 1L) / Long.BYTES * Long.BYTES;
    }
}
