/**
 * What a mechanism implements to appear behind an address: {@link org.jvmipc.spi.Scheme}, {@link org.jvmipc.spi.Transport}, {@link org.jvmipc.spi.Pollable}.
 */
@NullMarked
package org.jvmipc.spi;

import org.jspecify.annotations.NullMarked;
