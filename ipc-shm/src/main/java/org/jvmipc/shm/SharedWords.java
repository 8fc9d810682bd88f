package org.jvmipc.shm;

import java.nio.ByteBuffer;
import org.jvmipc.shm.internal.LateErrors;
import org.jvmipc.shm.internal.Words;

/**
 * {@link Words} of one piece of memory, which tell of damage in our own words: what Java throws where a page has gone is an
 * {@link InternalError}, which nobody would expect of a variable.
 *
 * <p>That error is thrown when the thread comes to its next safepoint poll, so there is one right behind each access, in the
 * same try. Java 17 throws it no sooner than when the thread has been in the virtual machine, which a loop of accesses may
 * never do by itself: there each {@value #PERIOD}th access enters it, and until then what was read may be anything.
 */
final class SharedWords {
    private static final int PERIOD = 64;

    private final ByteBuffer memory;
    private final String object;
    private int accesses;

    SharedWords(ByteBuffer memory, String object) {
        this.memory = memory;
        this.object = object;
    }

    private void letErrorsCome() {
        if (!LateErrors.waitForVirtualMachine()) {
            LateErrors.poll();
        } else if (++accesses % PERIOD == 0) { // threads may miscount it: then it is another access
            LateErrors.come();
        }
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
            int result = Words.get(memory, offset);
            letErrorsCome();
            return result;
        } catch (InternalError e) {
            throw damaged(e);
        }
    }

    int getAcquire(int offset) {
        try {
            int result = Words.getAcquire(memory, offset);
            letErrorsCome();
            return result;
        } catch (InternalError e) {
            throw damaged(e);
        }
    }

    int getVolatile(int offset) {
        try {
            int result = Words.getVolatile(memory, offset);
            letErrorsCome();
            return result;
        } catch (InternalError e) {
            throw damaged(e);
        }
    }

    void set(int offset, int value) {
        try {
            Words.set(memory, offset, value);
            letErrorsCome();
        } catch (InternalError e) {
            throw damaged(e);
        }
    }

    void setRelease(int offset, int value) {
        try {
            Words.setRelease(memory, offset, value);
            letErrorsCome();
        } catch (InternalError e) {
            throw damaged(e);
        }
    }

    void setVolatile(int offset, int value) {
        try {
            Words.setVolatile(memory, offset, value);
            letErrorsCome();
        } catch (InternalError e) {
            throw damaged(e);
        }
    }

    boolean compareAndSet(int offset, int expected, int value) {
        try {
            boolean result = Words.compareAndSet(memory, offset, expected, value);
            letErrorsCome();
            return result;
        } catch (InternalError e) {
            throw damaged(e);
        }
    }

    int getAndSet(int offset, int operand) {
        try {
            int result = Words.getAndSet(memory, offset, operand);
            letErrorsCome();
            return result;
        } catch (InternalError e) {
            throw damaged(e);
        }
    }

    int getAndAdd(int offset, int operand) {
        try {
            int result = Words.getAndAdd(memory, offset, operand);
            letErrorsCome();
            return result;
        } catch (InternalError e) {
            throw damaged(e);
        }
    }

    // ---- 64 bits

    long getLong(int offset) {
        try {
            long result = Words.getLong(memory, offset);
            letErrorsCome();
            return result;
        } catch (InternalError e) {
            throw damaged(e);
        }
    }

    long getLongAcquire(int offset) {
        try {
            long result = Words.getLongAcquire(memory, offset);
            letErrorsCome();
            return result;
        } catch (InternalError e) {
            throw damaged(e);
        }
    }

    long getLongVolatile(int offset) {
        try {
            long result = Words.getLongVolatile(memory, offset);
            letErrorsCome();
            return result;
        } catch (InternalError e) {
            throw damaged(e);
        }
    }

    void setLong(int offset, long value) {
        try {
            Words.setLong(memory, offset, value);
            letErrorsCome();
        } catch (InternalError e) {
            throw damaged(e);
        }
    }

    void setLongRelease(int offset, long value) {
        try {
            Words.setLongRelease(memory, offset, value);
            letErrorsCome();
        } catch (InternalError e) {
            throw damaged(e);
        }
    }

    void setLongVolatile(int offset, long value) {
        try {
            Words.setLongVolatile(memory, offset, value);
            letErrorsCome();
        } catch (InternalError e) {
            throw damaged(e);
        }
    }

    boolean compareAndSet(int offset, long expected, long value) {
        try {
            boolean result = Words.compareAndSet(memory, offset, expected, value);
            letErrorsCome();
            return result;
        } catch (InternalError e) {
            throw damaged(e);
        }
    }

    long getAndSet(int offset, long operand) {
        try {
            long result = Words.getAndSet(memory, offset, operand);
            letErrorsCome();
            return result;
        } catch (InternalError e) {
            throw damaged(e);
        }
    }

    long getAndAdd(int offset, long operand) {
        try {
            long result = Words.getAndAdd(memory, offset, operand);
            letErrorsCome();
            return result;
        } catch (InternalError e) {
            throw damaged(e);
        }
    }
}
