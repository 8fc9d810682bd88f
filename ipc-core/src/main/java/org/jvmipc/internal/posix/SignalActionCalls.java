package org.jvmipc.internal.posix;

import java.lang.ref.Reference;
import org.jspecify.annotations.Nullable;
import org.jvmipc.IpcException;

/** The door to the kernel as far as the actions of signals in this process go: what they are, whose, replacing them. */
public final class SignalActionCalls {
    private static final int PATH_CHARS = 4096;

    private SignalActionCalls() {}

    /** The present action; {@code sigaction(2)}. */
    public static SignalAction current(int signal) throws IpcException {
        NativeLibraryLoader.require();
        NativeBuffer old = new NativeBuffer(SignalAction.BYTES);
        Calls.call("sigaction", "signal=" + signal, () -> SignalCalls.sigaction(signal, 0, old.address()));
        return SignalAction.read(old);
    }

    /** Sets the action; {@code sigaction(2)}. */
    public static void set(int signal, SignalAction action) throws IpcException {
        swap(signal, action);
    }

    /** Sets the action, and tells which it has replaced, in one system call: nobody's comes in between. */
    public static SignalAction swap(int signal, SignalAction action) throws IpcException {
        NativeLibraryLoader.require();
        NativeBuffer next = buffer(action);
        NativeBuffer old = new NativeBuffer(SignalAction.BYTES);
        swap(signal, next, old);
        return SignalAction.read(old);
    }

    /**
     * Sets two actions, with as little between them as can be: the first empties the queue, and children that are started
     * meanwhile would keep it.
     *
     * @return which the first has replaced, or a function that the second has
     */
    public static SignalAction swapTwice(int signal, SignalAction first, SignalAction second) throws IpcException {
        NativeLibraryLoader.require();
        NativeBuffer one = buffer(first);
        NativeBuffer two = buffer(second);
        NativeBuffer old = new NativeBuffer(SignalAction.BYTES);
        NativeBuffer between = new NativeBuffer(SignalAction.BYTES);
        swap(signal, one, old);
        swap(signal, two, between);
        SignalAction replaced = SignalAction.read(between);
        return replaced.isHandler() ? replaced : SignalAction.read(old);
    }

    private static NativeBuffer buffer(SignalAction action) {
        NativeBuffer buffer = new NativeBuffer(SignalAction.BYTES);
        action.write(buffer);
        return buffer;
    }

    private static void swap(int signal, NativeBuffer next, NativeBuffer old) throws IpcException {
        try {
            Calls.call(
                    "sigaction",
                    "signal=" + signal,
                    () -> SignalCalls.sigaction(signal, next.address(), old.address()));
        } finally {
            Reference.reachabilityFence(next);
            Reference.reachabilityFence(old);
        }
    }

    /** Sends a signal to one thread of this process; {@code tgkill(2)}: 0, or {@code -errno}. */
    public static int signalThread(long process, long thread, int signal) {
        return Calls.result("tgkill", () -> Unistd.syscall(SignalCalls.SYS_TGKILL, process, thread, signal, 0, 0));
    }

    /**
     * Where a function lies, such as {@code pthread_kill in /lib/x86_64-linux-gnu/libc.so.6}; {@code dladdr(3)}.
     *
     * @return null if it lies in no library, as generated code does, or that cannot be found out
     */
    public static @Nullable String function(long address) {
        NativeBuffer info = new NativeBuffer(Dlfcn.INFO_BYTES);
        try {
            if (Calls.result("dladdr", () -> Dlfcn.dladdr(address, info.address())) <= 0) {
                return null;
            }
            String library = Dlfcn.text(info.bytes().getLong(Dlfcn.INFO_LIBRARY), PATH_CHARS);
            String symbol = Dlfcn.text(info.bytes().getLong(Dlfcn.INFO_SYMBOL), PATH_CHARS);
            return symbol == null ? library : symbol + " in " + library;
        } catch (LinkageError e) {
            return null; // a C library before 2.34 has it elsewhere
        } finally {
            Reference.reachabilityFence(info);
        }
    }
}
