/// An answer that is at hand.
struct KnownAnswer {
    let resolution: Resolution
    /// Whoever gets it is to see to it that the name is asked for again. Said once.
    var needsRefresh = false
}
