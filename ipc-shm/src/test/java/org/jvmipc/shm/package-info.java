/** Tests of shared memory. */
@NullMarked
package org.jvmipc.shm;

import org.jspecify.annotations.NullMarked;
