package org.jvmipc.internal.posix;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The mask editor: three signal handlers in machine code, and the page of data that they work on. A handler is called by
 * the kernel, on whichever thread the signal has hit, between any two instructions of it. Java could not be; these
 * call nothing but the kernel, take no lock and use no stack, so they are async-signal-safe. What a handler finds in
 * {@code ucontext.uc_sigmask} the kernel makes the thread's mask when the handler returns.
 *
 * <p>The page of data, readable and writable:
 *
 * <pre>
 *    0  long      ADD        signals that every thread shall have blocked, bit n-1 for signal n
 *    8  long      KEEP       signals whose bit is 0 shall be unblocked
 *   16  long      EDITS      how often the carrier's handler has run
 *   24  int       PROCESS    this process's number
 *   28  int       TOKEN      marks what was sent back, so that nobody else can
 *  512  long[65]  REQUEUED   by signal (number 64 lies where the next table's 0 would, which is none): sent back to the process
 * 1024  long[65]  LOST       by signal: could not be sent back, as the queue was full
 * 1536  long[65]  DIRECT     by signal: was meant for that thread alone, and dropped
 * </pre>
 *
 * <p><b>The carrier's handler</b>, x86-64; it gets rdi signal, rsi siginfo, rdx ucontext:
 *
 * <pre>
 *   endbr64                            f3 0f 1e fa
 *   mov   r9, DATA                     49 b9 (8 bytes)
 *   mov   rax, [r9+KEEP]               49 8b 41 08
 *   and   [rdx+0x128], rax             48 21 82 28 01 00 00     uc_sigmask
 *   mov   rax, [r9+ADD]                49 8b 01
 *   or    [rdx+0x128], rax             48 09 82 28 01 00 00
 *   lock inc qword [r9+EDITS]          f0 49 ff 41 10
 *   ret                                c3
 * </pre>
 *
 * <p><b>The handler of a managed signal</b>, for one that hits a thread not masked yet: masks it and sends the signal
 * to the back of the process's queue, with all that came with it. The kernel takes a code of 0 and above, as that of
 * kill(2), from the first thread alone; so such a code gets its sign bit set, and the token goes into {@code errno} to
 * tell it from what others send.
 *
 * <pre>
 *   endbr64                            f3 0f 1e fa
 *   mov   r9, DATA                     49 b9 (8 bytes)
 *   mov   rax, [r9+ADD]                49 8b 01
 *   or    [rdx+0x128], rax             48 09 82 28 01 00 00     uc_sigmask
 *   mov   r8d, edi                     41 89 f8                 the kernel keeps r8, r9
 *   cmp   dword [rsi+8], -6            83 7e 08 fa              SI_TKILL: for this thread alone
 *   je    direct                       74 3d
 *   cmp   dword [rsi+8], 0             83 7e 08 00
 *   jl    send                         7c 0e
 *   mov   eax, [r9+TOKEN]              41 8b 41 1c
 *   mov   [rsi+4], eax                 89 46 04                 errno
 *   or    dword [rsi+8], 0x80000000    81 4e 08 00 00 00 80     code
 * send:
 *   mov   rdx, rsi                     48 89 f2                 rt_sigqueueinfo(process, signal, info)
 *   mov   esi, r8d                     44 89 c6
 *   mov   edi, [r9+PROCESS]            41 8b 79 18
 *   mov   eax, 129                     b8 81 00 00 00
 *   syscall                            0f 05
 *   test  eax, eax                     85 c0
 *   jne   lost                         75 0a
 *   lock inc qword [r9+r8*8+REQUEUED]  f0 4b ff 84 c1 00 02 00 00
 *   ret                                c3
 * lost:
 *   lock inc qword [r9+r8*8+LOST]      f0 4b ff 84 c1 00 04 00 00
 *   ret                                c3
 * direct:
 *   lock inc qword [r9+r8*8+DIRECT]    f0 4b ff 84 c1 00 06 00 00
 *   ret                                c3
 * </pre>
 *
 * <p><b>The handler of a signal that is being given back</b>, which discards it:
 *
 * <pre>
 *   endbr64                            f3 0f 1e fa
 *   ret                                c3
 * </pre>
 *
 * <p><b>aarch64</b>, the same, <b>unproven</b>: it has not run yet. x0 signal, x1 siginfo, x2 ucontext,
 * {@code uc_sigmask} at 40; the address of the data stands behind the instructions. The kernel brings the instruction
 * cache in order when a page becomes executable that has not been so before.
 */
final class MaskEditorLayout {
    static final int ADD = 0;
    static final int KEEP = 8;
    static final int EDITS = 16;
    static final int PROCESS = 24;
    static final int TOKEN = 28;
    static final int REQUEUED = 512;
    static final int LOST = 1024;
    static final int DIRECT = 1536;

    /** Size of the page of data, and of that of code. */
    static final int PAGE = 4096;

    /** Where the handlers begin in the page of code. */
    static final int CARRIER_HANDLER = 0;

    static final int MANAGED_HANDLER = 256;
    static final int DISCARDING_HANDLER = 512;

    /** In an x86-64 handler: where the address of the data stands. */
    private static final int X86_64_DATA = 6;

    private static final int[] X86_64_CARRIER = {
        0xf3, 0x0f, 0x1e, 0xfa, 0x49, 0xb9, 0, 0, 0, 0, 0, 0, 0, 0, 0x49, 0x8b, 0x41, 0x08, 0x48, 0x21, 0x82, 0x28,
        0x01, 0x00, 0x00, 0x49, 0x8b, 0x01, 0x48, 0x09, 0x82, 0x28, 0x01, 0x00, 0x00, 0xf0, 0x49, 0xff, 0x41, 0x10, 0xc3
    };

    private static final int[] X86_64_MANAGED = {
        0xf3, 0x0f, 0x1e, 0xfa, 0x49, 0xb9, 0, 0, 0, 0, 0, 0, 0, 0, 0x49, 0x8b, 0x01, 0x48, 0x09, 0x82, 0x28, 0x01,
        0x00, 0x00, 0x41, 0x89, 0xf8, 0x83, 0x7e, 0x08, 0xfa, 0x74, 0x3d, 0x83, 0x7e, 0x08, 0x00, 0x7c, 0x0e, 0x41,
        0x8b, 0x41, 0x1c, 0x89, 0x46, 0x04, 0x81, 0x4e, 0x08, 0x00, 0x00, 0x00, 0x80, 0x48, 0x89, 0xf2, 0x44, 0x89,
        0xc6, 0x41, 0x8b, 0x79, 0x18, 0xb8, 0x81, 0x00, 0x00, 0x00, 0x0f, 0x05, 0x85, 0xc0, 0x75, 0x0a, 0xf0, 0x4b,
        0xff, 0x84, 0xc1, 0x00, 0x02, 0x00, 0x00, 0xc3, 0xf0, 0x4b, 0xff, 0x84, 0xc1, 0x00, 0x04, 0x00, 0x00, 0xc3,
        0xf0, 0x4b, 0xff, 0x84, 0xc1, 0x00, 0x06, 0x00, 0x00, 0xc3
    };

    private static final int[] X86_64_DISCARDING = {0xf3, 0x0f, 0x1e, 0xfa, 0xc3};

    private static final int[] AARCH64_CARRIER = {
        0xd503245f, //         bti   c
        0x580001a9, //         ldr   x9, data
        0xf940052a, //         ldr   x10, [x9, #KEEP]
        0xf940144b, //         ldr   x11, [x2, #40]       uc_sigmask
        0x8a0a016b, //         and   x11, x11, x10
        0xf940012a, //         ldr   x10, [x9, #ADD]
        0xaa0a016b, //         orr   x11, x11, x10
        0xf900144b, //         str   x11, [x2, #40]
        0x9100412a, //         add   x10, x9, #EDITS
        0xc85f7d4b, // count:  ldxr  x11, [x10]
        0x9100056b, //         add   x11, x11, #1
        0xc80c7d4b, //         stxr  w12, x11, [x10]
        0x35ffffac, //         cbnz  w12, count
        0xd65f03c0, //         ret
    }; //              data:   .quad

    private static final int[] AARCH64_MANAGED = {
        0xd503245f, //         bti   c
        0x580003e9, //         ldr   x9, data
        0xf940012a, //         ldr   x10, [x9, #ADD]
        0xf940144b, //         ldr   x11, [x2, #40]       uc_sigmask
        0xaa0a016b, //         orr   x11, x11, x10
        0xf900144b, //         str   x11, [x2, #40]
        0x2a0003ed, //         mov   w13, w0
        0x8b0d0d2a, //         add   x10, x9, x13, lsl #3
        0xb940082c, //         ldr   w12, [x1, #8]        code
        0x3100199f, //         cmn   w12, #6              SI_TKILL
        0x54000200, //         b.eq  direct
        0x37f800ac, //         tbnz  w12, #31, send
        0xb9401d2b, //         ldr   w11, [x9, #TOKEN]
        0xb900042b, //         str   w11, [x1, #4]        errno
        0x3201018c, //         orr   w12, w12, #0x80000000
        0xb900082c, //         str   w12, [x1, #8]
        0xaa0103e2, // send:   mov   x2, x1
        0x2a0d03e1, //         mov   w1, w13
        0xb9401920, //         ldr   w0, [x9, #PROCESS]
        0xd2801148, //         mov   x8, #138             rt_sigqueueinfo
        0xd4000001, //         svc   #0
        0x35000060, //         cbnz  w0, lost
        0x9108014a, //         add   x10, x10, #REQUEUED
        0x14000004, //         b     count
        0x9110014a, // lost:   add   x10, x10, #LOST
        0x14000002, //         b     count
        0x9118014a, // direct: add   x10, x10, #DIRECT
        0xc85f7d4b, // count:  ldxr  x11, [x10]
        0x9100056b, //         add   x11, x11, #1
        0xc80c7d4b, //         stxr  w12, x11, [x10]
        0x35ffffac, //         cbnz  w12, count
        0xd65f03c0, //         ret
    }; //              data:   .quad

    private static final int[] AARCH64_DISCARDING = {
        0xd503245f, //         bti   c
        0xd65f03c0, //         ret
    };

    private MaskEditorLayout() {}

    /** The page of code, for a page of data at this address. */
    static byte[] code(long data) {
        return code(data, Platform.AARCH64);
    }

    static byte[] code(long data, boolean aarch64) {
        ByteBuffer page = ByteBuffer.allocate(PAGE).order(ByteOrder.LITTLE_ENDIAN);
        if (aarch64) {
            page.putLong(putWords(page, CARRIER_HANDLER, AARCH64_CARRIER), data);
            page.putLong(putWords(page, MANAGED_HANDLER, AARCH64_MANAGED), data);
            putWords(page, DISCARDING_HANDLER, AARCH64_DISCARDING);
        } else {
            putBytes(page, CARRIER_HANDLER, X86_64_CARRIER);
            putBytes(page, MANAGED_HANDLER, X86_64_MANAGED);
            putBytes(page, DISCARDING_HANDLER, X86_64_DISCARDING);
            page.putLong(CARRIER_HANDLER + X86_64_DATA, data);
            page.putLong(MANAGED_HANDLER + X86_64_DATA, data);
        }
        return page.array();
    }

    private static void putBytes(ByteBuffer page, int offset, int[] bytes) {
        for (int i = 0; i < bytes.length; i++) {
            page.put(offset + i, (byte) bytes[i]);
        }
    }

    /** Where it ends. */
    private static int putWords(ByteBuffer page, int offset, int[] words) {
        for (int i = 0; i < words.length; i++) {
            page.putInt(offset + i * Integer.BYTES, words[i]);
        }
        return offset + words.length * Integer.BYTES;
    }
}
