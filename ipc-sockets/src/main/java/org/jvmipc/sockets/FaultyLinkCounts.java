package org.jvmipc.sockets;

/**
 * What a {@link FaultyLink} has done in one direction so far, in datagrams. At every moment
 * {@code received + duplicated = forwarded + lost + failed + held}.
 *
 * @param received how many have come
 * @param forwarded how many were sent on, each copy counted
 * @param lost how many were not, by the link's decision
 * @param reordered how many were sent on behind one that came later
 * @param duplicated how many were given a copy
 * @param delayed how many were kept for some time, held back ones included
 * @param corrupted how many have had a bit turned over
 * @param failed how many could not be sent on: nobody has the target's port, or their client had to make room for another
 * @param held how many are on their way now
 * @param dropped how many the kernel has dropped before the link saw them, because they came too fast: they are in no other
 *     count
 */
public record FaultyLinkCounts(
        long received,
        long forwarded,
        long lost,
        long reordered,
        long duplicated,
        long delayed,
        long corrupted,
        long failed,
        long held,
        long dropped) {}
