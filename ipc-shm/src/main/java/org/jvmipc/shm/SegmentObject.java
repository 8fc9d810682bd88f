package org.jvmipc.shm;

/**
 * An object in a segment.
 *
 * @param name its name
 * @param type what it is: {@code area}, {@code mutex}, {@code semaphore}, {@code ring}; {@code unknown} if a later version made it
 * @param offset where it begins, in bytes from the beginning of the file
 * @param sizeBytes its size
 */
public record SegmentObject(String name, String type, long offset, long sizeBytes) {}
