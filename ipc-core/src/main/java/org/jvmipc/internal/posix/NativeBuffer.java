package org.jvmipc.internal.posix;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Private memory outside the Java heap, with the address that native calls take. It is freed when the object is
 * unreachable, so a caller keeps it reachable across a native call ({@link java.lang.ref.Reference#reachabilityFence}).
 */
public final class NativeBuffer {
    private final ByteBuffer bytes;
    private final ByteBuffer view;
    private final long address;

    /** Allocates so many bytes, zeroed, little-endian. */
    public NativeBuffer(int capacityBytes) {
        this.bytes = ByteBuffer.allocateDirect(capacityBytes).order(ByteOrder.LITTLE_ENDIAN);
        this.view = bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        this.address = Pointer.nativeValue(Native.getDirectBufferPointer(bytes));
    }

    /** The memory; its position and limit are the owner's to use. */
    public ByteBuffer bytes() {
        return bytes;
    }

    /** The same memory with a position and limit of its own, for checksums. */
    public ByteBuffer view() {
        return view;
    }

    /** Where byte 0 lies. */
    public long address() {
        return address;
    }

    /** Its size in bytes. */
    public int capacity() {
        return bytes.capacity();
    }
}
