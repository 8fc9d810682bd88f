/**
 * The demo of the file lock: {@link org.jvmipc.cli.demo.lock.LockWriter} and {@link org.jvmipc.cli.demo.lock.LockReader} use a
 * {@link org.jvmipc.shm.sync.FileMutex}, {@link org.jvmipc.cli.demo.lock.FileLockWriter} a
 * {@link java.nio.channels.FileLock} on the same file; {@link org.jvmipc.cli.demo.lock.LockParent} starts them.
 */
@NullMarked
package org.jvmipc.cli.demo.lock;

import org.jspecify.annotations.NullMarked;
