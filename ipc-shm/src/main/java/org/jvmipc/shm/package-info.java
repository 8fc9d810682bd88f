/**
 * Shared memory: the same physical memory in several processes, at the level of a storage area and of data structures.
 */
@NullMarked
package org.jvmipc.shm;

import org.jspecify.annotations.NullMarked;
