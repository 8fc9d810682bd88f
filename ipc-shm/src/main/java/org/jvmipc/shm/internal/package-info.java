/** How shared memory is touched, laid out and repaired. Start with {@link org.jvmipc.shm.internal.Words}. */
@NullMarked
package org.jvmipc.shm.internal;

import org.jspecify.annotations.NullMarked;
