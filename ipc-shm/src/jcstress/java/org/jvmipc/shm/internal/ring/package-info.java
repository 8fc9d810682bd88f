/** What the order of a ring's loads and stores allows, tried out with jcstress: see {@code CONTRIBUTING.md}. */
@NullMarked
package org.jvmipc.shm.internal.ring;

import org.jspecify.annotations.NullMarked;
