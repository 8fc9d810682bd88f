package org.jvmipc.internal.posix;

import java.io.IOException;

/** Pipes and FIFOs, non-blocking: {@code read(2)} and {@code write(2)}. */
final class PipePath implements DataPath {
    static final PipePath INSTANCE = new PipePath();

    private PipePath() {}

    @Override
    public int read(int fd, NativeBuffer target, int offset, int count) {
        return OsCalls.read(fd, target.address() + offset, count);
    }

    @Override
    public int write(int fd, NativeBuffer source, int offset, int count) {
        return OsCalls.write(fd, source.address() + offset, count);
    }

    @Override
    public int readBlocking(int fd, NativeBuffer target, int offset, int count) {
        return OsCalls.readOnce(fd, target.address() + offset, count);
    }

    @Override
    public boolean blocksItself() {
        return false;
    }

    @Override
    public int capacity(int fd) throws IOException {
        return OsCalls.pipeCapacity(fd);
    }

    @Override
    public int room(int fd) throws IOException {
        return OsCalls.pipeCapacity(fd) - OsCalls.bytesWaiting(fd);
    }

    @Override
    public boolean isAtomic() {
        return true;
    }
}
