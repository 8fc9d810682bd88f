/**
 * The verbs that look after objects: {@code create}, {@code ls}, {@code inspect}, {@code rm}. They know schemes only by their
 * SPI.
 */
@NullMarked
package org.jvmipc.cli.manage;

import org.jspecify.annotations.NullMarked;
