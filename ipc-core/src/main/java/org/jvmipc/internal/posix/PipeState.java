package org.jvmipc.internal.posix;

import java.io.IOException;

/**
 * What a pipe or a FIFO tells of itself with nothing read: what lies in it, how much it holds, who has its other end.
 *
 * <p><b>Thread safety.</b> As said of each method of {@link PolledFd}, which asks here.
 */
final class PipeState {
    private final Fd fd;
    private final FdWait waiting;

    /** Whether a writer has passed since the description was opened, so that poll tells when there is none. */
    private boolean passed;

    PipeState(Fd fd, FdWait waiting) {
        this.fd = fd;
        this.waiting = waiting;
    }

    int peek() {
        // Into no memory: the kernel looks for bytes, then for writers, and keeps what it cannot deliver.
        int result = OsCalls.read(fd.number(), 0, 1);
        return result == -Errno.EFAULT ? 1 : result;
    }

    int look(PipePeek peek) throws IOException {
        return fd.use(peek::look);
    }

    int capacity() throws IOException {
        return fd.use(OsCalls::pipeCapacity);
    }

    int setCapacity(int bytes) throws IOException {
        return fd.use(number -> OsCalls.setPipeCapacity(number, bytes));
    }

    int bytesWaiting() throws IOException {
        return fd.use(OsCalls::bytesWaiting);
    }

    /** Puts a new open file description of the same pipe in the place of this one. */
    void renew() throws IOException {
        passed = false;
        fd.use(number -> {
            OsCalls.renewReading(number);
            return number;
        });
    }

    boolean isHungUp() throws IOException {
        return fd.use(number -> waiting.pollAlone(0, 0) > 0);
    }

    boolean isLeft() throws IOException {
        if (isHungUp()) {
            return true;
        }
        if (passed) {
            return false;
        }
        passed = fd.use(OsCalls::passAsWriter);
        return !passed || isHungUp();
    }
}
