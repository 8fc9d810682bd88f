package org.jvmipc.internal.posix;

/** {@code spawn.h}, {@code sys/wait.h}: starting processes and waiting for them. */
final class Spawn {
    /** Room for {@code posix_spawn_file_actions_t} (80 bytes in the GNU library). */
    static final int FILE_ACTIONS_BYTES = 256;
    /** Room for {@code posix_spawnattr_t} (336 bytes in the GNU library). */
    static final int ATTRIBUTES_BYTES = 1024;

    static final short POSIX_SPAWN_SETSIGDEF = 0x04;
    static final short POSIX_SPAWN_SETSIGMASK = 0x08;
    static final int WNOHANG = 1;

    static {
        NativeLibraryLoader.bind(Spawn.class);
    }

    private Spawn() {}

    /** {@code posix_spawn(3)}: 0, or the errno as its value. path ends in a zero byte, pid: int. */
    static native int posix_spawn(
            long pid, byte[] path, long actions, long attributes, long arguments, long environment);

    /** {@code posix_spawn_file_actions_init(3)}. */
    static native int posix_spawn_file_actions_init(long actions);

    /** {@code posix_spawn_file_actions_destroy(3)}. */
    static native int posix_spawn_file_actions_destroy(long actions);

    /** {@code posix_spawn_file_actions_adddup2(3)}. */
    static native int posix_spawn_file_actions_adddup2(long actions, int from, int to);

    /** {@code posix_spawn_file_actions_addchdir_np(3)}, from version 2.29 of the GNU library; path ends in a zero byte. */
    static native int posix_spawn_file_actions_addchdir_np(long actions, byte[] path);

    /** {@code posix_spawn_file_actions_addclosefrom_np(3)}, from version 2.34 of the GNU library. */
    static native int posix_spawn_file_actions_addclosefrom_np(long actions, int from);

    /** {@code posix_spawnattr_init(3)}. */
    static native int posix_spawnattr_init(long attributes);

    /** {@code posix_spawnattr_destroy(3)}. */
    static native int posix_spawnattr_destroy(long attributes);

    /** {@code posix_spawnattr_setflags(3)}. */
    static native int posix_spawnattr_setflags(long attributes, short flags);

    /** {@code posix_spawnattr_setsigmask(3)}; mask: {@code sigset_t}. */
    static native int posix_spawnattr_setsigmask(long attributes, long mask);

    /** {@code posix_spawnattr_setsigdefault(3)}; signals: {@code sigset_t}. */
    static native int posix_spawnattr_setsigdefault(long attributes, long signals);

    /** {@code waitpid(2)}; status: int. */
    static native int waitpid(int pid, long status, int options);
}
