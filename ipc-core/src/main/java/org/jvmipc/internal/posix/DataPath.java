package org.jvmipc.internal.posix;

import java.io.IOException;

/**
 * The calls by which bytes go through a kind of descriptor. A try never waits, whatever mode the descriptor is in.
 *
 * <p><b>Thread safety.</b> One thread at a time reads, one writes.
 */
public interface DataPath {
    /** Tries to read: bytes read, 0 at the end of file, or {@code -errno}. */
    int read(int fd, NativeBuffer target, int offset, int count);

    /** Tries to write: bytes written, or {@code -errno}. */
    int write(int fd, NativeBuffer source, int offset, int count);

    /** Reads in the kernel's own wait from a descriptor that blocks: as {@link #read}, {@code EINTR} included. */
    int readBlocking(int fd, NativeBuffer target, int offset, int count);

    /** Whether the descriptor itself blocks in {@link #readBlocking}, and not only a twin of it. */
    boolean blocksItself();

    /** How many bytes the object holds at most, about. */
    int capacity(int fd) throws IOException;

    /** How many bytes it would take now, about. */
    int room(int fd) throws IOException;

    /** Whether there is a descriptor behind it that can be polled. */
    default boolean hasDescriptor() {
        return true;
    }

    /** Whether a write of so few bytes as {@code PIPE_BUF} is all or nothing. */
    boolean isAtomic();

    /** How many bytes are asked for in a read. */
    default int readBytes() {
        return 64 * 1024;
    }

    /** What is written next is of a message, and not the rest of one before. */
    default void messageBegins() {}

    /** The writing of a message is over, whether it went out or not. */
    default void messageEnded() {}
}
