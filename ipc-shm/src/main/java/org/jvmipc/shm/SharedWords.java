package org.jvmipc.shm;

import java.nio.ByteBuffer;
import org.jvmipc.shm.internal.Words;

/**
 * {@link Words} of one piece of memory, which tell of damage in our own words: what Java throws where a page has gone is an
 * {@link InternalError}, which nobody would expect of a variable.
 */
final class SharedWords {
    private final ByteBuffer memory;
    private final String object;

    SharedWords(ByteBuffer memory, String object) {
        this.memory = memory;
        this.object = object;
    }

    /** Names the memory in the messages of errors. */
    String object() {
        return object;
    }

    ByteBuffer memory() {
        return memory;
    }

    private DamagedSegmentException damaged(InternalError cause) {
        return new DamagedSegmentException(
                object + ": its memory is gone; another process has cut its file off", cause);
    }

    // ---- 32 bits

    int get(int offset) {
        try {
            return Words.get(memory, offset);
        } catch (InternalError e) {
            throw damaged(e);
        }
    }

    int getAcquire(int offset) {
        try {
            return Words.getAcquire(memory, offset);
        } catch (InternalError e) {
            throw damaged(e);
        }
    }

    int getVolatile(int offset) {
        try {
            return Words.getVolatile(memory, offset);
        } catch (InternalError e) {
            throw damaged(e);
        }
    }

    void set(int offset, int value) {
        try {
            Words.set(memory, offset, value);
        } catch (InternalError e) {
            throw damaged(e);
        }
    }

    void setRelease(int offset, int value) {
        try {
            Words.setRelease(memory, offset, value);
        } catch (InternalError e) {
            throw damaged(e);
        }
    }

    void setVolatile(int offset, int value) {
        try {
            Words.setVolatile(memory, offset, value);
        } catch (InternalError e) {
            throw damaged(e);
        }
    }

    boolean compareAndSet(int offset, int expected, int value) {
        try {
            return Words.compareAndSet(memory, offset, expected, value);
        } catch (InternalError e) {
            throw damaged(e);
        }
    }

    int getAndSet(int offset, int operand) {
        try {
            return Words.getAndSet(memory, offset, operand);
        } catch (InternalError e) {
            throw damaged(e);
        }
    }

    int getAndAdd(int offset, int operand) {
        try {
            return Words.getAndAdd(memory, offset, operand);
        } catch (InternalError e) {
            throw damaged(e);
        }
    }

    // ---- 64 bits

    long getLong(int offset) {
        try {
            return Words.getLong(memory, offset);
        } catch (InternalError e) {
            throw damaged(e);
        }
    }

    long getLongAcquire(int offset) {
        try {
            return Words.getLongAcquire(memory, offset);
        } catch (InternalError e) {
            throw damaged(e);
        }
    }

    long getLongVolatile(int offset) {
        try {
            return Words.getLongVolatile(memory, offset);
        } catch (InternalError e) {
            throw damaged(e);
        }
    }

    void setLong(int offset, long value) {
        try {
            Words.setLong(memory, offset, value);
        } catch (InternalError e) {
            throw damaged(e);
        }
    }

    void setLongRelease(int offset, long value) {
        try {
            Words.setLongRelease(memory, offset, value);
        } catch (InternalError e) {
            throw damaged(e);
        }
    }

    void setLongVolatile(int offset, long value) {
        try {
            Words.setLongVolatile(memory, offset, value);
        } catch (InternalError e) {
            throw damaged(e);
        }
    }

    boolean compareAndSet(int offset, long expected, long value) {
        try {
            return Words.compareAndSet(memory, offset, expected, value);
        } catch (InternalError e) {
            throw damaged(e);
        }
    }

    long getAndSet(int offset, long operand) {
        try {
            return Words.getAndSet(memory, offset, operand);
        } catch (InternalError e) {
            throw damaged(e);
        }
    }

    long getAndAdd(int offset, long operand) {
        try {
            return Words.getAndAdd(memory, offset, operand);
        } catch (InternalError e) {
            throw damaged(e);
        }
    }
}
