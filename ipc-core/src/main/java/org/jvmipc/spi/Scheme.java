package org.jvmipc.spi;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jvmipc.Address;
import org.jvmipc.Capability;
import org.jvmipc.UnsupportedMechanismException;

/**
 * One address scheme: how its objects are made, looked at and removed. Found with {@link java.util.ServiceLoader}; a
 * provider has a public constructor without arguments that does nothing costly.
 *
 * <p><b>Thread safety.</b> Implementations are stateless.
 */
public interface Scheme {
    /** The scheme's name, such as {@code fifo}: small letters, without the colon. */
    String name();

    /** What this kind of object can do. */
    Set<Capability> capabilities();

    /** The query keys that an address of this scheme may carry, each with one line of explanation. */
    Map<String, String> parameters();

    /**
     * Creates the object, which must not exist.
     *
     * @return its canonical address, without the parameters that only creation needs
     * @throws UnsupportedMechanismException if objects of this scheme are not made by name
     */
    Address create(Address address) throws IOException;

    /** Whether the object exists now. */
    boolean exists(Address address) throws IOException;

    /**
     * What can be said of the object without disturbing it: names in the order in which to show them, and values.
     *
     * @throws IOException if there is no such object
     */
    Map<String, Object> inspect(Address address) throws IOException;

    /** The objects of this scheme that this user has made and can name. */
    List<Address> list() throws IOException;

    /**
     * Removes the object's name.
     *
     * @return false if there was none
     */
    boolean remove(Address address) throws IOException;
}
