/**
 * The shared interior of the toolkit's modules: deadlines, framing, directories. Not for applications; it changes without notice.
 */
@NullMarked
package org.jvmipc.internal;

import org.jspecify.annotations.NullMarked;
