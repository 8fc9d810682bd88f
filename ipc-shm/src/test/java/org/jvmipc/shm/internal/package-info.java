/** Tests of how shared memory is laid out. */
@NullMarked
package org.jvmipc.shm.internal;

import org.jspecify.annotations.NullMarked;
