/*
 * The mutex of docs/protocols/segment.md: one word that is 0 or its owner, with a bit that somebody waits, and a futex on it.
 *
 * N processes lock and unlock it; any of them may vanish before any step, MAX_CRASHES in all; process 0 may also run out of
 * time while it sleeps. Whoever repairs is modelled as one process that may have to begin again from its first step at any
 * point, as the next one would if the repairer vanished.
 *
 * Checked: never two live holders; nobody sleeps for ever (no invalid end state); every death with the mutex held is told.
 */
#define N 3
#define MAX_CRASHES 1
#define MAX_RESTARTS 1

byte owner = 0;         /* 0 free, else number of the process + 1 */
bool waiters = false;   /* the highest bit of the word */
bool news = false;      /* the last holder died with it */
bool owed = false;      /* a holder died, and nobody was told yet */
bool asleep[N];
bool dead[N];
bool repaired[N];
byte crashes = 0;
byte restarts = 0;
byte running = N;
byte inside = 0;

inline crash() {
    if
    :: crashes < MAX_CRASHES -> atomic { crashes++; dead[me] = true; asleep[me] = false; goto vanished }
    :: true
    fi
}

/* The same while the word is held: what is guarded may be half changed. */
inline crash_holding() {
    if
    :: crashes < MAX_CRASHES -> atomic { crashes++; dead[me] = true; inside--; owed = true; goto vanished }
    :: true
    fi
}

inline wake_one() {
    atomic {
        if
        :: asleep[0] -> asleep[0] = false
        :: asleep[1] -> asleep[1] = false
        :: asleep[2] -> asleep[2] = false
        :: else
        fi
    }
}

inline wake_all() {
    atomic { asleep[0] = false; asleep[1] = false; asleep[2] = false }
}

proctype Locker(byte me) {
    byte seen;
    bool flag;
    bool slept = false;
    bool leaves = false;
    bool got = false;

    /* the compare-and-set of a free mutex; what it takes it holds from that very step */
    atomic {
        if
        :: owner == 0 && !waiters -> owner = me + 1; got = true; inside++; assert(inside == 1)
        :: else
        fi
    }
    do
    :: got -> break
    :: else ->
        crash();
        atomic { seen = owner; flag = waiters }
        crash();
        if
        :: seen == 0 ->
            atomic {
                if
                :: owner == 0 && waiters == flag ->
                    owner = me + 1; waiters = (slept || flag); got = true; inside++; assert(inside == 1)
                :: else
                fi
            }
        :: else ->
            if
            :: !flag ->
                atomic {
                    if
                    :: owner == seen && !waiters -> waiters = true; flag = true
                    :: else
                    fi
                }
            :: else
            fi;
            crash();
            if
            :: flag ->
                /* futex wait: the kernel compares and puts to sleep in one step */
                atomic { asleep[me] = (owner == seen && waiters); seen = 0; flag = false }
                do
                :: !asleep[me] -> break
                :: me == 0 -> atomic { asleep[me] = false; leaves = true }; break
                :: crashes < MAX_CRASHES -> atomic { crashes++; dead[me] = true; asleep[me] = false; goto vanished }
                od;
                slept = true
            :: else
            fi;
            if
            :: leaves -> goto pass_on
            :: else
            fi
        fi
    od;

    if
    :: news -> atomic { news = false; owed = false }
    :: else -> assert(!owed)    /* a death is told to the very next holder */
    fi;
    crash_holding();

    do
    :: atomic { seen = owner; flag = waiters }
        assert(seen == me + 1);
        crash_holding();
        atomic {
            if
            :: owner == me + 1 && waiters == flag -> inside--; owner = 0; waiters = false; break
            :: else
            fi
        }
    od;
    crash();
    if
    :: flag -> wake_one()
    :: else
    fi;
    goto finished;

pass_on:    /* it may have been woken, and does not want the word any more */
    do
    :: atomic { seen = owner; flag = waiters }
        crash();
        if
        :: seen == 0 -> wake_one(); break
        :: seen != 0 && flag -> break
        :: else ->
            atomic {
                if
                :: owner == seen && waiters == flag -> waiters = true; break
                :: else
                fi
            }
        fi
    od;

finished:
    atomic { seen = 0; flag = false; slept = false; leaves = false; got = false; running-- };
    goto done;
vanished:
    atomic { seen = 0; flag = false; slept = false; leaves = false; got = false; running-- };
done:
    skip
}

proctype Repairer() {
    byte victim = 0;
again:
    victim = 0;
end:
    do
    :: dead[0] && !repaired[0] -> victim = 0; goto repair
    :: dead[1] && !repaired[1] -> victim = 1; goto repair
    :: dead[2] && !repaired[2] -> victim = 2; goto repair
    :: running == 0 && (!dead[0] || repaired[0]) && (!dead[1] || repaired[1]) && (!dead[2] || repaired[2]) -> break
    od;
    goto done;
repair:
    if
    :: owner == victim + 1 -> news = true
    :: else
    fi;
    if :: restarts < MAX_RESTARTS -> restarts++; goto again :: true fi;
    atomic {
        if
        :: owner == victim + 1 -> owner = 0; waiters = false
        :: else
        fi
    }
    if :: restarts < MAX_RESTARTS -> restarts++; goto again :: true fi;
    wake_all();
    if :: restarts < MAX_RESTARTS -> restarts++; goto again :: true fi;
    repaired[victim] = true;
    goto again;
done:
    skip
}

init {
    atomic { run Locker(0); run Locker(1); run Locker(2); run Repairer() }
}
