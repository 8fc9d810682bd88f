/**
 * What a mechanism implements to appear behind an address: {@link org.jvmipc.spi.Scheme} with what it tells in
 * {@link org.jvmipc.spi.Survey} and {@link org.jvmipc.spi.Removal}, {@link org.jvmipc.spi.Transport}, {@link org.jvmipc.spi.Pollable}.
 */
@NullMarked
package org.jvmipc.spi;

import org.jspecify.annotations.NullMarked;
