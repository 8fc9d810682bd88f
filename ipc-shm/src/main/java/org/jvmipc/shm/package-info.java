/**
 * Shared memory: nothing is here yet.
 *
 * <p>Here will live mapped memory areas, the segment that knows which processes are attached to it and repairs what
 * a killed one leaves behind, shared variables, and ring buffers; under {@code .sync} everything that waits: mutexes,
 * semaphores, conditions, barriers, latches and events between processes.
 */
@NullMarked
package org.jvmipc.shm;

import org.jspecify.annotations.NullMarked;
