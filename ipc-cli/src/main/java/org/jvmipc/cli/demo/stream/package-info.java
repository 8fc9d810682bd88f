/**
 * The demos of the stream sockets, TCP and of the Unix domain: {@link org.jvmipc.cli.demo.stream.StreamServer} and
 * {@link org.jvmipc.cli.demo.stream.StreamClient} are the processes to read,
 * {@link org.jvmipc.cli.demo.stream.StreamParent} starts them and tells them when.
 */
@NullMarked
package org.jvmipc.cli.demo.stream;

import org.jspecify.annotations.NullMarked;
