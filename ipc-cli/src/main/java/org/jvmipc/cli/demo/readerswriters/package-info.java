/**
 * The demo of readers and writers: {@link org.jvmipc.cli.demo.readerswriters.RecordReader} and
 * {@link org.jvmipc.cli.demo.readerswriters.RecordWriter} are the processes to read, of which several use one record in shared
 * memory; {@link org.jvmipc.cli.demo.readerswriters.RecordParent} starts them, and kills one that is at it.
 */
@NullMarked
package org.jvmipc.cli.demo.readerswriters;

import org.jspecify.annotations.NullMarked;
