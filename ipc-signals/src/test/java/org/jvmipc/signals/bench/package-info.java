/** Measurements by hand; config/bench runs them. */
@NullMarked
package org.jvmipc.signals.bench;

import org.jspecify.annotations.NullMarked;
