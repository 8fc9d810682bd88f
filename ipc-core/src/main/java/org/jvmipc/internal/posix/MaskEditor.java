package org.jvmipc.internal.posix;

import com.sun.jna.Pointer;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.SecureRandom;
import org.jspecify.annotations.Nullable;
import org.jvmipc.UnsupportedMechanismException;

/**
 * The mask editor of this JVM: signal handlers in machine code that change the signal mask of the thread they run on,
 * which no other thread can. {@link MaskEditorLayout} has the instructions and says what they do.
 *
 * <p>It is made at the first need and stays for the life of the JVM, since a handler may be under way at any time. Its
 * code is written once, into a page that is then made executable and read-only: never both writable and executable.
 *
 * <p><b>Thread safety.</b> Changes of the masks are the caller's to serialise; anybody may read the counters.
 */
public final class MaskEditor {
    /** Read by machine code on other threads, between any two instructions: each is one aligned word of eight bytes. */
    private static final VarHandle WORD = MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private static @Nullable MaskEditor instance;

    private final ByteBuffer data;
    private final long code;
    private final int token;

    private MaskEditor(ByteBuffer data, long code, int token) {
        this.data = data;
        this.code = code;
        this.token = token;
    }

    /**
     * The one of this JVM.
     *
     * @throws UnsupportedMechanismException if memory cannot be made executable; {@code remedy} says what to do instead
     */
    public static synchronized MaskEditor get(String remedy) throws UnsupportedMechanismException {
        MaskEditor editor = instance;
        if (editor == null) {
            editor = make(remedy);
            instance = editor;
        }
        return editor;
    }

    /** The same if it has been made. */
    public static synchronized @Nullable MaskEditor getIfMade() {
        return instance;
    }

    private static MaskEditor make(String remedy) throws UnsupportedMechanismException {
        NativeLibraryLoader.require();
        long data = Memory.map(MaskEditorLayout.PAGE);
        long code = Memory.map(MaskEditorLayout.PAGE);
        if (data == Memory.MAP_FAILED || code == Memory.MAP_FAILED) {
            unmap(data, code);
            throw new UnsupportedMechanismException("no memory for the handlers of signals (mmap failed); " + remedy);
        }
        ByteBuffer words =
                new Pointer(data).getByteBuffer(0, MaskEditorLayout.PAGE).order(ByteOrder.LITTLE_ENDIAN);
        int token = new SecureRandom().nextInt();
        words.putInt(MaskEditorLayout.PROCESS, (int) ProcessHandle.current().pid());
        words.putInt(MaskEditorLayout.TOKEN, token);
        words.putLong(MaskEditorLayout.KEEP, -1);
        new Pointer(code).write(0, MaskEditorLayout.code(data), 0, MaskEditorLayout.PAGE);
        if (!Memory.tryMakeExecutable(code, MaskEditorLayout.PAGE)) {
            unmap(data, code);
            throw new UnsupportedMechanismException(
                    "this process may not make memory executable (mprotect failed), which the handlers of signals need; "
                            + remedy);
        }
        return new MaskEditor(words, code, token);
    }

    private static void unmap(long... pages) {
        for (long page : pages) {
            if (page != Memory.MAP_FAILED) {
                Memory.unmap(page, MaskEditorLayout.PAGE);
            }
        }
    }

    /** From now on the handlers block these signals on the threads they run on, bit n-1 for signal n. */
    public void block(long signals) {
        // First no longer unblock, then block: a handler between the two leaves a thread as it is, and runs again.
        WORD.setRelease(data, MaskEditorLayout.KEEP, -1L);
        WORD.setRelease(data, MaskEditorLayout.ADD, (long) WORD.getAcquire(data, MaskEditorLayout.ADD) | signals);
    }

    /** From now on the handlers unblock these signals on the threads they run on. */
    public void unblock(long signals) {
        WORD.setRelease(data, MaskEditorLayout.ADD, (long) WORD.getAcquire(data, MaskEditorLayout.ADD) & ~signals);
        WORD.setRelease(data, MaskEditorLayout.KEEP, ~signals);
    }

    /** From now on the handlers unblock nothing. */
    public void unblockNone() {
        WORD.setRelease(data, MaskEditorLayout.KEEP, -1L);
    }

    /** The action of the carrier: edits the mask. Its own mask is empty, so that what a thread has blocked is the truth. */
    public SignalAction carrierAction() {
        return SignalAction.handler(code + MaskEditorLayout.CARRIER_HANDLER, 0);
    }

    /**
     * The action of a managed signal: edits the mask and sends the signal back to the process.
     *
     * @param mask what is blocked meanwhile
     */
    public SignalAction managedAction(long mask) {
        return SignalAction.handler(code + MaskEditorLayout.MANAGED_HANDLER, mask);
    }

    /**
     * The action of a signal that is being given back: does nothing. To ignore the signal would do the same, but a process
     * that is started meanwhile would keep that, while a function is the default action to it.
     */
    public SignalAction discardingAction() {
        return SignalAction.handler(code + MaskEditorLayout.DISCARDING_HANDLER, 0);
    }

    /** Whether it is one of these. */
    public boolean isOwn(SignalAction action) {
        return action.handler() == code + MaskEditorLayout.CARRIER_HANDLER
                || action.handler() == code + MaskEditorLayout.MANAGED_HANDLER
                || action.handler() == code + MaskEditorLayout.DISCARDING_HANDLER;
    }

    /** What marks a signal that was sent back, in its {@code errno}. */
    public int token() {
        return token;
    }

    /** How many of that signal have hit a thread not masked, and were sent back to the process. */
    public long requeued(int signal) {
        return counter(MaskEditorLayout.REQUEUED, signal);
    }

    /** How many could not be sent back, as the queue was full. */
    public long lost(int signal) {
        return counter(MaskEditorLayout.LOST, signal);
    }

    /** How many were sent to one thread alone, and dropped. */
    public long direct(int signal) {
        return counter(MaskEditorLayout.DIRECT, signal);
    }

    private long counter(int table, int signal) {
        return (long) WORD.getAcquire(data, table + signal * Long.BYTES);
    }
}
