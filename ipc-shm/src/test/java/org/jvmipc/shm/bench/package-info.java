/** How fast what waits is; run by hand. */
@NullMarked
package org.jvmipc.shm.bench;

import org.jspecify.annotations.NullMarked;
