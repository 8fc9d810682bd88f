/*
 * The condition of docs/protocols/segment.md: a sequence with a bit that somebody waits, which is the futex, beside a mutex.
 *
 * The mutex is that of mutex.pml, and stands here as what that model shows it to be: what is done with it held is one step. Two
 * consumers (or CONSUMERS, at most 3) take an item each; consumer 0 may run out of time, and goes without. Two producers bring as many
 * items together, and signal after each, without the mutex. Consumers and producers may vanish after any step that makes a
 * difference for the others, MAX_CRASHES in all; what a producer was still to bring another one brings. The kernel wakes whom it
 * likes. Repair wakes all. With -DHELD producers count up with the mutex held, and wake when they have given it.
 *
 * Checked: nobody sleeps for ever though there is an item for him (no invalid end state). With -DCONSUMERS=3 -DLATE a waiter reads the
 * sequence after he has given the mutex, with -DCONSUMERS=3 -DCLEARS a signal that finds nobody asleep takes the bit away and wakes
 * nobody who has come meanwhile: Spin finds the sleeper whom nobody wakes.
 */
#define N 3
#ifndef CONSUMERS
#define CONSUMERS 2
#endif
#ifndef MAX_CRASHES
#define MAX_CRASHES 2
#endif

byte items = 0;
byte sequence = 0;
bool waiters = false;
bool asleep[N];
bool dead[N];
bool repaired[N];
byte broken = 0; /* producers that have vanished before a wake-up */
byte crashes = 0;

inline wake_one(found) {
    atomic {
        if
        :: asleep[0] -> asleep[0] = false; found = true
        :: asleep[1] -> asleep[1] = false; found = true
        :: asleep[2] -> asleep[2] = false; found = true
        :: !asleep[0] && !asleep[1] && !asleep[2] -> found = false
        fi
    }
}

#define WAKE_ALL asleep[0] = false; asleep[1] = false; asleep[2] = false

/* In the step that it follows. */
inline crash() {
    if
    :: crashes < MAX_CRASHES -> crashes++; dead[me] = true; asleep[me] = false; goto vanished
    :: true
    fi
}

proctype Consumer(byte me) {
    byte seen = 0;
    bool leaves = false;

lock:
    atomic {
        seen = 0;
        if
        :: items > 0 -> items--; goto vanished
        :: items == 0 && leaves -> goto vanished
        :: items == 0 && !leaves -> seen = sequence; waiters = true; crash()
        fi
    }
#ifdef LATE
    seen = sequence;
#endif
    /* the kernel compares and puts to sleep in one step */
    asleep[me] = (sequence == seen && waiters);
    do
    :: !asleep[me] -> break
    :: me == 0 -> atomic { asleep[me] = false; leaves = true }; break
    :: crashes < MAX_CRASHES -> atomic { crash() }
    od;
    goto lock;

vanished:
    atomic { seen = 0; leaves = false; }
}

/* What a producer that has vanished was still to do another one does: but not the wake-up. */
inline lost() {
    if
    :: crashes < MAX_CRASHES -> crashes++; broken++; goto next
    :: true
    fi
}

proctype Producer(byte left) {
    byte mine = 0;
    bool found = false;

next:
    atomic {
        mine = 0;
        found = false;
        if
        :: left == 0 -> goto done
        :: else -> items++; left--
        fi;
#ifdef HELD
        if
        :: !waiters -> goto next
        :: waiters -> sequence++; mine = sequence; lost(); goto wake
        fi
#endif
    }
    atomic {
        if
        :: !waiters -> goto next
        :: else
        fi
    }
    atomic { sequence++; mine = sequence; waiters = true; lost() };
wake:
    wake_one(found);
    atomic {
        if
        :: found -> goto next
        :: else
        fi
    }
    atomic {
        if
#ifdef CLEARS
        :: sequence == mine && waiters -> waiters = false; goto next
#else
        :: sequence == mine && waiters -> sequence++; waiters = false; lost()
#endif
        :: else -> goto next
        fi
    }
    atomic { WAKE_ALL; goto next };
done:
    skip
}

proctype Repairer() {
    byte victim = 0;
end:
    do
    :: dead[0] && !repaired[0] -> victim = 0; goto repair
    :: dead[1] && !repaired[1] -> victim = 1; goto repair
    :: dead[2] && !repaired[2] -> victim = 2; goto repair
    :: broken > 0 -> victim = N; goto repair
    od;
repair:
    atomic { sequence++; waiters = false };
    atomic { WAKE_ALL };
    atomic {
        if
        :: victim == N -> broken--
        :: else -> repaired[victim] = true
        fi;
        victim = 0;
        goto end
    }
}

init {
    atomic {
        run Consumer(0);
        run Consumer(1);
        if
        :: CONSUMERS > 2 -> run Consumer(2)
        :: else
        fi;
        run Producer(CONSUMERS - 1);
        run Producer(1);
        run Repairer()
    }
}
