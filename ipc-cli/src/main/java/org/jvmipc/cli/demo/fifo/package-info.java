/**
 * The demo of the named pipe: {@link org.jvmipc.cli.demo.fifo.FifoWriter} and
 * {@link org.jvmipc.cli.demo.fifo.FifoReader} are the unrelated processes to read,
 * {@link org.jvmipc.cli.demo.fifo.FifoParent} starts them and tells them when.
 */
@NullMarked
package org.jvmipc.cli.demo.fifo;

import org.jspecify.annotations.NullMarked;
