package org.jvmipc.internal.posix;

import com.sun.jna.Function;
import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.PointerByReference;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * System calls on the path of data without the detour through JNA: a native method of Java bound to six instructions that
 * put its arguments where the kernel wants them.
 *
 * <p>A call through JNA costs about 130 ns more than one through JNI, and a round trip over a pipe has four of them: that
 * alone would put it a tenth behind C. The instructions are what a C compiler makes of
 * {@code return syscall(number, a, b, c)} without {@code errno}:
 *
 * <pre>
 *   endbr64             f3 0f 1e fa     JNI passes    rdi env, rsi class, rdx number, rcx a, r8 b, r9 c
 *   mov rax, rdx        48 89 d0        the kernel wants      rax number, rdi a, rsi b, rdx c
 *   mov rdi, rcx        48 89 cf        and may change rcx and r11, as a called function may
 *   mov rsi, r8         4c 89 c6
 *   mov rdx, r9         4c 89 ca
 *   syscall             0f 05           answers a value or -errno
 *   ret                 c3
 * </pre>
 *
 * <p>A second entry takes six arguments. JNI passes the last three on the stack, above the return address:
 *
 * <pre>
 *   ... as above, and before syscall
 *   mov r10, [rsp+8]    4c 8b 54 24 08
 *   mov r8, [rsp+16]    4c 8b 44 24 10
 *   mov r9, [rsp+24]    4c 8b 4c 24 18
 * </pre>
 *
 * <p>The page is written, then made executable and read-only: never both writable and executable. Where that is forbidden,
 * on other architectures, and with {@code -Dorg.jvmipc.direct=false} the same calls go through JNA.
 */
final class DirectCalls {
    static final long SYS_READ = 0;
    static final long SYS_WRITE = 1;
    static final long SYS_POLL = 7;
    static final long SYS_PREAD64 = 17;
    static final long SYS_SENDTO = 44;
    static final long SYS_RECVFROM = 45;
    static final long SYS_SENDMSG = 46;
    static final long SYS_RECVMSG = 47;
    static final long SYS_FCNTL = 72;
    static final long SYS_GETTID = 186;
    static final long SYS_TGKILL = 234;

    /** {@code jni.h}: places in the tables of functions. */
    private static final int GET_ENV = 6;

    private static final int REGISTER_NATIVES = 215;
    private static final int JNI_VERSION_1_8 = 0x00010008;

    private static final int PAGE = 4096;

    /** Room for a name or a signature. */
    private static final int TEXT = 16;

    private static final int[] X86_64 = {
        0xf3, 0x0f, 0x1e, 0xfa, 0x48, 0x89, 0xd0, 0x48, 0x89, 0xcf, 0x4c, 0x89, 0xc6, 0x4c, 0x89, 0xca, 0x0f, 0x05, 0xc3
    };

    /** Where the second entry begins in the page. */
    private static final int SIX = 32;

    private static final int[] X86_64_SIX = {
        0xf3, 0x0f, 0x1e, 0xfa, 0x48, 0x89, 0xd0, 0x48, 0x89, 0xcf, 0x4c, 0x89, 0xc6, 0x4c, 0x89, 0xca, 0x4c, 0x8b,
        0x54, 0x24, 0x08, 0x4c, 0x8b, 0x44, 0x24, 0x10, 0x4c, 0x8b, 0x4c, 0x24, 0x18, 0x0f, 0x05, 0xc3
    };

    /** Whether {@link #call} and {@link #callSix} may be called. */
    static final boolean AVAILABLE = install();

    private DirectCalls() {}

    /** A system call of at most three arguments: its value, or {@code -errno}. */
    static native long call(long number, long a, long b, long c);

    /** A system call of at most six arguments: its value, or {@code -errno}. */
    static native long callSix(long number, long a, long b, long c, long d, long e, long f);

    private static boolean install() {
        if (!Platform.X86_64 || !Platform.LINUX || "false".equals(System.getProperty("org.jvmipc.direct"))) {
            return false;
        }
        long page = Memory.map(PAGE);
        if (page == Memory.MAP_FAILED) {
            return false;
        }
        Pointer code = new Pointer(page);
        for (int i = 0; i < X86_64.length; i++) {
            code.setByte(i, (byte) X86_64[i]);
        }
        for (int i = 0; i < X86_64_SIX.length; i++) {
            code.setByte(SIX + i, (byte) X86_64_SIX[i]);
        }
        boolean bound = Memory.tryMakeExecutable(page, PAGE) && tryRegister(code);
        if (!bound) {
            Memory.unmap(page, PAGE);
        }
        return bound;
    }

    private static boolean tryRegister(Pointer code) {
        try {
            return register(code);
        } catch (RuntimeException | LinkageError e) {
            return false; // another virtual machine than expected: JNA does it
        }
    }

    /** {@code RegisterNatives} of this class's native methods. */
    private static boolean register(Pointer code) {
        Pointer env = environment();
        if (env == null) {
            return false;
        }
        String[] names = {"call", "callSix"};
        String[] signatures = {"(JJJJ)J", "(JJJJJJJ)J"};
        Pointer[] functions = {code, code.share(SIX)};
        Pointer text = new com.sun.jna.Memory((long) names.length * 2 * TEXT);
        // JNINativeMethod: name, signature, function
        Pointer methods = new com.sun.jna.Memory(3L * names.length * Native.POINTER_SIZE);
        for (int i = 0; i < names.length; i++) {
            Pointer name = text.share(2L * i * TEXT);
            Pointer signature = name.share(TEXT);
            name.setString(0, names[i]);
            signature.setString(0, signatures[i]);
            long method = 3L * i * Native.POINTER_SIZE;
            methods.setPointer(method, name);
            methods.setPointer(method + Native.POINTER_SIZE, signature);
            methods.setPointer(method + 2L * Native.POINTER_SIZE, functions[i]);
        }
        Object result = function(env, REGISTER_NATIVES)
                .invoke(
                        Integer.class,
                        new Object[] {env, DirectCalls.class, methods, names.length},
                        Map.of(Library.OPTION_ALLOW_OBJECTS, Boolean.TRUE));
        return Integer.valueOf(0).equals(result);
    }

    /** This thread's {@code JNIEnv}, asked of the one virtual machine of this process. */
    private static @Nullable Pointer environment() {
        PointerByReference machine = new PointerByReference();
        PointerByReference count = new PointerByReference();
        Function machines;
        try {
            machines = NativeLibrary.getProcess().getFunction("JNI_GetCreatedJavaVMs");
        } catch (UnsatisfiedLinkError e) {
            return null;
        }
        int failed = machines.invokeInt(new Object[] {machine, 1, count});
        Pointer javaMachine = machine.getValue();
        if (failed != 0 || javaMachine == null) {
            return null;
        }
        PointerByReference env = new PointerByReference();
        failed = function(javaMachine, GET_ENV).invokeInt(new Object[] {javaMachine, env, JNI_VERSION_1_8});
        return failed == 0 ? env.getValue() : null;
    }

    private static Function function(Pointer object, int index) {
        Pointer table = object.getPointer(0);
        return Function.getFunction(table.getPointer((long) index * Native.POINTER_SIZE));
    }
}
