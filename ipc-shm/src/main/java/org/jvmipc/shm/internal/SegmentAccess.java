package org.jvmipc.shm.internal;

import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.jvmipc.shm.Segment;

/** How the synchronisers, which are in another package, get at what a {@link Segment} holds, without its being public. */
public final class SegmentAccess {
    private static volatile @Nullable Function<Segment, SegmentHandle> accessor;

    private SegmentAccess() {}

    /** Called once, by the class itself. */
    public static void set(Function<Segment, SegmentHandle> access) {
        accessor = access;
    }

    static SegmentHandle of(Segment segment) {
        return Objects.requireNonNull(accessor, "no segment was made yet").apply(segment);
    }
}
