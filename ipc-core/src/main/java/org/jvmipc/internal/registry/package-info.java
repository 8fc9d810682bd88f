/**
 * Who made which named object, and what is left of the dead: a directory of small text files, one per object, read and
 * written without any daemon. {@link org.jvmipc.internal.registry.Registry} is the way in,
 * {@link org.jvmipc.internal.registry.RegistryLayout} the format. Not for applications; it changes without notice.
 */
@NullMarked
package org.jvmipc.internal.registry;

import org.jspecify.annotations.NullMarked;
