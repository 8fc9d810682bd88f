@NullMarked
package org.jvmipc.shm.internal.ring;

import org.jspecify.annotations.NullMarked;
