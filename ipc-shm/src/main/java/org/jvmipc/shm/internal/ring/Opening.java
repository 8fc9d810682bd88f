package org.jvmipc.shm.internal.ring;

import java.io.IOException;
import org.jvmipc.CorruptDataException;
import org.jvmipc.shm.DamagedSegmentException;
import org.jvmipc.shm.internal.RingShape;
import org.jvmipc.shm.internal.SegmentHandle;

/** Opens an end with a handle of its own, which is closed if that fails. */
final class Opening {
    private Opening() {}

    interface Maker<E> {
        E make(RingMemory memory) throws IOException;
    }

    static <E> E of(SegmentHandle.Opened opened, RingShape shape, Maker<E> maker) throws IOException {
        boolean good = false;
        try {
            E end = maker.make(new RingMemory(opened, shape));
            good = true;
            return end;
        } catch (InternalError e) {
            throw new CorruptDataException(opened.address() + ": its file was cut off", e);
        } catch (DamagedSegmentException e) {
            throw new CorruptDataException(String.valueOf(e.getMessage()), e);
        } finally {
            if (!good) {
                opened.segment().close();
            }
        }
    }
}
