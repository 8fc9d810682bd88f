/** Tests of what waits. */
@NullMarked
package org.jvmipc.shm.sync;

import org.jspecify.annotations.NullMarked;
