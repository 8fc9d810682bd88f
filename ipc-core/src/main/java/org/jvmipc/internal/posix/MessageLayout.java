package org.jvmipc.internal.posix;

import java.nio.ByteBuffer;

/**
 * {@code struct msghdr} with one {@code struct iovec} and a control message of descriptors, as {@code sendmsg(2)} and
 * {@code recvmsg(2)} take it on 64-bit Linux:
 *
 * <pre>
 *   msghdr    name 0 (pointer)  namelen 8 (u32)  iov 16 (pointer)  iovlen 24 (u64)
 *             control 32 (pointer)  controllen 40 (u64)  flags 48 (s32)                                56 bytes
 *   iovec     base 56 (pointer)  len 64 (u64)                                                          16 bytes
 *   cmsghdr   len 72 (u64)  level 80 (s32)  type 84 (s32)  descriptors 88 (s32 each, 16 at most)       80 bytes
 * </pre>
 */
final class MessageLayout {
    /** The most descriptors that one message carries here; the kernel takes 253. */
    static final int MAX_DESCRIPTORS = 16;

    static final int BYTES = 152;

    static final int FLAGS = 48;
    static final int CONTROL_LENGTH = 40;

    private static final int VECTOR_POINTER = 16;
    private static final int VECTORS = 24;
    private static final int CONTROL_POINTER = 32;
    private static final int VECTOR = 56;
    private static final int VECTOR_LENGTH = 64;
    private static final int CONTROL = 72;
    private static final int LEVEL = 80;
    private static final int TYPE = 84;
    private static final int DESCRIPTORS = 88;
    private static final int CONTROL_HEADER = DESCRIPTORS - CONTROL;
    private static final int CONTROL_BYTES = BYTES - CONTROL;

    private MessageLayout() {}

    /** Prepares to receive so many bytes, and descriptors. */
    static void receive(NativeBuffer memory, long address, int count) {
        ByteBuffer bytes = memory.bytes();
        bytes.putLong(0, 0).putInt(8, 0);
        vector(memory, address, count);
        bytes.putLong(CONTROL_POINTER, memory.address() + CONTROL);
        bytes.putLong(CONTROL_LENGTH, CONTROL_BYTES);
        bytes.putInt(FLAGS, 0);
    }

    /** Prepares to send so many bytes, and the descriptors with the first of them. */
    static void send(NativeBuffer memory, long address, int count, int[] descriptors) {
        ByteBuffer bytes = memory.bytes();
        bytes.putLong(0, 0).putInt(8, 0);
        vector(memory, address, count);
        int length = CONTROL_HEADER + descriptors.length * Integer.BYTES;
        int space = (length + 7) & ~7;
        bytes.putLong(CONTROL_POINTER, descriptors.length == 0 ? 0 : memory.address() + CONTROL);
        bytes.putLong(CONTROL_LENGTH, descriptors.length == 0 ? 0 : space);
        bytes.putInt(FLAGS, 0);
        bytes.putLong(CONTROL, length).putInt(LEVEL, Sockets.SOL_SOCKET).putInt(TYPE, Sockets.SCM_RIGHTS);
        for (int i = 0; i < descriptors.length; i++) {
            bytes.putInt(DESCRIPTORS + i * Integer.BYTES, descriptors[i]);
        }
    }

    private static void vector(NativeBuffer memory, long address, int count) {
        memory.bytes()
                .putLong(VECTOR_POINTER, memory.address() + VECTOR)
                .putLong(VECTORS, 1)
                .putLong(VECTOR, address)
                .putLong(VECTOR_LENGTH, count);
    }

    /** The descriptors that were received. */
    static int[] received(NativeBuffer memory) {
        ByteBuffer bytes = memory.bytes();
        long room = Math.min(CONTROL_BYTES, bytes.getLong(CONTROL_LENGTH));
        long length = room < CONTROL_HEADER ? 0 : Math.min(room, bytes.getLong(CONTROL));
        if (length < CONTROL_HEADER
                || bytes.getInt(LEVEL) != Sockets.SOL_SOCKET
                || bytes.getInt(TYPE) != Sockets.SCM_RIGHTS) {
            return new int[0];
        }
        int[] descriptors = new int[(int) (length - CONTROL_HEADER) / Integer.BYTES];
        for (int i = 0; i < descriptors.length; i++) {
            descriptors[i] = bytes.getInt(DESCRIPTORS + i * Integer.BYTES);
        }
        return descriptors;
    }

    /** Whether there were more descriptors than room for them; the kernel has closed those. */
    static boolean wereTooMany(NativeBuffer memory) {
        return (memory.bytes().getInt(FLAGS) & Sockets.MSG_CTRUNC) != 0;
    }
}
