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

    /** What this kind of object can do; where objects differ, what one can that was made with the defaults. */
    Set<Capability> capabilities();

    /**
     * What an object can do, where objects of this scheme differ. It is not disturbed.
     *
     * @throws IOException if there is no such object
     */
    default Set<Capability> capabilities(Address address) throws IOException {
        return capabilities();
    }

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

    /**
     * Looks at all that is in the object, however long that takes, and changes nothing.
     *
     * @throws UnsupportedMechanismException if objects of this scheme hold nothing that could be damaged
     * @throws IOException if there is no such object
     */
    default Check check(Address address) throws IOException {
        throw new UnsupportedMechanismException(address + ": " + name() + " holds nothing to check");
    }

    /** The objects of this scheme that this user has made and can name. */
    List<Address> list() throws IOException;

    /**
     * Removes the object's name. Who uses it is not asked; {@link #users} tells.
     *
     * @return false if there was none
     */
    boolean remove(Address address) throws IOException;

    /**
     * What was settled when the object was created, as parameters of this scheme; what an address that opens it leaves out
     * is taken from there. Cheap: nobody who uses the object is looked for.
     *
     * @return empty if there is no such object, or nothing is recorded of it
     */
    default Map<String, String> settings(Address address) throws IOException {
        return Map.of();
    }

    /**
     * The live processes that have a claim on the object: that have it open, or own one that lives as long as they
     * ({@link org.jvmipc.Lifetime#OWNED}). This process is not among them unless it owns it.
     *
     * @return pids, in ascending order; of processes that this user may look into
     */
    default List<Long> users(Address address) throws IOException {
        return List.of();
    }

    /** The objects of this scheme that this user has made, and how things stand with each. */
    default Survey survey() throws IOException {
        return new Survey(List.of(), List.of());
    }

    /**
     * Removes what the dead have left of this scheme: objects whose owner is proven dead and that nobody uses, what a killed
     * creator did not finish, records of what is gone. What is alive, kept, or not this user's is never touched; of several
     * who do this at once one removes each.
     *
     * @param dryRun whether to tell only what would be done
     * @return what became of each that was left over
     */
    default List<Removal> removeStale(boolean dryRun) throws IOException {
        return List.of();
    }
}
