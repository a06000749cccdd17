import Glibc

/// Lets others have the core who wait for it: called every tenth of a millisecond or so by work that takes long.
///
/// The kernel takes the core from a thread at a clock tick, 4 ms or 10 ms apart, if it doesn't give it up before. Whoever
/// reads a million lines while the proxy is busy gives it up.
func giveWay() {
    sched_yield()
}
